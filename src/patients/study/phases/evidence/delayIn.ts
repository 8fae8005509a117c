/**
 * Seconds of a delay written in a text: `35s`, `70 sec`, `5 min`, `8'`, `1 min 30`, `30秒`. Undefined where there is none that can be
 * meant: slice thicknesses in mm, times of rotation, years are none.
 * @param text lower case, without accents
 */
export function delayIn(text: string): number | undefined {
  const minutes =
    /(?<![\d.,])(\d{1,2}(?:[.,]\d)?)[ -]*(?:min(?!ip)\w*|'(?!')|′|分)\.?(?: ?(\d{1,2}) ?(?:s|sec)(?![a-z]))?/u.exec(
      text,
    );
  if (minutes) {
    const [, whole, rest = "0"] = minutes;
    return within(60 * Number(whole.replace(",", ".")) + Number(rest), 60, 1800);
  }
  const seconds =
    /(?<![\d.,])(\d{2,3})[ -]*(?:(?:s|se[ckg]|se[ckg]s|seg|segs|segundos?|secondes?|secondi|seconds?|seconden|sekunden|sek)(?![a-z])|''|"|″|秒)/u.exec(
      text,
    );
  return seconds ? within(Number(seconds[1]), 10, 900) : undefined;
}

const within = (x: number, low: number, high: number) => (x >= low && x <= high ? x : undefined);
