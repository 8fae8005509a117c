import type { Stage } from "./case.ts";

/**
 * AJCC 8 stage group of a kidney cancer (Amin et al., AJCC Cancer Staging Manual, 8th edition, 2017, kidney chapter):
 * I = T1 N0 M0, II = T2 N0 M0, III = T3 N0 M0 or T1–3 N1 M0, IV = T4 or M1.
 *
 * A node or metastasis category that was not assessed (`x`, `na`, empty) counts as 0, as is usual for grouping:
 * so such a stage is the least it can be. Letters (`1a`, `pT3b`) do not matter; `3` alone is T3.
 *
 * @returns undefined where T is unknown (and no M1 or T4 decides), or is no invasive category (T0, Tis, Ta)
 */
export function stageGroup(
  t: string | undefined,
  n: string | undefined,
  m: string | undefined,
): Stage | undefined {
  const digit = (text: string | undefined) => /^[pcy]*[tnm]?([0-4])[a-d]?$/i.exec(text?.trim() ?? "")?.[1];
  const [category, nodes, metastases] = [digit(t), digit(n), digit(m)];
  if (metastases === "1" || category === "4") return "IV";
  if (category === undefined || category === "0") return undefined;
  if (category === "3" || nodes === "1") return "III";
  return category === "2" ? "II" : "I";
}
