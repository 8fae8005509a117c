import type { Work } from "../../../base/work.ts";
import type { Session } from "../../../numerics/graph/index.ts";
import { exclusiveClasses } from "../run/classes.ts";
import { gridLabels } from "../run/gridLabels.ts";
import { nnunetImportance } from "../window/importance.ts";
import type { TileModel } from "../window/tileModel.ts";
import { nnunetStarts } from "../window/tiles.ts";
import type { Normalization } from "./normalization.ts";
import { normalize } from "./normalize.ts";
import { choicesIn } from "./patches/patches.ts";
import { openSlices, type PreparedFile } from "./prepare/prepared.ts";

/** What whole images are segmented with. */
interface SegmentWhole {
  readonly patch: readonly [number, number, number];
  readonly overlap: number;
  readonly choices: readonly (readonly number[])[];
  readonly normalizations: readonly Normalization[];
}

/**
 * Mean Dice by label of whole cases, on the grid that the network reads, by sliding window with nnU-Net's steps and
 * weights. A case counts for a label that it has or is given; of several images that can be the channel the first.
 * @returns by class from 1; null where no case counts
 */
export async function meanDice(
  session: Session,
  files: readonly PreparedFile[],
  labels: number,
  { patch, overlap, choices, normalizations }: SegmentWhole,
  { signal }: Pick<Work, "signal"> = {},
): Promise<(number | null)[]> {
  const model: TileModel = async (data, shape) =>
    (await session.run({ image: { data, shape: [1, ...shape] } })).logits;
  const classes = exclusiveClasses(labels + 1, new Map());
  const slices = openSlices();
  const scores = Array.from({ length: labels }, () => [] as number[]);
  try {
    for (const file of files) {
      const [d, h, w] = file.size;
      const [channels] = choicesIn(file, choices);
      const image = new Float32Array(channels.length * d * h * w);
      channels.forEach((channel, c) => {
        const values = slices.image(file, channel, 0, d);
        normalize(values, normalizations[c], file.statistics[channel]!);
        image.set(values, c * values.length);
      });
      const starts = [0, 1, 2].map((a) => nnunetStarts(file.size[a], patch[a], 1 - overlap));
      const window = {
        patch,
        starts: [starts[0], starts[1], starts[2]] as const,
        importance: nnunetImportance(patch),
      };
      const shape = [channels.length, d, h, w] as const;
      const found = await gridLabels({ image, shape, window }, model, classes, { signal });
      dices(found, slices.classes(file, 0, d), labels).forEach((dice, l) => {
        if (dice !== undefined) scores[l].push(dice);
      });
    }
  } finally {
    slices.close();
  }
  return scores.map((all) => (all.length > 0 ? all.reduce((a, b) => a + b) / all.length : null));
}

/** By label from 1: 2·|both| / (|found| + |true|); undefined where neither has it. */
export function dices(found: Uint8Array, truth: Uint8Array, labels: number): (number | undefined)[] {
  const [both, either] = [new Float64Array(labels + 1), new Float64Array(labels + 1)];
  for (let n = 0; n < found.length; n++) {
    either[found[n]]++;
    either[truth[n]]++;
    if (found[n] === truth[n]) both[found[n]]++;
  }
  return Array.from({ length: labels }, (_, l) =>
    either[l + 1] > 0 ? (2 * both[l + 1]) / either[l + 1] : undefined,
  );
}
