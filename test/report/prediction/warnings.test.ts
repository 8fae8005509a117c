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

test("remarks on the mask are warned of; a study without anything has none", () => {
  expect(warningsOf(fullPrediction).map(({ text }) => text)).toContain('Segment 3 "Lesion?" was not used.');
  expect(warningsOf({ ...minimalPrediction, familiarity: undefined })).toEqual([]);
});

test("a registration that gained nothing is no warning", () => {
  const [first, ...others] = fullPrediction.phases;
  const alignment = {
    ...first.alignment!,
    used: false,
    remark: "no better than as scanned (moved by 0.3 mm)",
  };
  const titles = warningsOf({ ...fullPrediction, phases: [{ ...first, alignment }, ...others] }).map(
    ({ title }) => title,
  );
  expect(titles).not.toContain("Phase not registered");
});
