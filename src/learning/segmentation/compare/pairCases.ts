import { basename, dirname } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { batchCases, isBatch } from "../../../patients/cohort/scores/scoreMasks.ts";

/** One case's two files. */
export interface MaskPair {
  readonly case: string;
  readonly reference: string;
  readonly predicted: string;
}

/** Cases of both folders, and those that only one has. */
export interface PairedCases {
  readonly pairs: readonly MaskPair[];
  readonly leftOut: readonly { readonly case: string; readonly reason: string }[];
}

/**
 * Two files as one case, or two folders' cases by name: a file's (`case_7.nii.gz`), or its folder's where files are
 * called `segmentation.nii.gz`, as in KiTS; a cohort's by its table.
 *
 * @throws E_USAGE for a file and a folder, E_COHORT where no name is in both, and as `batchCases`
 */
export async function pairCases(reference: string, predicted: string): Promise<PairedCases> {
  const [many, others] = [await isBatch(reference), await isBatch(predicted)];
  if (many !== others)
    throw new TrinephronError(
      "E_USAGE",
      `${many ? reference : predicted} is a folder, ${many ? predicted : reference} is not`,
      "give two files or two folders",
    );
  if (!many) return { pairs: [{ case: nameOf(reference), reference, predicted }], leftOut: [] };
  const [a, b] = [await casesOf(reference), await casesOf(predicted)];
  const found = new Map(b.map(({ case: name, mask }) => [name, mask]));
  const names = new Set(a.map(({ case: name }) => name));
  const pairs = a.flatMap(({ case: name, mask }) => {
    const other = found.get(name);
    return other === undefined ? [] : [{ case: name, reference: mask, predicted: other }];
  });
  if (pairs.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `no case of ${predicted} has the name of one of ${reference}: ${b[0].case} and ${a[0].case}, for example`,
      "name the files alike",
    );
  const missing = a.flatMap(({ case: name }) =>
    found.has(name) ? [] : [{ case: name, reason: "no prediction" }],
  );
  const strange = b.flatMap(({ case: name }) =>
    names.has(name) ? [] : [{ case: name, reason: "no reference" }],
  );
  return { pairs, leftOut: [...missing, ...strange] };
}

/** @throws E_COHORT where two files have one name, such as `case.nii` and `case.nii.gz` */
async function casesOf(path: string) {
  const cases = await batchCases(path);
  const twice = cases.find(({ case: name }, n) => cases.findIndex((other) => other.case === name) !== n);
  if (twice) throw new TrinephronError("E_COHORT", `${path}: two masks of ${twice.case}`, "keep one");
  return cases;
}

function nameOf(path: string): string {
  const name = basename(path).replace(/\.(nii|hdr|img)(\.gz)?$/i, "");
  return name === "segmentation" ? basename(dirname(path)) || name : name;
}
