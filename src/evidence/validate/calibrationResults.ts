import { z } from "zod";

const interval = z.tuple([z.number(), z.number()]).describe("95 % confidence interval");
const estimate = z.object({ value: z.number(), ci: interval });

/** Agreement of predicted probabilities and outcomes on the external cases, one model at one task. */
export const calibrationRow = z.object({
  task: z.string(),
  model: z.string(),
  n: z.int(),
  positives: z.int(),
  intercept: estimate.nullable().describe("calibration-in-the-large, ideal 0; null: see note"),
  slope: estimate.nullable().describe("ideal 1; null: see note"),
  brier: estimate,
  ici: z
    .object({
      value: z.number(),
      byChance: z
        .number()
        .nullable()
        .describe("95th percentile of the index where the probabilities are right"),
    })
    .nullable()
    .describe("integrated calibration index, ideal 0; null: see note"),
  curve: z
    .array(z.object({ predicted: z.number(), observed: z.number(), low: z.number(), high: z.number() }))
    .describe("flexible calibration curve with its pointwise 95 % band"),
  bins: z
    .array(z.object({ from: z.number(), to: z.number(), positive: z.int(), negative: z.int() }))
    .describe("cases by predicted probability"),
  method: z.string(),
  note: z.string().describe("why something is null; else empty"),
});

export type CalibrationRow = z.infer<typeof calibrationRow>;
