import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { foldsOf, splitDevelopment } from "../../../src/patients/cohort/split.ts";
import { labelOf, studyTasks } from "../../../src/patients/cohort/tasks.ts";
import { caseOf, someCases } from "./arbitrary.ts";

const stratifyBy = studyTasks;
const names = (cases: readonly Case[]) => cases.map((c) => c.case);
const patients = (cases: readonly Case[]) => new Set(cases.map((c) => c.patient));
const shared = (a: readonly Case[], b: readonly Case[]) => [...patients(a)].filter((p) => patients(b).has(p));
const enough = fc
  .record({
    cases: someCases(4, 80, 17),
    validationFraction: fc.double({ min: 0.15, max: 0.6, noNaN: true }),
    seed: fc.nat(),
  })
  .filter(({ cases }) => patients(cases).size > 3);

describe("a split into training and validation cases", () => {
  test("keeps every case once and every patient on one side, whatever the labels", () => {
    fc.assert(
      fc.property(enough, ({ cases, ...options }) => {
        const { train, validation } = splitDevelopment(cases, { ...options, stratifyBy });
        expect(new Set([...train, ...validation])).toEqual(new Set(cases));
        expect(train.length + validation.length).toBe(cases.length);
        expect(shared(train, validation)).toEqual([]);
        expect(patients(validation).size).toBe(Math.round(options.validationFraction * patients(cases).size));
      }),
    );
  });

  test("depends on the seed alone, not on the order of the rows or on anything but patients and labels", () => {
    fc.assert(
      fc.property(enough, fc.nat(), ({ cases, ...options }, shuffle) => {
        const before = splitDevelopment(cases, { ...options, stratifyBy });
        const other = random(shuffle)
          .shuffle([...cases])
          .map((c) => ({ ...c, age: 50, mask: "other" }));
        const after = splitDevelopment(other, { ...options, stratifyBy });
        expect(names(after.validation).sort()).toEqual(names(before.validation).sort());
      }),
    );
  });

  test("each combination of labels is shared out to within one, each class of a task to within two", () => {
    fc.assert(
      fc.property(
        someCases(40, 200),
        fc.double({ min: 0.15, max: 0.5, noNaN: true }),
        fc.nat(),
        (cases, validationFraction, seed) => {
          const { validation } = splitDevelopment(cases, { validationFraction, seed, stratifyBy });
          const f = Math.round(validationFraction * cases.length) / cases.length;
          const joint = (c: Case) => studyTasks.map((task) => labelOf(task, c)).join();
          for (const [key, stratum] of Map.groupBy(cases, joint))
            expect(
              Math.abs(validation.filter((c) => joint(c) === key).length - f * stratum.length),
            ).toBeLessThan(1);
          for (const task of studyTasks)
            for (const label of [0, 1]) {
              const of = (list: readonly Case[]) => list.filter((c) => labelOf(task, c) === label).length;
              expect(Math.abs(of(validation) - f * of(cases))).toBeLessThan(2);
            }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("few positives of a task come to both sides", () => {
    for (let seed = 0; seed < 50; seed++) {
      const r = random(seed);
      const cases = Array.from({ length: 40 }, (_, i) =>
        caseOf(`c${i}`, {
          histology: r.uniform() < 0.75 ? "clear_cell" : "papillary",
          stage: i < 6 ? "III" : "I",
          complexity: r.uniform() < 0.25 ? "high" : "low",
        }),
      );
      const { train, validation } = splitDevelopment(cases, { validationFraction: 0.25, seed, stratifyBy });
      const advanced = (list: readonly Case[]) => list.filter((c) => c.stage === "III").length;
      expect(advanced(validation)).toBeGreaterThanOrEqual(1);
      expect(advanced(train)).toBeGreaterThanOrEqual(4);
    }
  });

  test("other seeds draw other patients, each about equally often", () => {
    const cases = Array.from({ length: 20 }, (_, i) => caseOf(`c${i}`));
    const drawn = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++)
      for (const { case: name } of splitDevelopment(cases, { validationFraction: 0.25, seed, stratifyBy })
        .validation)
        drawn.set(name, (drawn.get(name) ?? 0) + 1);
    expect(drawn.size).toBe(20);
    // 400 draws of 1 in 4: 100 each, SD 8.7.
    for (const n of drawn.values()) expect(Math.abs(n - 100)).toBeLessThan(40);
  });

  test("refuses what it cannot split", () => {
    const one = [caseOf("a"), { ...caseOf("b"), patient: "a" }];
    expect(() => splitDevelopment(one, { validationFraction: 0.5, seed: 1, stratifyBy })).toThrow(
      expect.objectContaining({ code: "E_TOO_FEW" }),
    );
    for (const validationFraction of [0, 1, -0.1, Number.NaN])
      expect(() =>
        splitDevelopment([caseOf("a"), caseOf("b")], { validationFraction, seed: 1, stratifyBy }),
      ).toThrow(expect.objectContaining({ code: "E_VALUE" }));
  });
});

describe("k folds", () => {
  test("each patient is validated on once", () => {
    fc.assert(
      fc.property(enough, fc.integer({ min: 2, max: 4 }), ({ cases, seed }, k) => {
        const folds = foldsOf(cases, { k, seed, stratifyBy });
        expect(folds).toHaveLength(k);
        expect(folds.flatMap((fold) => names(fold.validation)).sort()).toEqual(names(cases).sort());
        const sizes = folds.map((fold) => patients(fold.validation).size);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const { train, validation } of folds) expect(shared(train, validation)).toEqual([]);
      }),
    );
  });

  test("refuses fewer patients than folds, and folds that are none", () => {
    expect(() => foldsOf([caseOf("a"), caseOf("b")], { k: 3, seed: 1, stratifyBy })).toThrow(
      expect.objectContaining({ code: "E_TOO_FEW" }),
    );
    expect(() => foldsOf([caseOf("a"), caseOf("b")], { k: 1, seed: 1, stratifyBy })).toThrow(
      expect.objectContaining({ code: "E_VALUE" }),
    );
  });
});

describe("parts that the cases name", () => {
  const fixed = ["training", "training", "validation", "training"] as const;
  const cases = fixed.map((part, i) => caseOf(`c${i}`, { part }));
  const options = { validationFraction: 0.5, seed: 1, stratifyBy };

  test("are the split, whatever the fraction and the seed", () => {
    for (const seed of [1, 2, 3]) {
      const { train, validation } = splitDevelopment(cases, { ...options, seed });
      expect([names(train), names(validation)]).toEqual([["c0", "c1", "c3"], ["c2"]]);
    }
  });

  test.each([
    ["a case without one", [...cases, caseOf("c4")], "E_COHORT", /case c4 has no part/],
    ["all of one", cases.filter(({ part }) => part === "training"), "E_TOO_FEW", /all 3 cases/],
    [
      "a patient in both",
      cases.map((c) => ({ ...c, patient: "p" })),
      "E_COHORT",
      /patient p both trains and validates/,
    ],
  ])("%s is refused", (_, given, code, says) => {
    expect(() => splitDevelopment(given, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(says) }),
    );
  });
});
