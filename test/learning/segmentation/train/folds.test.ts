import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dealtFolds, partsOf, readFolds } from "../../../../src/learning/segmentation/train/folds.ts";

const cases = (patients: readonly number[]) => patients.map((p, i) => ({ case: `c${i}`, patient: `p${p}` }));

test("every patient is in one fold, folds are even, and the cases' order does not matter", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(60), { minLength: 40 }),
      fc.integer({ min: 2, max: 5 }),
      fc.nat(),
      (of, k, seed) => {
        const all = cases(of);
        fc.pre(new Set(of).size >= k);
        const { folds } = dealtFolds(all, k, seed);
        expect(folds.flat().sort()).toEqual([...new Set(all.map((c) => c.patient))].sort());
        const sizes = folds.map((fold) => fold.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(dealtFolds(all.toReversed(), k, seed).folds).toEqual(folds);
      },
    ),
  );
});

test("no patient is in two parts", () => {
  const all = cases(Array.from({ length: 60 }, (_, i) => i % 25));
  const heldOut = dealtFolds(all, 5, 1).folds[2];
  const parts = partsOf(all, { seed: 1, validationFraction: 0.2 }, heldOut);
  const patients = Object.values(parts).map(
    (part: readonly { patient: string }[]) => new Set(part.map(({ patient }) => patient)),
  );
  expect(patients.map((set) => set.size)).toEqual([16, 4, 5]);
  expect(new Set(patients.flatMap((set) => [...set])).size).toBe(25);
  expect(Object.values(parts).flat().length).toBe(60);
});

test("a file of folds is held to the data's patients", async () => {
  const folder = await mkdtemp(join(tmpdir(), "folds-"));
  const path = join(folder, "folds.json");
  const write = (folds: unknown) => writeFile(path, JSON.stringify({ format: "trinephron-folds/1", folds }));
  const all = cases([1, 2, 3]);
  await write([["p1", "p3"], ["p2"]]);
  expect((await readFolds(path, all)).folds).toEqual([["p1", "p3"], ["p2"]]);
  for (const folds of [
    [["p1"], ["p2"]],
    [
      ["p1", "p3"],
      ["p2", "p1"],
    ],
    [
      ["p1", "p3"],
      ["p2", "p9"],
    ],
  ]) {
    await write(folds);
    await expect(readFolds(path, all)).rejects.toMatchObject({ code: "E_COHORT" });
  }
  await rm(folder, { recursive: true });
});
