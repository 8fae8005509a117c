import { expect, test } from "vitest";
import { calledReadings } from "../../../src/evidence/readers/analysis/readerCutoff.ts";
import { singleReads } from "../../../src/evidence/readers/analysis/repeatedReads.ts";
import { formatReaders, parseReaders, type Reading } from "../../../src/evidence/readers/readings.ts";
import { validatePredictions } from "../../../src/evidence/validate/validatePredictions.ts";
import { studyTasks } from "../../../src/patients/cohort/tasks.ts";
import { drawnPredictions, studyOf } from "../validate/study.ts";
import { drawnReaders } from "./analysis/drawnReaders.ts";

const header = "case,reader,experience,task,score,read\n";
const several = `${header}c,Ann,senior,stage,2,2\nc,Ann,senior,stage,5,1\nd,Ann,senior,stage,4,\n`;

test("repeated reads of a case are numbered", () => {
  const readings = parseReaders(several, "readers.csv");
  expect(readings.map((r) => r.read)).toEqual([2, 1, 1]);
  expect(parseReaders(formatReaders(readings), "readers.csv")).toEqual(readings);
  expect(() => parseReaders(`${several}d,Ann,senior,stage,4,1\n`, "readers.csv")).toThrow(
    expect.objectContaining({
      code: "E_FORMAT",
      message: "readers.csv, line 5: Ann reads case d twice for stage",
      hint: "take one out, or number a reader’s repeated reads of a case in a column read (1, 2 …)",
    }),
  );
  expect(() => parseReaders(`${header}c,Ann,senior,stage,2,1.5\n`, "readers.csv")).toThrow(
    /read 1.5 is not 1, 2/,
  );
  expect(() => parseReaders(`${header}c,Ann,senior,stage,2,0\n`, "readers.csv")).toThrow(
    /read 0 is not 1, 2/,
  );
});

test("the mean of the scores and the first decision count", () => {
  const { readings, notes } = singleReads(calledReadings(parseReaders(several, "readers.csv")), studyTasks);
  expect(readings.map((r) => [r.case, r.score, r.called])).toEqual([
    ["c", 3.5, true],
    ["d", 4, true],
  ]);
  expect(notes).toEqual([
    "Stage: Ann read 1 case more than once (2 times); the mean of the scores and the first decision count.",
  ]);
});

test("a validation says so, and is that of the means", () => {
  const predictions = drawnPredictions(90);
  const once = drawnReaders(predictions).filter((r) => !r.aided);
  const again = (r: Reading) => r.reader === "Ben" && r.task === "stage" && Number(r.case.slice(-1)) < 3;
  const twice = once.flatMap((r): Reading[] =>
    again(r)
      ? [
          { ...r, score: r.score - 4, read: 1 },
          { ...r, score: r.score + 4, read: 2, decision: r.decision === 1 ? 0 : 1 },
        ]
      : [r],
  );
  const of = (readers: Reading[]) => validatePredictions(studyOf(predictions, { readers }));
  const [one, two] = [of(once), of(twice)];
  expect(two.readers).toEqual(one.readers);
  expect(two.readerAnalyses).toEqual(one.readerAnalyses);
  const n = once.filter(again).length;
  expect(two.study.notes).toContain(
    `Stage: Ben read ${n} cases more than once (2 times); the mean of the scores and the first decision count.`,
  );
});
