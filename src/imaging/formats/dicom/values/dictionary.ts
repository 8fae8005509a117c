import { type Attribute, attributes } from "./attributes.ts";

let kept: ReadonlyMap<string, Attribute> | undefined;

/** All attributes, by tag of eight hexadecimal digits. Loaded at the first use: it takes a tenth of a second, and most files need none of it. */
export const allAttributes = (): ReadonlyMap<string, Attribute> => (kept ??= attributes());

/** Undefined where the attribute is private or unknown. @param tag eight hexadecimal digits */
export const attributeOf = (tag: string): Attribute | undefined => allAttributes().get(tag);

/** An attribute for who reads a remark: `Rescale Slope (0028,1053)`. @param tag as dicom-parser writes it: `x00281053` */
export function named(tag: string): string {
  const number = tag.slice(1);
  const words = attributeOf(number)?.keyword.replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2");
  return `${words ?? "Attribute"} (${number.slice(0, 4)},${number.slice(4)})`;
}
