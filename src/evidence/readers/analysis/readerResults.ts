import { z } from "zod";

const interval = z.tuple([z.number(), z.number()]).describe("95 % confidence interval");
const estimate = z.object({ value: z.number(), ci: interval });

/** One reader against the multi-task model. */
export const readerRow = z.object({
  task: z.string(),
  reader: z.string(),
  experience: z.string(),
  simulated: z.boolean(),
  aided: z.boolean().default(false).describe("read with the model's answer in sight"),
  n: z.int(),
  auc: z.object({ value: z.number(), ci: interval }),
  point: z
    .tuple([z.number(), z.number()])
    .describe("[1 − specificity, sensitivity] at the reader's own cut-off"),
  curve: z
    .array(z.tuple([z.number(), z.number()]))
    .default([])
    .describe("[1 − specificity, sensitivity] at every score the reader gave"),
  againstMtdl: z
    .object({ difference: z.number(), ci: interval, z: z.number(), p: z.number() })
    .describe("MTDL's AUC minus the reader's on the reader's cases; paired DeLong"),
});
export type ReaderRow = z.infer<typeof readerRow>;

const range = z.tuple([z.int(), z.int()]);

/** The group of all readers; any other is an experience. */
export const allReaders = "all readers";

const group = {
  task: z.string(),
  group: z.string().describe("`all readers`, or an experience"),
  simulated: z.boolean().describe("no human being read; never mixed with readers who did"),
  readers: z.array(z.string()),
  n: z
    .int()
    .describe("labelled cases that all of these readers read; where a design stands, that any of them read"),
};

const analysis = {
  ...group,
  positives: z.int(),
  random: z
    .enum(["readers and cases", "cases"])
    .describe(
      "what the result holds for beyond the study: other readers and cases, or these readers on other cases",
    ),
  method: z.string(),
  design: z
    .object({
      casesEach: range.describe("labelled cases that a reader read in one mode: least, most"),
      readersEach: range.describe("readers of a case in one mode: least, most"),
      pairsPerCase: z.number().describe("pairs of readers who read the same case in one mode, mean"),
    })
    .optional()
    .describe("there where not every reader read every case"),
  uncenteredError: z
    .number()
    .nullable()
    .optional()
    .describe(
      "with a design: standard error of the difference as the software iMRMC has it, its moments not about the mean; null where its variance is negative",
    ),
};

const df = z.number().nullable().describe("null: infinite, as with fixed readers");

/** Multi-reader multi-case analyses, and agreement among readers. */
export const readerAnalyses = z.object({
  againstMtdl: z
    .array(
      z.object({
        ...analysis,
        aided: z.boolean().describe("read with the model's answer in sight"),
        mean: estimate.describe("mean AUC of the readers"),
        mtdl: estimate.describe("AUC of the multi-task model on the same cases"),
        difference: z.number().describe("AUC of the multi-task model minus the readers' mean"),
        ci: interval,
        t: z.number(),
        df,
        p: z.number(),
      }),
    )
    .describe("the multi-task model against the mean of readers"),
  aid: z
    .array(
      z.object({
        ...analysis,
        unaided: estimate.describe("mean AUC without the model's answer"),
        aided: estimate.describe("mean AUC with it"),
        difference: z.number().describe("aided minus unaided"),
        ci: interval,
        f: z.number(),
        df1: z.number(),
        df2: df,
        p: z.number(),
        components: z
          .object({
            modality: z.number().describe("MS(T)"),
            reader: z.number().describe("MS(R)"),
            interaction: z.number().describe("MS(T×R)"),
            variance: z.number(),
            cov1: z.number(),
            cov2: z.number(),
            cov3: z.number(),
          })
          .nullable()
          .describe("of Obuchowski and Rockette’s model; null where not every reader read every case"),
      }),
    )
    .describe("the same readers without and with the model's answer"),
  agreement: z
    .array(
      z.object({
        ...group,
        aided: z.boolean(),
        measure: z.enum(["fleiss-kappa", "weighted-kappa", "icc"]),
        value: z.number(),
        ci: interval,
        method: z.string(),
      }),
    )
    .describe("agreement among readers"),
});

export type ReaderAnalyses = z.infer<typeof readerAnalyses>;
