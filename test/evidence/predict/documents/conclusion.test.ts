import { expect, test } from "vitest";
import { conclusion } from "../../../../src/evidence/predict/documents/conclusion.ts";
import { researchUse } from "../../../../src/evidence/predict/prediction.ts";
import { fullPrediction } from "../aPrediction.ts";

test("the conclusion in words", () => {
  expect(conclusion(fullPrediction)).toEqual([
    researchUse,
    "Left kidney: tumour of 47 mm, 41.2 mL; outline: segmentation.",
    "Histology: clear cell RCC; probability of clear cell RCC 87.1 %, threshold 62.3 %.",
    "Stage: stage I/II (near the threshold); probability of stage III/IV 22.0 %, threshold 22.0 %.",
    "Anatomical complexity: low or moderate (R.E.N.A.L. 4–9); probability of high (R.E.N.A.L. 10–12) below 0.1 %, " +
      "threshold 31.0 %.",
    "R.E.N.A.L. 9p (R 2 + E 2 + N 3 + L 2), moderate complexity.",
    "Unusual for the model: tumour volume higher than usual: 41.2 mL; 98 % of training cases 2.1 mL to 38.0 mL.",
    'Segment 3 "Lesion?" was not used.',
    "The kidney reaches the edge of the image.",
    "No excretory phase: the model answers without it.",
    "This case is unlike all 104 validation cases: its answers are extrapolation.",
  ]);
});

test("names a missing phase where no warning is about it, whatever the warnings say", () => {
  const missing = "Missing phase: excretory.";
  const { warningsAbout: _, ...unsorted } = { ...fullPrediction, warnings: ["reworded", "excretory"] };
  expect(conclusion(unsorted)).toContain(missing);
  expect(conclusion({ ...unsorted, warningsAbout: ["missing phase", "other"] })).not.toContain(missing);
});
