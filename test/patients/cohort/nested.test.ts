import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { firstCases, nestedOrder } from "../../../src/patients/cohort/nested.ts";
import { labelOf, studyTasks } from "../../../src/patients/cohort/tasks.ts";
import { caseOf, someCases } from "./arbitrary.ts";

const stratifyBy = studyTasks;
const names = (cases: readonly Case[]) => cases.map((c) => c.case);

test("every patient stands in the order once, with all cases; draws lie within each other", () => {
  fc.assert(
    fc.property(someCases(1, 60, 17), fc.nat(), (cases, seed) => {
      const order = nestedOrder(cases, { seed, stratifyBy });
      expect(new Set(names(order.flat()))).toEqual(new Set(names(cases)));
      expect(order.flat().length).toBe(cases.length);
      for (const own of order) expect(new Set(own.map((c) => c.patient)).size).toBe(1);
      expect(order.length).toBe(new Set(cases.map((c) => c.patient)).size);
      const most = Math.max(...order.map((own) => own.length));
      let before: Case[] = [];
      for (let count = 0; count <= cases.length; count++) {
        const drawn = firstCases(order, count);
        expect(drawn.slice(0, before.length)).toEqual(before);
        expect(drawn.length).toBeLessThanOrEqual(count);
        expect(drawn.length).toBeGreaterThan(count - most);
        before = drawn;
      }
      expect(before.length).toBe(cases.length);
    }),
    { numRuns: 40 },
  );
});

test("depends on the seed alone, not on the order of the rows or on anything but patients and labels", () => {
  fc.assert(
    fc.property(someCases(1, 60, 17), fc.nat(), fc.nat(), (cases, seed, shuffle) => {
      const patients = (all: readonly Case[]) =>
        nestedOrder(all, { seed, stratifyBy }).map(([{ patient }]) => patient);
      const other = random(shuffle)
        .shuffle([...cases])
        .map((c) => ({ ...c, age: 50, mask: "other" }));
      expect(patients(other)).toEqual(patients(cases));
    }),
    { numRuns: 40 },
  );
});

test("of every beginning two strata have shares that one patient of each would make equal", () => {
  fc.assert(
    fc.property(someCases(20, 120), fc.nat(), (cases, seed) => {
      const stratum = (c: Case) => studyTasks.map((task) => labelOf(task, c)).join();
      const sizes = new Map([...Map.groupBy(cases, stratum)].map(([key, own]) => [key, own.length]));
      const drawn = new Map([...sizes.keys()].map((key) => [key, 0]));
      for (const [c] of nestedOrder(cases, { seed, stratifyBy })) {
        drawn.set(stratum(c), drawn.get(stratum(c))! + 1);
        const shares = [...sizes].map(([key, m]) => [drawn.get(key)!, m] as const);
        // The least share that a place leaves possible, and the greatest.
        const low = Math.max(...shares.map(([count, m]) => (count - 1) / m));
        const high = Math.min(...shares.map(([count, m]) => (count + 1) / m));
        expect(low).toBeLessThan(high);
      }
    }),
    { numRuns: 40 },
  );
});

test("over many seeds each patient is as often among the first quarter", () => {
  const cases = Array.from({ length: 24 }, (_, i) => caseOf(`c${i}`, { stage: i % 3 ? "I" : "III" }));
  const times = new Map(names(cases).map((name) => [name, 0]));
  for (let seed = 0; seed < 600; seed++)
    for (const name of names(firstCases(nestedOrder(cases, { seed, stratifyBy }), 6)))
      times.set(name, times.get(name)! + 1);
  // 600 draws of chance 1/4: mean 150, standard deviation 10.6.
  for (const count of times.values()) expect(Math.abs(count - 150)).toBeLessThan(43);
});
