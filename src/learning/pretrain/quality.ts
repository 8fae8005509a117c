import type { CropSettings } from "../crop/cropInput.ts";
import { outlined } from "../model/outlines.ts";
import { plainBatches } from "../train/batches/batches.ts";
import type { Stepper } from "../train/learner/stepper.ts";
import { pretrainingInputs } from "./inputs.ts";
import type { PretrainSettings } from "./pretrainSettings.ts";
import type { Samples } from "./samples.ts";

/** How well a pretrained network tells what it was trained to tell, of phantoms it has not seen. */
export interface Quality {
  /** R² of each target, pooled over the masks; null where the phantoms do not differ in it. */
  readonly masks: readonly (number | null)[];
  /** The same, pooled over its own outlines. */
  readonly outlines: readonly (number | null)[];
  /** Mean Dice of its outlines. */
  readonly dice: Readonly<Record<(typeof outlined)[number], number>>;
}

/** @param samples with standardised targets */
export async function qualityOf(
  stepper: Stepper,
  { crops, targets }: Samples,
  settings: PretrainSettings,
  crop: CropSettings,
): Promise<Quality> {
  const { batch } = settings;
  const all = crops.map((_, i) => i);
  const data = { crops, labels: targets, train: [], validation: all };
  const dice = outlined.map(() => 0);
  const explained = async (given: 0 | 1): Promise<(number | null)[]> => {
    const predicted: number[][] = [];
    for (const one of plainBatches(data, all, { crop, batch })) {
      const answers = await stepper.evaluate(
        pretrainingInputs({ ...one, epoch: 0, index: 0 }, settings, given),
      );
      const columns = answers.predictions.length / batch;
      for (let i = 0; i < one.count; i++) {
        predicted.push([...answers.predictions.subarray(i * columns, (i + 1) * columns)]);
        if (given === 0)
          outlined.forEach((_, r) => (dice[r] += answers.dice[i * outlined.length + r] / all.length));
      }
    }
    return predicted[0].map((_, k) => rSquared(predicted, targets, k));
  };
  const [masks, outlines] = [await explained(1), await explained(0)];
  return { masks, outlines, dice: { kidney: dice[0], tumor: dice[1] } };
}

/** 1 − residual / total sum of squares of one column, over the rows where it is known. */
function rSquared(
  predicted: readonly (readonly number[])[],
  targets: Samples["targets"],
  k: number,
): number | null {
  const known = targets.flatMap((row, i) =>
    row[k] === undefined ? [] : [{ is: row[k], told: predicted[i][k] }],
  );
  const mean = known.reduce((sum, { is }) => sum + is, 0) / known.length;
  const square = (f: (row: (typeof known)[number]) => number) =>
    known.reduce((sum, row) => sum + f(row) ** 2, 0);
  const total = square(({ is }) => is - mean);
  return total > 0 ? 1 - square(({ is, told }) => is - told) / total : null;
}
