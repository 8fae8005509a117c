import { z } from "zod";

/** What one multi-task model and its single-task models cost, as `results.json` holds it. */
export const efficiency = z.object({
  counted: z.string().describe("what was counted and how"),
  rows: z.array(
    z.object({
      model: z.string().describe("`mtdl`, or `stdl`: all three together"),
      parameters: z.int(),
      fileBytes: z.int(),
      inferenceMsPerCase: z.number(),
      peakMemoryBytes: z.int().describe("fresh process, above an empty runtime's"),
      trainingSeconds: z.number().nullable(),
    }),
  ),
});
export type Efficiency = z.infer<typeof efficiency>;
