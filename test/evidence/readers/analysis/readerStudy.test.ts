import { describe, expect, test } from "vitest";
import { readerDecisions } from "../../../../src/evidence/readers/analysis/readerCutoff.ts";
import { formatReaders, parseReaders, type Reading } from "../../../../src/evidence/readers/readings.ts";
import { simulateReaders } from "../../../../src/evidence/readers/simulateReaders.ts";
import { auc } from "../../../../src/numerics/stats/index.ts";
import type { Task } from "../../../../src/patients/cohort/taskDefinition.ts";
import { studyNames as tasks } from "../../../../src/patients/cohort/tasks.ts";
import { codeOf } from "../../../numerics/stats/close.ts";

const parse = (text: string) => parseReaders(text, "r.csv");
const header = "case,reader,experience,task,score";

describe("readers.csv", () => {
  test("without the optional columns: real readers, no decisions", () => {
    expect(parse(`${header}\nc1,Ann,senior,stage,4\n`)).toEqual([
      {
        case: "c1",
        reader: "Ann",
        experience: "senior",
        task: "stage",
        score: 4,
        decision: undefined,
        simulated: false,
      },
    ]);
  });

  test("what is written reads back, with and without decisions", () => {
    const plain = simulateReaders([{ case: "c1", task: "stage", label: 1 }], 1);
    expect(parse(formatReaders(plain)).map((r) => ({ ...r, decision: undefined }))).toEqual(
      plain.map((r) => ({ ...r, decision: undefined })),
    );
    const decided = plain.map((r): Reading => ({ ...r, decision: 1 }));
    expect(parse(formatReaders(decided))).toEqual(decided);
  });

  test.each([
    ["case,reader,task,score\nc,Ann,stage,4\n", "no column experience"],
    [`${header}\nc,Ann,senior,stage,high\n`, 'line 2: score "high"'],
    [`${header}\nc,Ann,senior,stage,4\nc,Ann,senior,stage,5\n`, "line 3: Ann reads case c twice"],
    [`${header}\nc,Ann,senior,stage,4\nd,Ann,junior,stage,5\n`, "line 3: experience of Ann is junior"],
    [`${header},simulated\nc,Ann,senior,stage,4,maybe\n`, 'line 2: simulated "maybe"'],
    [`${header},simulated\nc,Ann,senior,stage,4,true\nd,Ann,senior,stage,4,\n`, "line 3: simulated of Ann"],
    [`${header},decision\nc,Ann,senior,stage,4,2\n`, 'line 2: decision "2"'],
  ])("refuses %j", (text, expected) => expect(() => parse(text)).toThrow(expected));
});

describe("a reader's own cut-off", () => {
  const of = (scores: number[], decisions?: (0 | 1 | undefined)[]) =>
    readerDecisions(
      scores.map((score, i) => ({
        case: `c${i}`,
        reader: "Ann",
        experience: "senior",
        task: "stage",
        score,
        decision: decisions?.[i],
        simulated: false,
      })),
    );

  test("4 and 5 of five levels; 0.5 of a probability; a decision before either", () => {
    expect(of([1, 3, 4, 5])).toEqual([false, false, true, true]);
    expect(of([0.1, 0.5, 0.9, 1])).toEqual([false, true, true, true]);
    expect(of([1, 5, 70], [1, 0, 0])).toEqual([true, false, false]);
  });

  test("another scale needs decisions, on all readings", () => {
    expect(codeOf(() => of([10, 70]))).toBe("E_FORMAT");
    expect(codeOf(() => of([1, 5], [1, undefined]))).toBe("E_FORMAT");
  });
});

describe("simulated readers", () => {
  const cases = Array.from({ length: 4000 }, (_, i) => ({
    case: `c${i}`,
    task: tasks[i % 3] as Task,
    label: (i % 2) as 0 | 1,
  }));
  const readings = simulateReaders(cases, 2);
  const label = new Map(cases.map((c) => [c.case, c.label]));
  const byReader = Map.groupBy(readings, (r) => r.reader);

  test("two juniors and three seniors, scores 1 to 5, all marked", () => {
    expect([...byReader.values()].map((own) => own[0].experience)).toEqual([
      "junior",
      "junior",
      "senior",
      "senior",
      "senior",
    ]);
    expect([...new Set(readings.map((r) => r.score))].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(readings.every((r) => r.simulated)).toBe(true);
  });

  test("juniors near 0.70–0.75, seniors near 0.78–0.84", () => {
    for (const own of byReader.values()) {
      const value = auc(
        own.map((r) => label.get(r.case) as number),
        own.map((r) => r.score),
      );
      const [low, high] = own[0].experience === "junior" ? [0.68, 0.77] : [0.76, 0.86];
      expect(value).toBeGreaterThan(low);
      expect(value).toBeLessThan(high);
    }
  });

  test("readers err together: within a class their scores correlate near the shared 0.4", () => {
    const [first, second] = ["J1", "S3"].map((reader) =>
      (byReader.get(reader) ?? []).filter((r) => label.get(r.case) === 0).map((r) => r.score),
    );
    const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / v.length;
    const [m, n] = [mean(first), mean(second)];
    const sum = (f: (a: number, b: number) => number) =>
      first.reduce((s, a, i) => s + f(a - m, second[i] - n), 0);
    const r = sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
    expect(r).toBeGreaterThan(0.25);
    expect(r).toBeLessThan(0.45);
  });

  test("the seed fixes every score; other cases and their order change none; no label, no reading", () => {
    const few = [cases[5], cases[3], { ...cases[4], label: undefined }];
    const score = (all: Reading[], id: string) => all.filter((r) => r.case === id).map((r) => r.score);
    const again = simulateReaders(few, 2);
    expect(score(again, "c5")).toEqual(score(readings, "c5"));
    expect(score(again, "c3")).toEqual(score(readings, "c3"));
    expect(score(again, "c4")).toEqual([]);
    expect(simulateReaders(cases, 3).map((r) => r.score)).not.toEqual(readings.map((r) => r.score));
  });
});
