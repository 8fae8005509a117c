import fc from "fast-check";
import { expect, test } from "vitest";
import { subgroupRows, subgroupsOf } from "../../../../src/evidence/experiment/checks/subgroups.ts";
import { auc } from "../../../../src/numerics/stats/index.ts";
import { studyTasks } from "../../../../src/patients/cohort/tasks.ts";
import { caseOf, someCases } from "../../../patients/cohort/arbitrary.ts";

test("levels of one property share no case; a case in none has the property unknown", () => {
  fc.assert(
    fc.property(someCases(), (cases) => {
      const groups = Map.groupBy(subgroupsOf(cases), ({ subgroup }) => subgroup);
      for (const c of cases)
        for (const [subgroup, levels] of groups) {
          const inside = levels.filter(({ holds }) => holds(c)).length;
          const known = new Map<string, unknown>([
            ["size", c.sizeMm],
            ["sex", c.sex],
            ["age", c.age],
            ["phases", c.images],
            ["centre", c.center],
          ]);
          expect(inside).toBe(known.get(subgroup) === undefined ? 0 : 1);
        }
    }),
    { numRuns: 50 },
  );
});

test("the bounds of size and age are those of the names", () => {
  const level = (more: object, subgroup: string) =>
    subgroupsOf([]).find((g) => g.subgroup === subgroup && g.holds(caseOf("c", more)))?.level;
  expect([40, 40.1, 70, 70.1].map((sizeMm) => level({ sizeMm }, "size"))).toEqual([
    "≤ 4 cm",
    "> 4 to 7 cm",
    "> 4 to 7 cm",
    "> 7 cm",
  ]);
  expect([59.9, 60].map((age) => level({ age }, "age"))).toEqual(["< 60 years", "≥ 60 years"]);
});

test("a figure only where both classes have enough cases, on the subgroup's cases alone", () => {
  const cases = Array.from({ length: 30 }, (_, i) =>
    caseOf(`c${i}`, {
      sex: i < 20 ? "female" : "male",
      stage: i % 4 === 0 ? "III" : "I",
    }),
  );
  const score = (i: number) => Math.sin(i * 12.9);
  const logits = new Map(cases.map((c, i) => [c.case, { stage: score(i) }]));
  const rows = subgroupRows(cases, studyTasks, [{ name: "mtdl", logits }]).filter(
    (row) => row.task === "stage" && row.subgroup === "sex",
  );
  const females = cases.slice(0, 20);
  const expected = auc(
    females.map((_, i) => Number(i % 4 === 0)),
    females.map((_, i) => score(i)),
  );
  expect(rows[0]).toMatchObject({ level: "female", n: 20, positives: 5, note: "" });
  expect(rows[0].auc?.value).toBeCloseTo(expected, 12);
  // 20, 24 and 28: three of ten.
  expect(rows[1]).toMatchObject({ level: "male", n: 10, positives: 3, auc: null });
  expect(rows[1].note).toMatch(/too few/);
});

test("classes that lie apart have no interval", () => {
  const cases = Array.from({ length: 12 }, (_, i) =>
    caseOf(`c${i}`, { age: 70, stage: i % 2 ? "III" : "I" }),
  );
  const logits = new Map(cases.map((c, i) => [c.case, { stage: i % 2 }]));
  const row = subgroupRows(cases, studyTasks, [{ name: "m", logits }]).find(
    (r) => r.task === "stage" && r.auc,
  );
  expect(row).toMatchObject({ level: "≥ 60 years", auc: { value: 1, ci: null } });
});
