import { z } from "zod";

const ml = z.number().nonnegative();
const mm = z.number().nonnegative();
const share = z.number().min(0).max(1);
const interval = z.tuple([z.number(), z.number()]).nullable();
const whole = z.int().nonnegative();

const lesion = z
  .object({
    ml,
    diameterMm: mm.describe("longest line between two voxels' centres"),
    iou: share.nullable().describe("with the lesion it is matched to; null: missed, or falsely found"),
  })
  .meta({ id: "lesion" });

const classScores = z.object({
  empty: z
    .enum(["reference", "predicted", "both"])
    .nullable()
    .describe("which mask has no voxel of the class: the reason of every null"),
  referenceMl: ml,
  predictedMl: ml,
  volumeErrorMl: z.number().describe("predicted less reference"),
  volumeErrorPercent: z.number().nullable().describe("of the reference"),
  dice: share.nullable().describe("0 where one mask is empty, null where both are"),
  surfaceDice: share.nullable().describe("as dice, at the class's tolerance"),
  hd95Mm: mm.nullable().describe("null where either mask is empty"),
  assdMm: mm.nullable().describe("null where either mask is empty"),
  detection: z
    .object({
      reference: z.array(lesion).describe("largest first"),
      predicted: z.array(lesion).describe("largest first"),
      specks: whole.describe("smaller pieces of both masks, left out"),
    })
    .nullable()
    .describe("null for a class whose pieces are no lesions"),
});

/** The scores that a table sums up over cases. */
export const summarized = [
  "dice",
  "surfaceDice",
  "hd95Mm",
  "assdMm",
  "volumeErrorMl",
  "volumeErrorPercent",
] as const;

const distribution = z
  .object({
    n: z.int().positive().describe("cases that have the score"),
    mean: z.number(),
    ci: interval.describe("95 % interval of the mean; null where it cannot be told"),
    sd: z.number().nullable(),
    median: z.number(),
    quartiles: z.tuple([z.number(), z.number()]),
  })
  .nullable()
  .meta({ id: "distribution" });

const rate = z.object({ value: z.number(), ci: interval }).nullable().meta({
  id: "rate",
  description: "null where nothing is there to be found; ci is null where it cannot be told",
});

const picture = z.object({
  case: z.string(),
  class: z.string(),
  dice: share.nullable(),
  widthMm: z.number().positive(),
  heightMm: z.number().positive(),
  disagreementMm2: mm.describe("what only one of both outlines holds, on this slice"),
  over: z.enum(["image", "labels"]).describe("what the outlines lie over"),
  image: z.string().startsWith("data:image/png;base64,"),
  reference: z.array(z.array(z.number())).describe("closed curves x0, y0, x1, y1, … in mm"),
  predicted: z.array(z.array(z.number())),
});

/** `scores.json` of `segment compare`; docs/schema/scores.schema.json is made from it. */
export const overlapResults = z.object({
  format: z.literal("trinephron-overlap/1"),
  software: z.string(),
  created: z.iso.datetime(),
  seed: whole,
  reference: z.string().describe("name of the folder or file, as predicted"),
  predicted: z.string(),
  classes: z.array(
    z.object({
      name: z.string(),
      labels: z.array(z.int().positive()),
      toleranceMm: mm,
      lesions: z.boolean().describe("whether its pieces are lesions"),
    }),
  ),
  detection: z.object({ leastIou: share, speckMl: ml }),
  cases: z.array(
    z.object({
      case: z.string(),
      scores: z.array(classScores).describe("in the order of the classes"),
      remarks: z.array(z.string()),
    }),
  ),
  leftOut: z.array(z.object({ case: z.string(), reason: z.string() })),
  summary: z.array(
    z.object({
      class: z.string(),
      empty: z.object({ reference: whole, predicted: whole, both: whole }).describe("cases"),
      scores: z.object(Object.fromEntries(summarized.map((name) => [name, distribution]))) as z.ZodObject<
        Record<(typeof summarized)[number], typeof distribution>
      >,
      detection: z
        .object({
          lesions: whole,
          found: whole,
          falsePositives: whole,
          specks: whole,
          sensitivity: rate,
          precision: rate,
          f1: rate,
          falsePositivesPerCase: rate,
          bySize: z.array(
            z.object({
              fromMm: mm,
              toMm: mm.nullable().describe("null: any larger"),
              lesions: whole,
              found: whole,
            }),
          ),
        })
        .nullable(),
    }),
  ),
  pictures: z.array(picture).describe("of each class the cases of least Dice"),
});

export type OverlapResults = z.infer<typeof overlapResults>;
export type OverlapPicture = OverlapResults["pictures"][number];
