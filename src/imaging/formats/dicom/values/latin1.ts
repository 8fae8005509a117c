/** Arguments that a call takes on any engine. */
const most = 8192;

/** The characters of ISO 8859-1; `TextDecoder` takes its name for that of Windows-1252. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at += most)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + most, end)));
  return text;
}
