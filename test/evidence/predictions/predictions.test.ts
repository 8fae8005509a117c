import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatPredictions,
  parsePredictions,
  readPredictions,
  writePredictions,
} from "../../../src/evidence/predictions/predictions.ts";
import { parseThresholds } from "../../../src/evidence/predictions/thresholds.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";

const parse = (text: string) => parsePredictions(text, "p.csv");
const lineOf = (text: string) => {
  try {
    parse(text);
  } catch (error) {
    return (error as { line: string }).line;
  }
  return "nothing thrown";
};

describe("predictions.csv", () => {
  test("reads labels, unknown labels and any model's column; a byte order mark and CRLF are passed over", () => {
    const text = "\ufeffcase,center,task,label,mtdl,size\r\nc1,B,stage,1,0.25,1e-3\r\nc2,B,stage,,1,0\r\n";
    expect(parse(text)).toEqual([
      { case: "c1", center: "B", task: "stage", label: 1, probabilities: { mtdl: 0.25, size: 0.001 } },
      { case: "c2", center: "B", task: "stage", label: undefined, probabilities: { mtdl: 1, size: 0 } },
    ]);
  });

  test("what is written reads back to the last digit, commas and quotes in names included", () => {
    const name = fc.string({ minLength: 1, maxLength: 12 }).filter((s) => s.trim() === s && s !== "");
    const probability = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0);
    const row = fc.record({
      case: name,
      task: fc.constantFrom(...tasks),
      label: fc.constantFrom(0 as const, 1 as const, undefined),
      probabilities: fc.record({ mtdl: probability, stdl: probability }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { minLength: 1, maxLength: 8, selector: (r) => r.task + r.case }),
        name,
        (rows, center) => {
          const predictions = rows.map((r) => ({ ...r, center, probabilities: { ...r.probabilities } }));
          expect(parse(formatPredictions(predictions))).toEqual(predictions);
        },
      ),
    );
  });

  test("through a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trinephron-"));
    try {
      const path = join(folder, "deep", "predictions.csv");
      const rows = parse("case,center,task,label,mtdl\nc1,B,stage,1,0.25\n");
      await writePredictions(path, rows);
      expect(await readPredictions(path)).toEqual(rows);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const header = "case,center,task,label,mtdl\n";
  test.each([
    ["", "E_FORMAT: p.csv: empty"],
    ["case,center,task,label\nc,B,stage,1\n", "E_FORMAT: p.csv: no model's column"],
    ["case,task,label,mtdl\nc,stage,1,0.1\n", "E_FORMAT: p.csv: no column center"],
    ["case,center,task,label,mtdl,mtdl\n", "E_FORMAT: p.csv: column mtdl stands twice"],
    ["case,center,task,label,all\nc,B,stage,1,0.1\n", "E_FORMAT: p.csv: a model named all"],
    [header, "E_FORMAT: p.csv: no rows"],
    [`${header}c,B,stage,1\n`, "E_FORMAT: p.csv, line 2: 4 cells, but the header has another number"],
    [`${header}c,B,stage,1,0.5\nd,B,grade,1,0.5\n`, 'E_FORMAT: p.csv, line 3: task "grade"'],
    [`${header}c,B,stage,1,0.5\nc,B,stage,1,0.5\n`, "E_FORMAT: p.csv, line 3: case c stands twice"],
    [`${header}c,B,stage,1,0.5\nc,C,histology,1,0.5\n`, "E_FORMAT: p.csv, line 3: case c is of centre C"],
    [`${header},B,stage,1,0.5\n`, "E_FORMAT: p.csv, line 2: case is empty"],
    [`${header}c,B,stage,2,0.5\n`, 'E_LABEL: p.csv, line 2: label "2"'],
    [`${header}c,B,stage,yes,0.5\n`, 'E_LABEL: p.csv, line 2: label "yes"'],
    [`${header}c,B,stage,1,1.5\n`, "E_VALUE: p.csv, line 2: mtdl 1.5 is outside [0, 1]"],
    [`${header}c,B,stage,1,\n`, 'E_VALUE: p.csv, line 2: mtdl ""'],
    [`${header}c,B,stage,1,NaN\n`, 'E_VALUE: p.csv, line 2: mtdl "NaN"'],
    [`${header}\n\nc,B,stage,1,x\n`, 'E_VALUE: p.csv, line 4: mtdl "x"'],
  ])("refuses %j", (text, expected) => expect(lineOf(text)).toContain(expected));
});

describe("thresholds.json", () => {
  test("by task and model; one task alone is allowed", () => {
    const text = '{"stage":{"mtdl":{"threshold":0.31,"chosen":"Youden, validation cases of A"}}}';
    expect(parseThresholds(text, "t.json").stage?.mtdl.threshold).toBe(0.31);
  });

  test.each([
    ["{", "t.json: not JSON"],
    ['{"grade":{}}', "t.json: "],
    ['{"stage":{"mtdl":{"threshold":"0.5","chosen":"x"}}}', "t.json: stage.mtdl.threshold: "],
  ])("refuses %s", (text, expected) => {
    expect(() => parseThresholds(text, "t.json")).toThrow(expected);
  });
});
