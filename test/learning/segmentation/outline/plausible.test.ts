import { expect, test } from "vitest";
import type { FoundKidney } from "../../../../src/learning/segmentation/foundKidneys.ts";
import { judged } from "../../../../src/learning/segmentation/outline/plausible.ts";

const kidney = (side: "left" | "right", ml: number, tumor = 0, cyst = 0): FoundKidney => ({
  ...{ side, center: [0, 0, 0], kidney: ml, tumor, cyst },
});
const steady = { kidney: 0.95, tumor: 0.9 };

test.each([
  ["both kidneys, one with a tumour", [kidney("left", 150, 20), kidney("right", 160)]],
  ["one kidney alone", [kidney("left", 250, 5)]],
  ["a horseshoe kidney", [kidney("left", 700, 30)]],
  ["little kidney left beside a large tumour", [kidney("left", 160), kidney("right", 30, 900)]],
  ["polycystic kidneys", [kidney("left", 300, 4, 1200), kidney("right", 300, 0, 900)]],
])("is plausible: %s", (_, kidneys) => {
  expect(judged(kidneys, steady)).toEqual({ doubts: [], notes: [] });
});

test.each([
  ["no kidney found", [], steady],
  ["no tumour found", [kidney("left", 150), kidney("right", 150)], steady],
  ["no tumour found", [kidney("left", 150, 0.2)], steady],
  ["3 kidneys found", [kidney("left", 150, 9), kidney("right", 150), kidney("left", 90)], steady],
  ["the left kidney has 50 mL: very small", [kidney("left", 40, 10), kidney("right", 150)], steady],
  ["without a kidney beside it", [kidney("left", 3, 80), kidney("right", 150)], steady],
  ["the right kidney has 600 mL", [kidney("left", 150, 9), kidney("right", 600)], steady],
  ["the left kidney has 950 mL", [kidney("left", 950, 9)], steady],
  ["outlines of the kidneys differ", [kidney("left", 150, 9)], { kidney: 0.7, tumor: 0.9 }],
  ["outlines of the tumour differ", [kidney("left", 150, 9)], { kidney: 0.9, tumor: 0.4 }],
])("is doubted: %s", (words, kidneys, agreement) => {
  expect(judged(kidneys, agreement).doubts).toEqual([expect.stringContaining(words)]);
});

test("a small kidney on the other side is told, not doubted", () => {
  const { doubts, notes } = judged([kidney("left", 180, 9), kidney("right", 30)], steady);
  expect(doubts).toEqual([]);
  expect(notes).toEqual(["the right kidney has 30 mL: very small"]);
});
