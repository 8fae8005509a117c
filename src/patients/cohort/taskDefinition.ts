import { z } from "zod";

/** Name of a task: a question with two answers, asked of every case. */
export type Task = string;

/** Characters of a name: those of a column, a file's name and an attribute of a page alike. */
export const taskName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "not up to 40 lower-case letters, digits and underscores, a letter first");

/**
 * Control characters and backslashes would break a terminal or a DICOM file. A code's meaning there has 64 characters
 * with what is said around the words, and some programs count bytes for characters.
 */
const words = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !/[\p{Cc}\\]/u.test(text), "holds a control character or a backslash")
    .refine((text) => utf8.encode(text).length <= longest, `longer than ${longest} bytes in UTF-8`);

const utf8 = new TextEncoder();

const answer = z.strictObject({
  words: words(48).describe("the answer inside a sentence: `clear cell RCC`"),
  short: words(48).describe("the same where there is little room"),
  values: z
    .array(z.string().trim().min(1))
    .min(1)
    .optional()
    .describe("cells of the column that mean this answer"),
  atLeast: z.number().optional(),
  above: z.number().optional(),
  atMost: z.number().optional(),
  below: z.number().optional(),
});
/** One of a task's two answers, and its cells. */
type Answer = z.infer<typeof answer>;

/** What a task asks, in words, and which cells of which column answer it. */
export const taskDefinition = z.strictObject({
  name: taskName,
  title: words(40).describe("heading of tables: `Histology`"),
  question: words(200).describe("as readers are asked: `Is it malignant?`"),
  column: z.string().describe("of cohort.csv"),
  positive: answer,
  negative: answer,
  others: z
    .enum(["error", "unlabelled"])
    .describe("what a cell is that means neither answer; an empty one is always unlabelled"),
});
/** What a task asks, in words, and which cells of which column answer it: docs/cohort.md tells each field. */
export type TaskDefinition = z.infer<typeof taskDefinition>;

/** What a cell that is not empty means; undefined where it is neither answer. */
export function meaningOf({ positive, negative }: TaskDefinition, text: string): 0 | 1 | undefined {
  return holds(positive, text) ? 1 : holds(negative, text) ? 0 : undefined;
}

function holds({ values, atLeast, above, atMost, below }: Answer, text: string): boolean {
  if (values) return values.includes(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return false;
  const x = Number(text);
  return (
    (atLeast === undefined || x >= atLeast) &&
    (above === undefined || x > above) &&
    (atMost === undefined || x <= atMost) &&
    (below === undefined || x < below)
  );
}

/** E.g. `4, 5 (malignant)`, `at least 10 (high)`. */
export function rangeText({ values, atLeast, above, atMost, below, words }: Answer): string {
  const bounds = Object.entries({ "at least": atLeast, above, "at most": atMost, below });
  const range = values ?? bounds.flatMap(([name, x]) => (x === undefined ? [] : [`${name} ${x}`]));
  return `${range.join(values ? ", " : " and ")} (${words})`;
}

/** A title inside a sentence: `anatomical complexity`; `ISUP grade` keeps its letters. */
export const spokenTitle = ({ title }: TaskDefinition): string =>
  title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
