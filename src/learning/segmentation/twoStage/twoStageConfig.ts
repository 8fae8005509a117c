import { z } from "zod";

const folder = z.string().regex(/^\w[\w.-]*$/, "a folder's name");
const positive = z.number().positive();
const share = z.number().min(0).lt(1);

/** How a two-stage model looks at an image; all have defaults. */
export const twoStageSettings = z.strictObject({
  wholeMm: z
    .number()
    .min(0)
    .default(200)
    .describe("an image or box of at most so much along each axis is left to the fine model as a whole"),
  marginMm: z
    .number()
    .min(0)
    .default(20)
    .describe("around what the coarse model found: there the fine one looks"),
  widenMm: z
    .number()
    .min(0)
    .default(40)
    .describe("a box that cuts an outline is looked at again, so much wider there, once; 0: never"),
  leastMl: positive
    .default(20)
    .describe("what either model finds and has less is no kidney; a smaller piece may belong to one"),
  mostBoxes: z.int().min(1).default(4).describe("the largest finds of the coarse model are looked at"),
  islandMm: z
    .number()
    .min(0)
    .default(10)
    .describe("smaller pieces of the outline that lie farther from a kidney are dropped"),
  coarseOverlap: share.default(0.25).describe("of neighbouring patches, share of a patch"),
  fineOverlap: share.default(0.5).describe("likewise"),
});

/** `two-stage.json`: a coarse model that finds kidneys and a fine one that outlines them. */
export const twoStageConfig = z.strictObject({
  format: z.literal("trinephron-two-stage/1"),
  software: z.string(),
  coarse: folder.describe(
    "folder beside this file: a model of segment train whose labels are all of kidneys",
  ),
  fine: folder.describe("likewise: kidney 1, tumour 2, cyst 3, or the first of these alone"),
  ...twoStageSettings.shape,
});
/** What `two-stage.json` says. */
export type TwoStageConfig = z.output<typeof twoStageConfig>;
