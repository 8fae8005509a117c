import { describe, expect, test } from "vitest";
import type { Reading } from "../../../../src/evidence/readers/readings.ts";
import { simulateReaders } from "../../../../src/evidence/readers/simulateReaders.ts";
import { parseResults } from "../../../../src/evidence/validate/results.ts";
import {
  type ValidationInput,
  validatePredictions,
} from "../../../../src/evidence/validate/validatePredictions.ts";
import {
  delongAuc,
  fleissKappa,
  icc,
  mrmc,
  mrmcOneShot,
  mrmcOneShotStandalone,
  mrmcStandalone,
} from "../../../../src/numerics/stats/index.ts";
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
    expect(row?.components?.cov1).toBeCloseTo(expected.components.cov1, 12);
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

const unaided = human.filter((r) => !r.aided);
/** `[reader][case]` of stage, NaN where not read. */
const sparse = (readers: readonly string[], aided: boolean, of: readonly Reading[]) =>
  readers.map((reader) => column(reader, aided, of).map((r) => r?.score ?? Number.NaN));
const method =
  "Gallas’s one-shot U-statistics for any design, about the mean, degrees of freedom of Obuchowski, Gallas and Hillis";

describe("readers who did not all read the same cases", () => {
  const gone = new Set(stage.slice(0, 7).map((p) => p.case));
  const some = unaided.filter((r) => r.reader !== "Ben" || !gone.has(r.case));
  const result = analyze(some);
  const rows = result.readerAnalyses.againstMtdl.filter((r) => r.task === "stage");

  test("all that was read, by the one-shot estimate; those who read all as before", () => {
    const expected = analyze(unaided).readerAnalyses.againstMtdl.filter(
      (r) => r.task === "stage" && r.group === "senior",
    );
    expect(rows.filter((r) => r.group === "senior")).toEqual(expected);
    for (const random of ["readers and cases", "cases"] as const) {
      const row = rows.find((r) => r.group === "all readers" && r.random === random);
      const found = mrmcOneShotStandalone(labels, model, sparse(everyone, false, some), { random });
      expect(row).toMatchObject({ n: 90, method, readers: everyone });
      expect(row?.design).toEqual({
        casesEach: [83, 90],
        readersEach: [3, 4],
        pairsPerCase: (83 * 6 + 7 * 3) / 90,
      });
      expect(row?.difference).toBe(found.value);
      expect(row?.p).toBe(found.p);
      expect(row?.df).toBe(random === "cases" ? null : found.df);
      expect(row?.mean.value).toBe(found.readers.value);
      expect(row?.mtdl.value).toBeCloseTo(found.standalone, 12);
      // iMRMC's, of which a few missing readings already make another figure.
      expect(row?.uncenteredError).not.toBe((found.ci[1] - found.ci[0]) / 2);
    }
  });

  test("method and design are said", () => {
    expect(result.study.notes).toContain(
      `Stage, all readers: not every reader read every case (4 readers, 83 to 90 of 90 cases each, 3 to 4 readers a case, 5.8 pairs of readers a case). The multi-reader analysis is of all that was read, by ${method}; a reader counts by the pairs of a positive and a negative case read. Agreement is of the 83 cases that all of them read.`,
    );
    expect(result.study.notes.filter((n) => n.includes("not every reader"))).toHaveLength(2 * tasks.length);
    const agreed = result.readerAnalyses.agreement.find((r) => r.task === "stage");
    expect(agreed).toMatchObject({ group: "all readers", n: 83 });
    expect(agreed).not.toHaveProperty("design");
  });

  test("cases nested in readers: an analysis, but no agreement", () => {
    const half = new Set(stage.filter((_, i) => i % 2 === 0).map((p) => p.case));
    const apart = unaided.filter(
      (r) => ["Ada", "Cleo"].includes(r.reader) && (r.reader === "Ada") === half.has(r.case),
    );
    const { readerAnalyses, study } = analyze(apart);
    const [random, fixed] = readerAnalyses.againstMtdl.filter((r) => r.task === "stage");
    expect(random.df).toBeGreaterThanOrEqual(1);
    expect(fixed.df).toBeNull();
    expect(random.design).toEqual({ casesEach: [45, 45], readersEach: [1, 1], pairsPerCase: 0 });
    expect(readerAnalyses.agreement).toEqual([]);
    expect(study.notes.find((n) => n.startsWith("Stage, all readers"))).toMatch(
      /\(2 readers, 45 of 90 cases each, 1 reader a case.*There is no agreement, for all of them read fewer/,
    );
  });

  test("a variance over readers that comes out below nought: these readers only, and said", () => {
    const few = drawnPredictions(60);
    const third = (r: Reading) => ["Ada", "Ben", "Cleo"].indexOf(r.reader) === Number(/\d+/.exec(r.case)) % 3;
    const readers = drawnReaders(few, 23).filter((r) => !r.aided && r.task === "stage" && third(r));
    const { readerAnalyses, study } = validatePredictions(studyOf(few, { readers }));
    const juniors = readerAnalyses.againstMtdl.filter((r) => r.group === "junior");
    expect(juniors.map((r) => r.random)).toEqual(["cases"]);
    expect(juniors[0].uncenteredError).not.toBeUndefined();
    expect(study.notes).toContain(
      "Stage, junior: no multi-reader analysis with readers as a sample (no variance, or an estimate of it below nought).",
    );
  });

  test("without and with the model", () => {
    const fewer = human.filter((r) => !(r.reader === "Dan" && r.aided && gone.has(r.case)));
    const analyzed = analyze(fewer);
    const row = analyzed.readerAnalyses.aid.find((r) => r.task === "stage" && r.group === "all readers");
    const { means, differences } = mrmcOneShot(labels, [
      sparse(everyone, true, fewer),
      sparse(everyone, false, fewer),
    ]);
    expect(row).toMatchObject({ n: 90, method, components: null, df1: 1, random: "readers and cases" });
    expect(row?.difference).toBe(differences[0].value);
    expect(row?.f).toBeCloseTo(differences[0].t ** 2, 12);
    expect(row?.df2).toBe(differences[0].df);
    expect([row?.aided.value, row?.unaided.value]).toEqual(means.map((m) => m.value));
    expect(analyzed.study.notes.some((n) => n.startsWith("Stage, all readers without and with"))).toBe(true);
    expect(parseResults(JSON.stringify(analyzed), "results.json")).toEqual(analyzed);
  });
});

describe("what is left out is said", () => {
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
