import { describe, expect, test } from "vitest";
import type { Case, Histology, Stage } from "../../../src/patients/cohort/case.ts";
import { classCounts, summarize } from "../../../src/patients/cohort/summary.ts";
import { table1 } from "../../../src/patients/cohort/table1.ts";
import { caseOf } from "./arbitrary.ts";

const repeat = <T>(...counts: [T, number][]): T[] => counts.flatMap(([value, n]) => Array<T>(n).fill(value));

const center = (
  name: string,
  age: number[],
  sizeMm: number[],
  sex: ("female" | "male" | undefined)[],
  histology: Histology[],
  stage: Stage[],
  necrosis: boolean[],
): Case[] =>
  age.map((years, i) => {
    const own = sex[i];
    return caseOf(`${name}${i}`, {
      center: name,
      age: years,
      sizeMm: sizeMm[i],
      histology: histology[i],
      stage: stage[i],
      necrosis: necrosis[i],
      ...(own && { sex: own }),
    });
  });

const cases = [
  ...center(
    "A",
    [61, 45, 70, 58, 66, 52, 73, 49, 60, 55],
    [42.5, 31, 88, 25, 60.5, 47, 102, 19, 38, 55],
    repeat(["female", 4], ["male", 6]),
    repeat(["clear_cell", 7], ["papillary", 2], ["chromophobe", 1]),
    repeat(["I", 5], ["II", 2], ["III", 2], ["IV", 1]),
    repeat([true, 3], [false, 7]),
  ),
  ...center(
    "B",
    [40, 62, 51, 47, 68, 44],
    [28, 35, 61, 22, 74, 30.5],
    [...repeat<"female" | "male">(["female", 3], ["male", 2]), undefined],
    repeat(["clear_cell", 3], ["papillary", 1], ["other", 2]),
    repeat(["I", 3], ["III", 2], ["IV", 1]),
    repeat([true, 3], [false, 3]),
  ),
];

describe("Table 1 of two centres", () => {
  const table = summarize({ folder: "/", cases });
  const row = (characteristic: string, level: string | null = null) =>
    table.rows.find((r) => r.characteristic.startsWith(characteristic) && r.level === level)!;

  test("is what results.json holds", () => {
    expect(table1.parse(table)).toEqual(table);
    expect(table.centers).toEqual([
      { center: "A", n: 10 },
      { center: "B", n: 6 },
    ]);
  });

  // p values and quartiles by scipy 1.10 and numpy 1.24: ttest_ind(equal_var=False), mannwhitneyu(asymptotic, with
  // continuity), fisher_exact, chi2_contingency(correction=False), percentile.
  test.each([
    ["Age", null, ["58.9 ± 9.0", "52.0 ± 10.9"], 0.22271275448450814, "Welch’s t"],
    ["Sex", "female", ["4 (40.0)", "3 (60.0)"], 0.6083916083916083, "Fisher’s exact"],
    ["Histology", "clear cell", ["7 (70.0)", "3 (50.0)"], 0.24110723520169172, "Pearson’s χ²"],
    ["Stage", "I", ["5 (50.0)", "3 (50.0)"], 0.6593898197119847, "Pearson’s χ²"],
    ["Tumour size", null, ["44.8 [32.8–59.1]", "32.8 [28.6–54.5]"], 0.5508020125828832, "Mann–Whitney U"],
    ["Tumour necrosis", "yes", ["3 (30.0)", "3 (50.0)"], 0.6066433566433567, "Fisher’s exact"],
  ] as const)("%s", (characteristic, level, cells, p, test) => {
    const found = row(characteristic, level);
    expect(found.cells).toEqual(cells);
    expect(found.test).toBe(test);
    expect(found.p).toBeCloseTo(p, 9);
  });

  test("a test stands once a characteristic; unknown values have a row of their own", () => {
    expect(row("Histology", "other")).toMatchObject({ cells: ["0 (0.0)", "2 (33.3)"], p: null, test: null });
    expect(row("Sex", "unknown").cells).toEqual(["0", "1"]);
    expect(row("Stage", "unknown")).toBeUndefined();
    expect(row("R.E.N.A.L.")).toBeUndefined();
  });
});

test("one centre, or one value: figures without a test", () => {
  const one = summarize({ folder: "/", cases: cases.filter((c) => c.center === "A") });
  expect(one.rows.every((r) => r.p === null && r.cells.length === 1)).toBe(true);
  const single = summarize({
    folder: "/",
    cases: [...cases.slice(0, 10), caseOf("x", { center: "B", age: 50 })],
  });
  expect(single.rows[0]).toMatchObject({ cells: ["58.9 ± 9.0", "50.0 ± –"], p: null });
  expect(single.rows.find((r) => r.level === "clear cell")?.cells).toEqual(["7 (70.0)", "–"]);
});

test("classes by centre and task", () => {
  expect(classCounts({ cases })).toEqual([
    { center: "A", task: "histology", positive: 7, negative: 3, unknown: 0 },
    { center: "A", task: "stage", positive: 3, negative: 7, unknown: 0 },
    { center: "A", task: "complexity", positive: 0, negative: 0, unknown: 10 },
    { center: "B", task: "histology", positive: 3, negative: 3, unknown: 0 },
    { center: "B", task: "stage", positive: 3, negative: 3, unknown: 0 },
    { center: "B", task: "complexity", positive: 0, negative: 0, unknown: 6 },
  ]);
});
