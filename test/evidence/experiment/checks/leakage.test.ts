import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  type Fingerprint,
  type ModelCases,
  mustBeUnchanged,
  mustDiffer,
  mustNotLeak,
} from "../../../../src/evidence/experiment/checks/leakage.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-leakage-"));
afterAll(() => rmSync(folder, { recursive: true }));

const leak = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
  return "none";
};

const print = (name: string, more: Partial<Fingerprint> = {}): Fingerprint => ({
  case: name,
  patient: name,
  files: { mask: `file of ${name}` },
  voxels: { mask: `voxels of ${name}` },
  ...more,
});

test("one file, or one image packed otherwise, under two patients is refused; under one patient it passes", () => {
  expect(leak(() => mustDiffer([print("a"), print("b")]))).toBe("none");
  const copy = { files: { excretory: "file of a" } };
  expect(leak(() => mustDiffer([print("a"), print("b", copy)]))).toMatch(/^E_COHORT: a and b: .*excretory/);
  const repacked = { voxels: { mask: "voxels of a" } };
  expect(leak(() => mustDiffer([print("a"), print("b", repacked)]))).toMatch(/^E_COHORT: a and b/);
  expect(leak(() => mustDiffer([print("a"), print("b", { ...repacked, patient: "a" })]))).toBe("none");
});

test("a file that changed since the experiment began is refused; a new case is not", async () => {
  const path = join(folder, "fingerprints.json");
  await mustBeUnchanged(path, [print("a")]);
  await mustBeUnchanged(path, [print("a"), print("b")]);
  await expect(mustBeUnchanged(path, [print("a", { files: { mask: "other" } })])).rejects.toMatchObject({
    code: "E_COHORT",
    message: expect.stringContaining("a: its mask"),
  });
});

const cases = [
  ...["a1", "a2", "a3", "a4"].map((name) => caseOf(name, { center: "A" })),
  caseOf("a5", { center: "A", patient: "a4" }),
  caseOf("b1", { center: "B" }),
  caseOf("b2", { center: "B" }),
];
const developed = (names: readonly string[], validation: readonly string[] = []) =>
  names.map((name) => {
    const { case: id, patient, center } = cases.find((c) => c.case === name)!;
    return {
      case: id,
      patient,
      center,
      role: validation.includes(name) ? "validation" : "training",
    } as const;
  });
const check = (model: Partial<ModelCases>, all = cases) =>
  leak(() => mustNotLeak([{ model: "m", development: [], answered: [], ...model }], { cases: all }, "A"));

test("a model of the development centre, tested on others, passes", () => {
  expect(check({ development: developed(["a1", "a2", "a3"], ["a3"]), answered: ["a4", "b1", "b2"] })).toBe(
    "none",
  );
});

test("every way of a case into both is found", () => {
  expect(check({ development: developed(["a1", "a2"]), answered: ["a1"] })).toMatch(/E_COHORT.*case a1/);
  expect(check({ development: developed(["a1", "a4"]), answered: ["a5"] })).toMatch(/E_COHORT.*patient a4/);
  expect(check({ development: developed(["a4", "a5"], ["a5"]) })).toMatch(/E_COHORT.*trains and validates/);
  expect(check({ development: developed(["a1", "b1"]), answered: [] })).toMatch(/E_COHORT.*b1.*external/);
  expect(check({ development: developed(["a1"]), answered: ["z"] })).toMatch(/E_COHORT.*not in the cohort/);
  // The list may say A; the cohort knows better.
  const disguised = developed(["a1", "b1"]).map((c) => ({ ...c, center: "A" }));
  expect(check({ development: disguised })).toMatch(/E_COHORT.*b1/);
});

test("a model of all centres but one may be asked about that one alone", () => {
  const three = [...cases, caseOf("c1", { center: "C" })];
  const whole = ["a1", "a2", "a3", "a4", "a5", "b1", "b2"];
  expect(check({ development: developed(whole), answered: ["c1"] }, three)).toBe("none");
  const more = [...three, caseOf("a6", { center: "A" })];
  expect(check({ development: developed(whole), answered: ["c1"] }, more)).toMatch(/E_COHORT.*b1.*external/);
  expect(check({ development: developed(whole.slice(1)), answered: ["c1"] }, three)).toMatch(/b1.*external/);
  expect(check({ development: developed(whole), answered: ["c1", "b2"] }, three)).toMatch(
    /E_COHORT.*case b2/,
  );
});
