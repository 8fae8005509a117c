import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { readLabelTable } from "../../../patients/study/mask/labels/readLabelTable.ts";
import { kitsClasses, type ScoredClass } from "../scores/classes.ts";

/** What the values of two label files mean, and which classes are scored. */
export interface LabelScheme {
  readonly classes: readonly ScoredClass[];
  /** From a value in a file to a label; null: each is its own. */
  readonly translate: ReadonlyMap<number, number> | null;
  /** Whether a value that no class has is an error rather than something else in the scan. */
  readonly strict: boolean;
}

/** A JSON file of classes, as a user writes it. */
export const classesFileSchema = z.strictObject({
  format: z.literal("trinephron-classes/1"),
  classes: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and _, a letter first"),
        labels: z.array(z.int().min(1).max(255)).min(1).describe("values of its voxels, together"),
        toleranceMm: z.number().positive().default(2).describe("of the surface Dice"),
        lesions: z.boolean().default(false).describe("whether its pieces are lesions, found or missed"),
      }),
    )
    .min(1),
});

/**
 * KiTS's classes of labels 1, 2 and 3; the same of a CSV's labels (columns `name`, a whole number, and `label`); or a
 * JSON's own classes.
 *
 * @throws E_FORMAT for a JSON that does not fit or names a class twice, or a CSV without whole numbers; as
 * `readLabelTable`
 */
export async function readLabelScheme(path?: string): Promise<LabelScheme> {
  if (path === undefined) return { classes: kitsClasses, translate: null, strict: true };
  if (/\.json$/i.test(path)) {
    const { classes } = parseJson(classesFileSchema, (await readWhole(path)).toString("utf8"), path);
    const twice = classes.find(({ name }, n) => classes.findIndex((other) => other.name === name) !== n);
    if (twice) throw new TrinephronError("E_FORMAT", `${path}: two classes have the name ${twice.name}`);
    return { classes, translate: null, strict: false };
  }
  const table = await readLabelTable(path);
  const translate = new Map<number, number>();
  for (const [name, label] of table)
    if (/^\d+$/.test(name)) translate.set(Number(name), label === "other" ? 0 : label);
  if (translate.size === 0)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no whole number in its column name`,
      "write the values of the files' voxels, such as 21,kidney",
    );
  return { classes: kitsClasses, translate, strict: false };
}
