import { describe, expect, test } from "vitest";
import {
  formatPredictions,
  type PredictionRow,
  parsePredictions,
} from "../../../src/evidence/predictions/predictions.ts";
import { simulateReaders } from "../../../src/evidence/readers/simulateReaders.ts";
import { parseResults } from "../../../src/evidence/validate/results.ts";
import { validatePredictions } from "../../../src/evidence/validate/validatePredictions.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";
import { codeOf } from "../../numerics/stats/close.ts";
import { askR, hasR } from "../../numerics/stats/r.ts";
import { drawnPredictions, studyOf } from "./study.ts";

const predictions = drawnPredictions(178);
const readings = simulateReaders(predictions, 9);
const study = studyOf(predictions, { readers: readings });
const found = validatePredictions(study);

const messageOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("validatePredictions", () => {
  test("fits the schema and survives JSON", () => {
    expect(parseResults(JSON.stringify(found), "results.json")).toEqual(found);
  });

  test("every task, model and reader has its row", () => {
    expect(found.auc.map((a) => `${a.task}/${a.model}`)).toEqual(
      tasks.flatMap((t) => ["mtdl", "stdl", "size"].map((m) => `${t}/${m}`)),
    );
    expect(found.comparisons.map((c) => `${c.a}/${c.b}`)).toEqual(
      tasks.flatMap(() => ["mtdl/stdl", "mtdl/size"]),
    );
    expect(found.readers).toHaveLength(15);
    expect(found.roc).toHaveLength(9);
    expect(found.operating).toHaveLength(9);
    expect(found.decision.map((d) => d.curves.map((c) => c.model))).toEqual(
      tasks.map(() => ["mtdl", "stdl", "size", "all", "none"]),
    );
    expect(found.auc.every((a) => a.n === 178 && a.ci[0] < a.value && a.value < a.ci[1])).toBe(true);
  });

  test("says that the readers are simulated", () => {
    expect(found.readers.every((r) => r.simulated)).toBe(true);
    expect(found.study.notes).toEqual([
      "Drawn numbers.",
      expect.stringMatching(/^Simulated readers.*J1, J2, S1, S2, S3\.$/),
    ]);
  });

  test("the same from the file as from memory, and in any order of cases", () => {
    const reread = parsePredictions(formatPredictions(predictions), "predictions.csv");
    expect(validatePredictions({ ...study, predictions: reread })).toEqual(found);
    const turned = validatePredictions({ ...study, predictions: [...predictions].reverse() });
    turned.auc.forEach((a, i) => expect(a.value).toBeCloseTo(found.auc[i].value, 12));
    expect(turned.operating).toEqual(found.operating);
    turned.readers.forEach((r, i) => expect(r.againstMtdl.p).toBeCloseTo(found.readers[i].againstMtdl.p, 9));
  });

  test("operating points count what is called at the given threshold", () => {
    const rows = predictions.filter((p) => p.task === "stage");
    const point = found.operating.find((o) => o.task === "stage" && o.model === "size");
    expect(point?.threshold).toBe(0.45);
    const called = rows.filter((p) => p.probabilities.size >= 0.45);
    expect(point?.ppv).toMatchObject({
      numerator: called.filter((p) => p.label === 1).length,
      denominator: called.length,
    });
  });

  test("a reader's point is the share called 4 or 5 in each class", () => {
    const row = found.readers.find((r) => r.reader === "S2" && r.task === "histology");
    const label = new Map(predictions.filter((p) => p.task === "histology").map((p) => [p.case, p.label]));
    const share = (y: number) => {
      const own = readings.filter(
        (r) => r.reader === "S2" && r.task === "histology" && label.get(r.case) === y,
      );
      return own.filter((r) => r.score >= 4).length / own.length;
    };
    expect(row?.point).toEqual([share(0), share(1)]);
  });

  test.skipIf(!hasR)("AUCs, comparisons and readers are pROC's", () => {
    interface Oracle {
      auc: number[];
      test: number[];
      reader: number[];
    }
    const columns = tasks.map((task) => {
      const rows = predictions.filter((p) => p.task === task);
      const of = (id: string) =>
        readings.find((r) => r.reader === "J2" && r.task === task && r.case === id)?.score;
      return {
        y: rows.map((p) => p.label),
        mtdl: rows.map((p) => p.probabilities.mtdl),
        stdl: rows.map((p) => p.probabilities.stdl),
        reader: rows.map((p) => of(p.case)),
      };
    });
    const oracle = askR<Oracle[]>(
      columns,
      `output <- lapply(input, function(s) { y <- unlist(s$y)
  r <- function(x) roc(y, unlist(x), levels = 0:1, direction = "<")
  against <- function(b) { t <- roc.test(r(s$mtdl), r(b), paired = TRUE, method = "delong"); c(t$conf.int, t$statistic, t$p.value) }
  list(auc = as.numeric(ci.auc(r(s$mtdl))), test = unname(against(s$stdl)), reader = unname(against(s$reader))) })`,
    );
    tasks.forEach((task, i) => {
      const a = found.auc.find((x) => x.task === task && x.model === "mtdl");
      const c = found.comparisons.find((x) => x.task === task && x.b === "stdl");
      const r = found.readers.find((x) => x.task === task && x.reader === "J2");
      const close = (actual: number[], expected: number[]) =>
        actual.forEach((value, k) => expect(value).toBeCloseTo(expected[k], 8));
      close([a!.ci[0], a!.value, a!.ci[1]], oracle[i].auc);
      close([...c!.ci, c!.z, c!.p], oracle[i].test);
      const m = r!.againstMtdl;
      close([...m.ci, m.z, m.p], oracle[i].reader);
    });
  });
});

describe("validatePredictions: what is left out is said", () => {
  test("cases without a label", () => {
    const some = predictions.map((p, i) => (i < 30 && p.task === "stage" ? { ...p, label: undefined } : p));
    const partial = validatePredictions(studyOf(some));
    expect(partial.auc.find((a) => a.task === "stage")?.n).toBe(168);
    expect(partial.auc.find((a) => a.task === "histology")?.n).toBe(178);
    expect(partial.unlabeled).toEqual([
      { task: "histology", n: 0 },
      { task: "stage", n: 10 },
      { task: "complexity", n: 0 },
    ]);
    expect(partial.study.notes).toContain("Stage: 10 cases without a label left out.");
  });

  test("a task nobody predicted", () => {
    const two = validatePredictions(studyOf(predictions.filter((p) => p.task !== "complexity")));
    expect(two.decision.map((d) => d.task)).toEqual(["histology", "stage"]);
    expect(two.study.notes).toContain("Anatomical complexity: no predictions, not validated.");
  });

  test("a comparison without variance: perfect against flat", () => {
    const flat = predictions.map((p) => ({
      ...p,
      probabilities: { mtdl: p.label as number, stdl: p.label as number, size: 0.5 },
    }));
    const odd = validatePredictions(studyOf(flat));
    expect(odd.comparisons.every((c) => c.b === "stdl" && c.p === 1)).toBe(true);
    expect(odd.study.notes.filter((n) => n.includes("no DeLong test"))).toHaveLength(3);
    expect(parseResults(JSON.stringify(odd), "results.json")).toEqual(odd);
  });
});

describe("validatePredictions refuses", () => {
  const first = (change: Partial<PredictionRow>) =>
    predictions.map((p, i) => (i === 0 ? { ...p, ...change } : p));

  test("a case of the development centre among the external ones", () => {
    expect(codeOf(() => validatePredictions(studyOf(first({ center: "A" }))))).toBe("E_COHORT");
    expect(codeOf(() => validatePredictions(studyOf(first({ center: "C" }))))).toBe("E_COHORT");
    expect(messageOf(() => validatePredictions(studyOf(first({ center: "A" }))))).toContain("case_0");
  });

  test("a case used in development, whatever centre it claims", () => {
    expect(codeOf(() => validatePredictions(studyOf(predictions, { developmentCases: ["case_17"] })))).toBe(
      "E_COHORT",
    );
    expect(validatePredictions(studyOf(predictions, { developmentCases: ["other"] })).auc).toHaveLength(9);
  });

  test("a centre both developed and tested on", () => {
    const given = studyOf(predictions);
    const both = { ...given, study: { ...given.study, external: ["A", "B"] } };
    expect(codeOf(() => validatePredictions(both))).toBe("E_COHORT");
  });

  test("one class, naming task and centre", () => {
    const healthy = predictions.map((p) => (p.task === "stage" ? { ...p, label: 0 as const } : p));
    expect(codeOf(() => validatePredictions(studyOf(healthy)))).toBe("E_ONE_CLASS");
    expect(messageOf(() => validatePredictions(studyOf(healthy)))).toMatch(
      /^stage, centre B: 0 cases of stage III/,
    );
    const lone = predictions.map((p, i) =>
      p.task === "stage" ? ({ ...p, label: i === 1 ? 1 : 0 } as PredictionRow) : p,
    );
    expect(codeOf(() => validatePredictions(studyOf(lone)))).toBe("E_TOO_FEW");
  });

  test("a missing model or threshold", () => {
    expect(
      codeOf(() => validatePredictions(studyOf(first({ probabilities: { mtdl: 0.5, size: 0.5 } })))),
    ).toBe("E_FORMAT");
    expect(codeOf(() => validatePredictions(studyOf(predictions, { thresholds: {} })))).toBe("E_FORMAT");
    expect(codeOf(() => validatePredictions(studyOf(predictions, { models: [] })))).toBe("E_FORMAT");
    expect(codeOf(() => validatePredictions(studyOf([])))).toBe("E_TOO_FEW");
  });

  test("a reading of a case that nobody predicted, and a reader of one class", () => {
    const stranger = [{ ...readings[0], case: "nobody" }];
    expect(codeOf(() => validatePredictions(studyOf(predictions, { readers: stranger })))).toBe("E_COHORT");
    const label = new Map(predictions.map((p) => [p.task + p.case, p.label]));
    const healthy = readings.filter((r) => r.task === "stage" && label.get(r.task + r.case) === 0);
    expect(codeOf(() => validatePredictions(studyOf(predictions, { readers: healthy })))).toBe("E_ONE_CLASS");
    expect(messageOf(() => validatePredictions(studyOf(predictions, { readers: healthy })))).toContain(
      "reader J1",
    );
  });
});
