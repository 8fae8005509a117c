import { expect, test } from "vitest";
import { warningsOf } from "../../../src/report/prediction/warnings.ts";
import { fullPrediction, minimalPrediction } from "../../evidence/predict/aPrediction.ts";
import { longPrediction } from "./fixture.ts";

test("every line once, the gravest first", () => {
  expect(warningsOf(longPrediction).map(({ title }) => title)).toEqual([
    "Not trained on real CT",
    "Unlike the training cases",
    "Phase in doubt",
    "Phase not registered",
    "Mask grown, not drawn",
    "Note",
  ]);
  const texts = warningsOf(longPrediction).map(({ text }) => text);
  expect(texts.toSorted()).toEqual([...longPrediction.warnings].toSorted());
});

test("what no line says is warned of from the facts", () => {
  const silent = { ...longPrediction, warnings: [], tumor: { ...longPrediction.tumor, remarks: [] } };
  expect(warningsOf({ ...silent, missingPhases: ["excretory"] }).map(({ title }) => title)).toEqual([
    "Not trained on real CT",
    "Unlike the training cases",
    "Phase missing",
    "Phase in doubt",
    "Phase not registered",
    "Mask grown, not drawn",
  ]);
});

test("of a mask that a program outlined the page says which one, whether a line says so or not", () => {
  const outline = {
    ...{ program: "trinephron segmentation model 0123456789ab", sha256: "0", phase: "nephrographic" },
    agreement: { kidney: 0.97, tumor: 0.9 },
  };
  const maskSource = "outlined by a program" as const;
  const tumor = { ...fullPrediction.tumor, maskSource, outline, remarks: [] };
  const titled = (of: Parameters<typeof warningsOf>[0]) =>
    warningsOf(of).filter(({ title }) => title === "Mask outlined by a program, not drawn");
  expect(titled({ ...fullPrediction, tumor })).toEqual([
    { title: expect.anything(), text: expect.stringContaining(outline.program) },
  ]);
  const said = { warnings: ["look at it"], warningsAbout: ["outlined mask" as const] };
  expect(titled({ ...fullPrediction, ...said, tumor }).map(({ text }) => text)).toEqual(["look at it"]);
});

test("remarks on the mask are warned of; a study without anything has none", () => {
  expect(warningsOf(fullPrediction).map(({ text }) => text)).toContain('Segment 3 "Lesion?" was not used.');
  expect(warningsOf({ ...minimalPrediction, familiarity: undefined })).toEqual([]);
});

test("a registration that gained nothing is no warning, one that failed is, whatever the words", () => {
  const [first, ...others] = fullPrediction.phases;
  const titles = (outcome: "no better" | "failed") => {
    const alignment = { ...first.alignment!, outcome, used: false, remark: "left as scanned" };
    return warningsOf({ ...fullPrediction, phases: [{ ...first, alignment }, ...others] }).map(
      ({ title }) => title,
    );
  };
  expect(titles("no better")).not.toContain("Phase not registered");
  expect(titles("failed")).toContain("Phase not registered");
});

test("titles do not hang on how a warning is worded", () => {
  const reworded = longPrediction.warnings.map((_, n) => `reworded ${n}`);
  const tumor = { ...longPrediction.tumor, remarks: [] };
  expect(warningsOf({ ...longPrediction, tumor, warnings: reworded }).map(({ title }) => title)).toEqual(
    warningsOf(longPrediction).map(({ title }) => title),
  );
});

test("a file that does not say what its warnings are about loses none of them", () => {
  const { warningsAbout: _, ...older } = longPrediction;
  const texts = warningsOf(older).map(({ text }) => text);
  for (const line of older.warnings) expect(texts).toContain(line);
});
