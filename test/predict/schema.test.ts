import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { predictionSchema } from "../../src/predict/index.ts";
import { predictionJsonSchema } from "../../src/predict/schema.ts";
import { fullPrediction, minimalPrediction } from "./aPrediction.ts";

test("docs/schema/prediction.schema.json is current (`node src/predict/schema.ts` renews it)", () => {
  const documented = new URL("../../docs/schema/prediction.schema.json", import.meta.url);
  expect(readFileSync(documented, "utf8")).toBe(predictionJsonSchema());
});

test("predictions pass through it unchanged; one without the research-use words does not pass", () => {
  for (const prediction of [fullPrediction, minimalPrediction])
    expect(predictionSchema.parse(JSON.parse(JSON.stringify(prediction)))).toEqual(prediction);
  expect(predictionSchema.safeParse({ ...fullPrediction, researchUse: "for diagnosis" }).success).toBe(false);
});
