import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  codes,
  codesOf,
  ownCodes,
  privateScheme,
  taskCodes,
  units,
} from "../../../../src/evidence/predict/documents/codes.ts";
import type { Code } from "../../../../src/imaging/formats/dicom/index.ts";
import { definitions } from "../../../../src/patients/cohort/tasks.ts";
import { pythonModule } from "../../../imaging/formats/dicom/write/peers.ts";
import { tooLong, unknownCodes } from "../../../imaging/formats/dicom/write/publicCodes.ts";
import { ownTasks } from "../aPrediction.ts";

const own = [...Object.values(ownCodes), ...Object.values(taskCodes).flatMap((task) => Object.values(task))];
const foreign: Code[] = [...Object.values(codes), ...Object.values(units)];

const page = readFileSync(new URL("../../../../docs/outputs.md", import.meta.url), "utf8");

test("values fit SH, meanings LO, and each of ours is one concept", () => {
  expect(tooLong([...own, ...foreign])).toEqual([]);
  expect(new Set(own.map(([, scheme]) => scheme))).toEqual(new Set([privateScheme.designator]));
  expect(new Set(own.map(([value]) => value)).size).toBe(own.length);
  expect(new Set(foreign.map(([, scheme]) => scheme))).not.toContain(privateScheme.designator);
});

test("codes of a cohort's own tasks fit as well, and are told from ours and each other", () => {
  const alike = ["upgrade_at_surgery", "upgrade_at_biopsy"].map((name) => ({ ...ownTasks[1], name }));
  const made = [...ownTasks, ...alike].flatMap((task) => Object.values(codesOf(task)));
  expect(tooLong(made)).toEqual([]);
  expect(new Set([...own, ...made].map(([value]) => value)).size).toBe(own.length + made.length);
  expect(codesOf(definitions.stage)).toBe(taskCodes.stage);
  // As docs/outputs.md says; the digits are those of `printf upgrade_at_surgery | sha256sum`.
  expect(codesOf(alike[0]).probability[0]).toBe("prob-upgr-252766");
  expect(page).toContain("`prob-upgr-252766`");
});

test("docs/outputs.md lists each of ours with its meaning, and the scheme", () => {
  const listed = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm)].map(
    ([, value, meaning]) => `${value} ${meaning}`,
  );
  expect(listed.toSorted()).toEqual(own.map(([value, , meaning]) => `${value} ${meaning}`).toSorted());
  expect(page).toContain(privateScheme.designator);
  expect(page).toContain(privateScheme.uid);
});

/** Not in PS3.16: verified in SNOMED CT, LOINC and UCUM themselves. */
const elsewhere = ["126880001", "18639004", "9846003", "41806-1", "mL", "{score}"];

describe.skipIf(!pythonModule("pydicom"))("pydicom's tables of PS3.16", () => {
  test("have every public code with its meaning", () => {
    const listed = foreign.filter(([value]) => !elsewhere.includes(value));
    expect(unknownCodes(listed)).toEqual([]);
    expect(listed.length).toBeGreaterThan(10);
  });
});
