import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import { gridDifference, sameGeometry, type Volume } from "../../../numerics/volume/index.ts";
import { drawDisagreement } from "./drawDisagreement.ts";
import type { LabelScheme } from "./labelScheme.ts";
import type { OverlapPicture } from "./overlapResults.ts";
import type { MaskPair } from "./pairCases.ts";
import { readLabels } from "./readLabels.ts";
import type { ScoredPair } from "./scorePair.ts";

interface WorstOptions extends Pick<Work, "signal" | "progress"> {
  readonly scheme: LabelScheme;
  /** Of each class. */
  readonly pictures: number;
  /** A folder of images, or the image of the only case. */
  readonly images?: string | undefined;
  readonly onRemark: (pair: MaskPair, remark: string) => void;
}

/** Pictures of each class's cases of least Dice, worst first. A class that no mask of a case has is not drawn. */
export async function worstPictures(
  scored: readonly { readonly pair: MaskPair; readonly outcome: ScoredPair }[],
  { scheme, pictures, images, signal, progress, onRemark }: WorstOptions,
): Promise<OverlapPicture[]> {
  const wanted = scheme.classes.flatMap((scoredClass, c) =>
    scored
      .filter(({ outcome }) => outcome.scores[c].dice !== null)
      .toSorted((a, b) => a.outcome.scores[c].dice! - b.outcome.scores[c].dice!)
      .slice(0, pictures)
      .map(({ pair, outcome }) => ({ pair, scoredClass, dice: outcome.scores[c].dice })),
  );
  const drawn = new Map<(typeof wanted)[number], OverlapPicture>();
  // Each case is read once, however many of its classes are drawn.
  const byCase = Map.groupBy(wanted, ({ pair }) => pair);
  let done = 0;
  for (const [pair, of] of byCase) {
    if (signal?.aborted) throw new TrinephronError("E_INTERRUPTED", "stopped before the pictures were drawn");
    const { volume: a } = await readLabels(pair.reference, scheme);
    const { volume: b } = await readLabels(pair.predicted, scheme);
    const image = await imageFor(pair, a, images, onRemark);
    for (const each of of) {
      const picture = drawDisagreement(a, b, each.scoredClass, image);
      if (picture)
        drawn.set(each, { case: pair.case, class: each.scoredClass.name, dice: each.dice, ...picture });
    }
    progress?.("drawing", ++done, byCase.size, pair.case);
  }
  return wanted.flatMap((each) => drawn.get(each) ?? []);
}

async function imageFor(
  pair: MaskPair,
  labels: Volume,
  images: string | undefined,
  onRemark: WorstOptions["onRemark"],
): Promise<Volume | undefined> {
  if (images === undefined) return undefined;
  const path = await imageFile(images, pair.case);
  if (path === undefined) {
    onRemark(pair, `no image among --images`);
    return undefined;
  }
  try {
    const image = await readNifti(path);
    if (sameGeometry(labels, image)) return image;
    onRemark(pair, `image on another grid, not shown: ${gridDifference(labels, image)}`);
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    onRemark(pair, `image not shown: ${error.line}`);
  }
  return undefined;
}

/** By the case's name, as in a plain folder, nnU-Net's (first channel) and KiTS's. */
async function imageFile(images: string, name: string): Promise<string | undefined> {
  if ((await stat(images)).isFile()) return images;
  for (const stem of [name, `${name}_0000`, join(name, "imaging")])
    for (const extension of [".nii.gz", ".nii"]) {
      const path = join(images, stem + extension);
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  return undefined;
}
