import { describe, expect, test } from "vitest";
import type { Reading } from "../../../../src/evidence/readers/readings.ts";
import { simulateReaders } from "../../../../src/evidence/readers/simulateReaders.ts";
import { parseResults } from "../../../../src/evidence/validate/results.ts";
import {
  type ValidationInput,
  validatePredictions,
} from "../../../../src/evidence/validate/validatePredictions.ts";
import { delongAuc, fleissKappa, icc, mrmc, mrmcStandalone } from "../../../../src/numerics/stats/index.ts";
import { studyNames as tasks } from "../../../../src/patients/cohort/tasks.ts";
import { drawnPredictions, studyOf } from "../../validate/study.ts";
import { drawnReaders } from "./drawnReaders.ts";

const predictions = drawnPredictions(90);
const human = drawnReaders(predictions);
const simulated = simulateReaders(predictions, 4);
const analyze = (readers: ValidationInput["readers"]) =>
  validatePredictions(studyOf(predictions, { readers }));
const found = analyze([...human, ...simulated]);
const { againstMtdl, aid, agreement } = found.readerAnalyses;

const stage = predictions.filter((p) => p.task === "stage");
const labels = stage.map((p) => p.label as number);
const model = stage.map((p) => p.probabilities.mtdl);
const column = (reader: string, aided: boolean, of: readonly Reading[] = human) =>
  stage.map(
    (p) =>
      of.find(
        (r) => r.reader === reader && r.task === "stage" && r.case === p.case && (r.aided === true) === aided,
      ) as Reading,
  );
const scores = (readers: readonly string[], aided: boolean) =>
  readers.map((reader) => column(reader, aided).map((r) => r.score));
const everyone = ["Ada", "Ben", "Cleo", "Dan"];

describe("groups", () => {
  test("all readers and each experience, without and with the model; simulated ones apart", () => {
    const rows = againstMtdl.filter((r) => r.task === "stage" && r.random === "cases");
    expect(rows.map((r) => [r.group, r.simulated, r.aided, r.readers.length])).toEqual([
      ["all readers", false, false, 4],
      ["all readers", false, true, 4],
      ["junior", false, false, 2],
      ["junior", false, true, 2],
      ["senior", false, false, 2],
      ["senior", false, true, 2],
      ["all readers", true, false, 5],
      ["junior", true, false, 2],
      ["senior", true, false, 3],
    ]);
    expect(againstMtdl).toHaveLength(tasks.length * 9 * 2);
    expect(aid).toHaveLength(tasks.length * 3 * 2);
    expect(aid.every((r) => !r.simulated)).toBe(true);
  });

  test("one reader, or one of each experience, makes no group of one", () => {
    expect(analyze(human.filter((r) => r.reader === "Ada")).readerAnalyses).toEqual({
      againstMtdl: [],
      aid: [],
      agreement: [],
    });
    const two = analyze(human.filter((r) => ["Ada", "Cleo"].includes(r.reader)));
    expect([...new Set(two.readerAnalyses.againstMtdl.map((r) => r.group))]).toEqual(["all readers"]);
  });

  test("results fit the schema and survive JSON; older results without analyses still parse", () => {
    expect(parseResults(JSON.stringify(found), "results.json")).toEqual(found);
    const { readerAnalyses: _, readers, ...rest } = found;
    const older = { ...rest, readers: readers.map(({ aided: _a, curve: _c, ...r }) => r) };
    const parsed = parseResults(JSON.stringify(older), "results.json");
    expect(parsed.readerAnalyses).toEqual({ againstMtdl: [], aid: [], agreement: [] });
    expect(parsed.readers.every((r) => !r.aided && r.curve.length === 0)).toBe(true);
  });
});

describe("the model against readers", () => {
  test.each(["readers and cases", "cases"] as const)("random %s", (factors) => {
    const row = againstMtdl.find(
      (r) => r.task === "stage" && r.group === "senior" && !r.simulated && !r.aided && r.random === factors,
    );
    const expected = mrmcStandalone(labels, model, scores(["Cleo", "Dan"], false), { random: factors });
    expect(row).toMatchObject({ n: 90, readers: ["Cleo", "Dan"] });
    expect(row?.difference).toBeCloseTo(expected.value, 12);
    expect(row?.p).toBeCloseTo(expected.p, 12);
    expect(row?.df).toBe(factors === "cases" ? null : expected.df);
    expect(row?.mtdl.value).toBeCloseTo(delongAuc(labels, model).value, 12);
    expect((row?.mtdl.value ?? 0) - (row?.mean.value ?? 0)).toBeCloseTo(row?.difference ?? Number.NaN, 12);
  });
});

describe("readers with the model", () => {
  test("aided minus unaided, of the readers as two modalities", () => {
    const row = aid.find((r) => r.task === "stage" && r.group === "all readers" && r.random !== "cases");
    const expected = mrmc(labels, [scores(everyone, true), scores(everyone, false)]);
    expect(row?.difference).toBeCloseTo(expected.means[0].value - expected.means[1].value, 12);
    expect(row?.f).toBeCloseTo(expected.test.f, 10);
    expect(row?.df2).toBeCloseTo(expected.test.df2, 10);
    expect(row?.aided.value).toBeGreaterThan(row?.unaided.value ?? 1);
    expect(row?.components.cov1).toBeCloseTo(expected.components.cov1, 12);
  });

  test("each reader stands once for each way of reading, with a curve that ends at (1, 1)", () => {
    const rows = found.readers.filter((r) => r.reader === "Ada" && r.task === "stage" && !r.simulated);
    expect(rows.map((r) => r.aided)).toEqual([false, true]);
    for (const { curve } of rows)
      expect([curve[0], curve.at(-1)]).toEqual([
        [0, 0],
        [1, 1],
      ]);
    expect(rows[0].auc.value).toBeCloseTo(delongAuc(labels, scores(["Ada"], false)[0]).value, 12);
  });
});

describe("agreement", () => {
  const of = (measure: string, group: string, simulatedOnes: boolean) =>
    agreement.find(
      (r) =>
        r.task === "stage" &&
        r.measure === measure &&
        r.group === group &&
        r.simulated === simulatedOnes &&
        !r.aided,
    );

  test("Fleiss's kappa of decisions and ICC of scores", () => {
    const columns = everyone.map((reader) => column(reader, false));
    const counts = labels.map((_, i) => {
      const yes = columns.filter((c) => c[i].decision === 1).length;
      return [4 - yes, yes];
    });
    expect(of("fleiss-kappa", "all readers", false)?.value).toBeCloseTo(fleissKappa(counts), 12);
    const ratings = labels.map((_, i) => columns.map((c) => c[i].score));
    const row = of("icc", "all readers", false);
    expect(row?.value).toBeCloseTo(icc(ratings).icc21, 12);
    expect(row?.ci[0]).toBeLessThan(row?.value ?? -1);
    expect(row?.ci[1]).toBeGreaterThan(row?.value ?? 2);
  });

  test("five levels: weighted kappa in place of the ICC", () => {
    expect(of("weighted-kappa", "all readers", true)?.value).toBeGreaterThan(0.2);
    expect(of("icc", "all readers", true)).toBeUndefined();
    expect(of("weighted-kappa", "all readers", false)).toBeUndefined();
  });

  test("readers who all decide alike have no kappa", () => {
    const alike = human.map((r) => ({ ...r, decision: 1 as const }));
    const rows = analyze(alike).readerAnalyses.agreement;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((r) => r.measure === "icc")).toBe(true);
  });
});

describe("what is left out is said", () => {
  const unaided = human.filter((r) => !r.aided);

  test("cases that not all of the readers read", () => {
    const gone = new Set(stage.slice(0, 7).map((p) => p.case));
    const some = analyze(unaided.filter((r) => r.reader !== "Ben" || !gone.has(r.case)));
    const rows = some.readerAnalyses.againstMtdl.filter((r) => r.task === "stage" && r.random === "cases");
    expect(rows.map((r) => [r.group, r.n])).toEqual([
      ["all readers", 83],
      ["junior", 83],
      ["senior", 90],
    ]);
    expect(some.study.notes).toContain(
      "Stage, all readers: the multi-reader analysis has the 83 cases that all of them read, of 90 read by some.",
    );
  });

  test("readers who share too few cases", () => {
    const half = new Set(predictions.slice(0, 135).map((p) => p.case));
    const apart = unaided.filter(
      (r) => ["Ada", "Cleo"].includes(r.reader) && (r.reader === "Ada") === half.has(r.case),
    );
    const result = analyze(apart);
    expect(result.readerAnalyses.againstMtdl).toEqual([]);
    expect(result.study.notes).toContain(
      "Stage, all readers: no multi-reader analysis, for they share 0 positive and 0 negative cases.",
    );
  });

  test("readers without variance", () => {
    const truth = new Map(predictions.map((p) => [`${p.task} ${p.case}`, p.label as number]));
    const perfect = unaided.map((r) => ({ ...r, score: truth.get(`${r.task} ${r.case}`) as number }));
    const flat = predictions.map((p) => ({ ...p, probabilities: { mtdl: 0.5, stdl: 0.4, size: 0.3 } }));
    const result = validatePredictions(studyOf(flat, { readers: perfect }));
    expect(result.readerAnalyses.againstMtdl).toEqual([]);
    expect(
      result.study.notes.filter((n) => n.endsWith("no multi-reader analysis (no variance).")),
    ).toHaveLength(9);
    expect(parseResults(JSON.stringify(result), "results.json")).toEqual(result);
  });
});
