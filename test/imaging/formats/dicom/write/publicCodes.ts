import type { Code } from "../../../../../src/imaging/formats/dicom/index.ts";
import { python } from "./peers.ts";

const script = `
import json, sys
from pydicom.sr._concepts_dict import concepts
found = {}
for scheme, names in concepts.items():
    for entry in names.values():
        for value, (meaning, cids) in entry.items():
            found.setdefault(scheme + "|" + value, []).append(meaning)
print(json.dumps([found.get(key, []) for key in json.loads(sys.argv[1])]))`;

/** Codes that pydicom's tables of PS3.16 lack or have with another meaning. */
export function unknownCodes(codes: readonly Code[]): Code[] {
  const keys = codes.map(([value, scheme]) => `${scheme}|${value}`);
  const meanings = python<string[][]>(script, [JSON.stringify(keys)]);
  return codes.filter(([, , meaning], n) => !meanings[n].includes(meaning));
}

/** Values that are too long for their attributes: 16 characters for SH, 64 for LO. */
export const tooLong = (codes: readonly Code[]): Code[] =>
  codes.filter(([value, scheme, meaning]) => value.length > 16 || scheme.length > 16 || meaning.length > 64);
