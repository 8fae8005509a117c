import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { derivedSeed, random } from "../../../base/random.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import type { SegmentationCase } from "../dataset/dataset.ts";

/** Patients of each fold: each is held out once. */
export const foldsFile = z.strictObject({
  format: z.literal("trinephron-folds/1"),
  folds: z.array(z.array(z.string()).min(1)).min(2),
});
/** The same, read. */
export type Folds = z.output<typeof foldsFile>;

type Cases = readonly Pick<SegmentationCase, "patient">[];

const patientsOf = (cases: Cases): string[] => [...new Set(cases.map(({ patient }) => patient))].sort();

/** As many folds of about equal size, patients dealt by seed; the cases' order does not matter. @throws E_TOO_FEW */
export function dealtFolds(cases: Cases, count: number, seed: number): Folds {
  const patients = random(derivedSeed(seed, "folds")).shuffle(patientsOf(cases));
  if (patients.length < count)
    throw new TrinephronError("E_TOO_FEW", `${patients.length} patient(s) do not make ${count} folds`);
  const folds = Array.from({ length: count }, (_, f) => patients.filter((_, p) => p % count === f).sort());
  return { format: "trinephron-folds/1", folds };
}

/** Folds of a file. @throws E_FILE_MISSING, E_FORMAT, E_COHORT where they are not exactly the cases' patients, each once */
export async function readFolds(path: string, cases: Cases): Promise<Folds> {
  const read = parseJson(foldsFile, (await readWhole(path)).toString("utf8"), path);
  const named = read.folds.flat().sort();
  const patients = patientsOf(cases);
  const odd = named.find((name, i) => !patients.includes(name) || named[i + 1] === name);
  const missing = patients.find((name) => !named.includes(name));
  if (odd ?? missing)
    throw new TrinephronError(
      "E_COHORT",
      `${path}: patient ${odd ?? missing} ${missing ? "is in no fold" : "is not in the data, or in two folds"}`,
    );
  return read;
}

/** Who learns, who validates, who is held out: no patient in two. */
export interface SegmentationParts<C> {
  readonly train: readonly C[];
  readonly validation: readonly C[];
  readonly heldOut: readonly C[];
}

/** @throws E_TOO_FEW where a part would be empty */
export function partsOf<C extends Pick<SegmentationCase, "patient">>(
  cases: readonly C[],
  { seed, validationFraction }: { readonly seed: number; readonly validationFraction: number },
  heldOut: readonly string[] = [],
): SegmentationParts<C> {
  const developing = cases.filter(({ patient }) => !heldOut.includes(patient));
  const patients = random(derivedSeed(seed, "validation")).shuffle(patientsOf(developing));
  const validating = new Set(
    patients.slice(0, Math.max(1, Math.round(validationFraction * patients.length))),
  );
  if (patients.length - validating.size < 1)
    throw new TrinephronError("E_TOO_FEW", `${patients.length} patient(s) to train on and to validate on`);
  return {
    train: developing.filter(({ patient }) => !validating.has(patient)),
    validation: developing.filter(({ patient }) => validating.has(patient)),
    heldOut: cases.filter(({ patient }) => heldOut.includes(patient)),
  };
}
