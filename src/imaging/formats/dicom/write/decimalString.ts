/** A number as DICOM's decimal string (DS): at most 16 characters, as exact as these allow (PS3.5 § 6.2). */
export function decimalString(value: number): string {
  const exact = String(value);
  if (exact.length <= 16) return exact;
  for (let digits = 16; digits > 1; digits--)
    for (const text of [String(Number(value.toPrecision(digits))), value.toExponential(digits - 1)])
      if (text.length <= 16) return text;
  return value.toExponential(0);
}
