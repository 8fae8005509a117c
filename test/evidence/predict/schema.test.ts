import { expect, test } from "vitest";
import { predictionSchema } from "../../../src/evidence/predict/prediction.ts";
import { fullPrediction, minimalPrediction } from "./aPrediction.ts";

test("predictions pass through it unchanged; one without the research-use words does not pass", () => {
  for (const prediction of [fullPrediction, minimalPrediction])
    expect(predictionSchema.parse(JSON.parse(JSON.stringify(prediction)))).toEqual(prediction);
  expect(predictionSchema.safeParse({ ...fullPrediction, researchUse: "for diagnosis" }).success).toBe(false);
});
