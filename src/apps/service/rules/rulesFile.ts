import { z } from "zod";
import { phases } from "../../../patients/cohort/case.ts";
import { origins } from "../intake/registerInstance.ts";
import { aeTitle } from "../settings/aeTitle.ts";

const words = z.array(z.string().min(1).max(100)).min(1);
const range = (what: string) =>
  z
    .strictObject({ from: z.number().min(0).optional(), to: z.number().min(0).optional() })
    .refine(({ from = 0, to = Infinity }) => from <= to, "from is greater than to")
    .describe(`${what}, both ends belong to it`);

/** What a rule asks of a study; what is left out is not asked. One series has to fulfil all that is asked of series. */
const condition = z.strictObject({
  modality: words.optional().describe("of a series, as CT: one of these"),
  bodyPart: words.optional().describe("Body Part Examined of a series: one of these"),
  description: words
    .optional()
    .describe("one of these stands in the description of the study or of the series, at the start of a word"),
  sender: z.array(aeTitle).min(1).optional().describe("calling AE title that a series was sent by"),
  origin: z.array(z.enum(origins)).min(1).optional().describe("by which way a series came"),
  images: range("how many images the series has").optional(),
  age: range("years of the patient; where it is not known, the rule does not fit").optional(),
});

const rule = z
  .strictObject({
    name: z.string().min(1).max(100).describe("what pages call it"),
    when: condition.default({}).describe("which studies it is for; left out: all"),
    ignore: z.string().min(1).max(300).optional().describe("the study is not read, and this is why"),
    model: z.string().optional().describe("name of a model of the settings; left out: the one of `model`"),
    phases: z
      .array(z.enum(phases))
      .min(1)
      .optional()
      .describe("contrast phases without which the study is not read"),
    destinations: z
      .array(z.string())
      .optional()
      .describe("names of destinations that the result goes to; left out: all"),
  })
  .refine(
    ({ ignore, model, phases, destinations }) =>
      ignore === undefined || [model, phases, destinations].every((part) => part === undefined),
    "a rule that ignores says nothing of reading",
  );

/** A file of rules: the first that fits a study decides; one that none fits is not read. */
export const rulesFile = z.strictObject({
  format: z.literal("trinephron-rules/1"),
  rules: z
    .array(rule)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two rules of one name"),
});
export type Rule = z.output<typeof rule>;
