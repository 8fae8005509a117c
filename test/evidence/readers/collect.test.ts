import { describe, expect, test } from "vitest";
import { collectReadings } from "../../../src/evidence/readers/collect.ts";
import { formatReaders, parseReaders } from "../../../src/evidence/readers/readings.ts";

const header = "study,reader,experience,session,scale,order,case,aided,stage,complexity";
const file = (path: string, ...lines: string[]) => ({
  path,
  bytes: new TextEncoder().encode([header, ...lines].join("\n")),
});
const a = file("a.csv", "s1,A,junior,1,percent,1,c1,no,80,20", "s1,A,junior,1,percent,2,c2,no,49.5,50");
const b = file("b.csv", "s1,B,senior,1,percent,1,c2,no,10,90", "s1,B,senior,1,percent,2,c1,no,0,100");

const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
  return "nothing thrown";
};

describe("collectReadings", () => {
  test("names columns that may be tasks it was not told of, and reads them once it is", () => {
    const bytes = new TextEncoder().encode(
      "study,reader,experience,session,scale,order,case,aided,model_stage,stage,malignancy\n1,Ann,junior,1,percent,1,c1,no,,40,70\n",
    );
    const file = { path: "a.csv", bytes };
    const { readings, ignored } = collectReadings([file]);
    expect([readings.map(({ task }) => task), ignored]).toEqual([["stage"], ["malignancy"]]);
    const told = collectReadings([file], { tasks: ["malignancy", "stage"] });
    expect(told.readings.map(({ task, score }) => [task, score])).toEqual([
      ["malignancy", 70],
      ["stage", 40],
    ]);
    expect(told.ignored).toEqual([]);
  });

  test("merges files; the decision is the score at its scale's cut-off; readers.csv reads back", () => {
    const { readings, missing } = collectReadings([a, b]);
    expect(missing).toEqual([]);
    expect(readings.map((r) => [r.reader, r.case, r.task, r.score, r.decision])).toEqual([
      ["A", "c1", "stage", 80, 1],
      ["A", "c1", "complexity", 20, 0],
      ["A", "c2", "stage", 49.5, 0],
      ["A", "c2", "complexity", 50, 1],
      ["B", "c2", "stage", 10, 0],
      ["B", "c2", "complexity", 90, 1],
      ["B", "c1", "stage", 0, 0],
      ["B", "c1", "complexity", 100, 1],
    ]);
    expect(parseReaders(formatReaders(readings), "readers.csv")).toEqual(readings);
  });

  test("readings without and with the model are told apart", () => {
    const aided = file("x.csv", "s1,A,junior,1,five,1,c1,no,3,2", "s1,A,junior,1,five,2,c1,yes,4,5");
    const { readings } = collectReadings([aided]);
    expect(readings.map((r) => [r.aided, r.score, r.decision])).toEqual([
      [false, 3, 0],
      [false, 2, 0],
      [true, 4, 1],
      [true, 5, 1],
    ]);
    expect(parseReaders(formatReaders(readings), "readers.csv")).toEqual(readings);
  });

  test("as a German spreadsheet saves it", () => {
    const text = `\ufeff${header.replaceAll(",", ";")}\r\ns1;A;junior;1;percent;1;c1;no;80,5;20\r\n`;
    const { readings } = collectReadings([{ path: "a.csv", bytes: new TextEncoder().encode(text) }]);
    expect(readings[0].score).toBe(80.5);
  });

  test("missing scores are refused, or left out and named", () => {
    const gaps = file("g.csv", "s1,A,junior,1,percent,1,c1,no,80,", "s1,A,junior,1,percent,2,c2,no,,50");
    expect(refusal(() => collectReadings([gaps]))).toBe(
      "E_TOO_FEW 2 score(s) missing, the first of reader A, case c1, complexity",
    );
    const { readings, missing } = collectReadings([gaps], { allowMissing: true });
    expect(readings).toHaveLength(2);
    expect(missing).toEqual(["reader A, case c1, complexity", "reader A, case c2, stage"]);
  });

  test.each([
    [
      "out of range",
      [file("x.csv", "s1,A,j,1,percent,1,c1,no,101,2")],
      "E_VALUE x.csv, line 2: stage 101 is not from 0 to 100",
    ],
    [
      "between levels",
      [file("x.csv", "s1,A,j,1,five,1,c1,no,3.5,2")],
      "E_VALUE x.csv, line 2: stage 3.5 is not a whole number from 1 to 5",
    ],
    [
      "no number",
      [file("x.csv", "s1,A,j,1,five,1,c1,no,high,2")],
      'E_VALUE x.csv, line 2: stage "high" is not a finite number',
    ],
    [
      "the same file twice",
      [a, { ...a, path: "a2.csv" }],
      "E_COHORT a2.csv, line 2: reader A reads case c1 again, first at a.csv, line 2",
    ],
    [
      "two studies",
      [a, file("x.csv", "s2,C,j,1,percent,1,c1,no,1,2")],
      "E_COHORT x.csv, line 2: of study s2 (percent), above of s1 (percent)",
    ],
    [
      "a lost row",
      [a, file("x.csv", "s1,C,j,1,percent,1,c1,no,1,2")],
      "E_COHORT reader C has no row for case c2, which reader A has (a.csv, line 3)",
    ],
    [
      "a foreign word",
      [file("x.csv", "s1,A,j,1,percent,1,c1,maybe,1,2")],
      'E_FORMAT x.csv, line 2: aided "maybe" is unknown',
    ],
    ["no rows", [file("x.csv")], "E_TOO_FEW no readings in these files"],
  ])("refuses %s", (_, files, expected) => expect(refusal(() => collectReadings(files))).toBe(expected));

  test("refuses a case that was not handed out", () => {
    expect(refusal(() => collectReadings([a, b], { cases: ["c1"] }))).toBe(
      "E_COHORT a.csv, line 3: case c2 was not handed out",
    );
    expect(collectReadings([a, b], { cases: ["c1", "c2", "c3"] }).readings).toHaveLength(8);
  });

  test("refuses a table without scores", () => {
    const bytes = new TextEncoder().encode("study,reader,experience,scale,case,aided\ns1,A,j,five,c1,no\n");
    expect(refusal(() => collectReadings([{ path: "x.csv", bytes }]))).toBe(
      "E_FORMAT x.csv: no column of scores",
    );
  });
});
