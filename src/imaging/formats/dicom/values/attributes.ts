import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** An attribute of PS3.6. */
export interface Attribute {
  /** Value representation; in small letters where PS3.6 gives more than one (`xs`, `ox`). */
  readonly vr: string;
  /** `RescaleSlope`. */
  readonly keyword: string;
}

interface Entry {
  readonly tag: string;
  readonly vr: string;
}
interface Dictionary {
  readonly data: { readonly DicomMetaDictionary: { readonly nameMap: Record<string, Entry | undefined> } };
}

/** All attributes of PS3.6, by tag of eight hexadecimal digits. */
export function attributes(): ReadonlyMap<string, Attribute> {
  const { nameMap } = (require("dcmjs") as Dictionary).data.DicomMetaDictionary;
  return new Map(
    Object.entries(nameMap).flatMap(([name, entry]): [string, Attribute][] =>
      entry ? [[digits(entry.tag), { vr: entry.vr, keyword: name.replace(/^RETIRED_/, "") }]] : [],
    ),
  );
}

const digits = (tag: string) => tag.replaceAll(/[(),]/g, "").toLowerCase();
