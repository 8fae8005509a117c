import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  codes,
  ownCodes,
  privateScheme,
  taskCodes,
  template,
  units,
} from "../../../../src/evidence/predict/documents/codes.ts";
import type { Code } from "../../../../src/imaging/formats/dicom/index.ts";
import { python, pythonModule } from "../../../imaging/formats/dicom/write/peers.ts";

const own = [...Object.values(ownCodes), ...Object.values(taskCodes).flatMap((task) => Object.values(task))];
const foreign: Code[] = [...Object.values(template), ...Object.values(codes), ...Object.values(units)];

test("values fit SH, meanings LO, and each of ours is one concept", () => {
  for (const [value, scheme, meaning] of [...own, ...foreign]) {
    expect(value.length).toBeLessThanOrEqual(16);
    expect(scheme.length).toBeLessThanOrEqual(16);
    expect(meaning.length).toBeLessThanOrEqual(64);
  }
  expect(new Set(own.map(([, scheme]) => scheme))).toEqual(new Set([privateScheme.designator]));
  expect(new Set(own.map(([value]) => value)).size).toBe(own.length);
  expect(new Set(foreign.map(([, scheme]) => scheme))).not.toContain(privateScheme.designator);
});

test("docs/outputs.md lists each of ours with its meaning, and the scheme", () => {
  const page = readFileSync(new URL("../../../../docs/outputs.md", import.meta.url), "utf8");
  const listed = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm)].map(
    ([, value, meaning]) => `${value} ${meaning}`,
  );
  expect(listed.toSorted()).toEqual(own.map(([value, , meaning]) => `${value} ${meaning}`).toSorted());
  expect(page).toContain(privateScheme.designator);
  expect(page).toContain(privateScheme.uid);
});

/** Not in PS3.16: verified in SNOMED CT, LOINC, RFC 5646 and UCUM themselves. UMLS is not in pydicom's tables. */
const elsewhere = ["126880001", "18639004", "9846003", "41806-1", "en", "C0034375", "mL", "{score}"];

describe.skipIf(!pythonModule("pydicom"))("pydicom's tables of PS3.16", () => {
  test("have every public code with its meaning", () => {
    const script = `
import json, sys
from pydicom.sr._concepts_dict import concepts
found = {}
for scheme, names in concepts.items():
    for entry in names.values():
        for value, (meaning, cids) in entry.items():
            found.setdefault(scheme + "|" + value, []).append(meaning)
print(json.dumps([found.get(key, []) for key in json.loads(sys.argv[1])]))`;
    const listed = foreign.filter(([value]) => !elsewhere.includes(value));
    const meanings = python<string[][]>(script, [
      JSON.stringify(listed.map(([value, scheme]) => `${scheme}|${value}`)),
    ]);
    const wrong = listed.filter(([, , meaning], n) => !meanings[n].includes(meaning));
    expect(wrong).toEqual([]);
    expect(listed.length).toBeGreaterThan(40);
  });
});
