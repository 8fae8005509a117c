import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** An attribute of PS3.6. */
interface Attribute {
  /** Value representation; in small letters where PS3.6 gives more than one (`xs`, `ox`). */
  readonly vr: string;
  /** `RescaleSlope`. */
  readonly keyword: string;
}

interface Entry {
  readonly tag: string;
  readonly vr: string;
  readonly name: string;
}
interface Dictionary {
  readonly data: { readonly DicomMetaDictionary: { readonly nameMap: Record<string, Entry | undefined> } };
}

let attributes: ReadonlyMap<string, Attribute> | undefined;

/** Loaded at the first use: it takes a tenth of a second, and most files need none of it. */
function loaded(): ReadonlyMap<string, Attribute> {
  if (attributes) return attributes;
  const { nameMap } = (require("dcmjs") as Dictionary).data.DicomMetaDictionary;
  attributes = new Map(
    Object.entries(nameMap).flatMap(([name, entry]): [string, Attribute][] =>
      entry ? [[digits(entry.tag), { vr: entry.vr, keyword: name.replace(/^RETIRED_/, "") }]] : [],
    ),
  );
  return attributes;
}

const digits = (tag: string) => tag.replaceAll(/[(),]/g, "").toLowerCase();

/** Undefined where the attribute is private or unknown. @param tag eight hexadecimal digits */
export const attributeOf = (tag: string): Attribute | undefined => loaded().get(tag);

/** All attributes, by tag of eight hexadecimal digits. */
export const allAttributes = (): ReadonlyMap<string, Attribute> => loaded();

/** An attribute for who reads a remark: `Rescale Slope (0028,1053)`. @param tag as dicom-parser writes it: `x00281053` */
export function named(tag: string): string {
  const number = tag.slice(1);
  const words = attributeOf(number)?.keyword.replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2");
  return `${words ?? "Attribute"} (${number.slice(0, 4)},${number.slice(4)})`;
}
