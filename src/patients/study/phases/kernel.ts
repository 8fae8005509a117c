/** What a reconstruction kernel is for. Unknown names are taken for soft ones: most are. */
export type Kernel = "soft" | "sharp";

/**
 * Siemens B10–B49, I, Br, Hr, Qr (below 50) are soft, from 50 on sharp; Canon FC 1–29 soft, from 30 on bone and lung;
 * GE and Philips name theirs. After the makers' DICOM conformance statements.
 */
export function kernelOf(name: string | undefined, description = ""): Kernel {
  if (
    /(?<![a-z])(bone|lung|pulmo|lunge|knochen|os|hueso|pulmon|poumon|osso|polmone|bot|edge|sharp)(?![a-z])/i.test(
      description,
    )
  )
    return "sharp";
  if (name === undefined) return "soft";
  if (/bone|lung|edge|detail|sharp|^y[a-d]$|^l$|^d$|^e$/i.test(name.trim())) return "sharp";
  const canon = /^FC(\d+)/i.exec(name);
  if (canon) return Number(canon[1]) >= 30 ? "sharp" : "soft";
  const siemens = /^(?:B|I|U|T|H|Br|Bl|Bf|Bv|Hr|Qr|Ur)(\d{2})/i.exec(name);
  return siemens && Number(siemens[1]) >= 50 ? "sharp" : "soft";
}
