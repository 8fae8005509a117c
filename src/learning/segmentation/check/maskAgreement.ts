import { connectedComponents, type Volume } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import { copyStrided } from "../../../numerics/volume/voxels.ts";
import { dice, overlap } from "../scores/overlap.ts";

/** How a mask and a program's outline of the same image agree. */
export interface MaskAgreement {
  /** Dice of kidneys with their lesions; of the program's kidneys, those that the mask's touch. */
  readonly kidney: number;
  /** Dice of tumours; null where the mask has none. */
  readonly tumor: number | null;
  /** Which way the mask fits much better where it is mirrored; null where it lies as it should. */
  readonly mirrored: { readonly axis: Axis; readonly kidney: number } | null;
}

const axes = ["left to right", "front to back", "head to feet"] as const;
type Axis = (typeof axes)[number];

/** A mask that is mirrored gains this much Dice at least, and gets to this much. */
const [leastGain, leastMirrored] = [0.3, 0.6];

/**
 * Agreement of a mask with a program's outline on the same grid, its axes along L, P and S. Masks often hold the affected
 * kidney alone, so kidneys of the program that the mask does not touch are left out.
 * @param mask 1 kidney, 2 tumour, 3 cyst
 * @param outline the same, of a program
 */
export function maskAgreement(mask: Volume<Uint8Array>, outline: Volume<Uint8Array>): MaskAgreement {
  const { labels, sizes } = connectedComponents(outline.data, outline.size);
  const kidneyDice = (data: Uint8Array): number => {
    const touched = new Uint8Array(sizes.length + 1);
    for (let n = 0; n < data.length; n++) if (data[n] > 0) touched[labels[n]] = 1;
    touched[0] = 0;
    return (
      dice(
        overlap(
          data,
          maskOf(labels, (label) => touched[label] === 1),
        ),
      ) ?? 1
    );
  };
  const kidney = kidneyDice(mask.data);
  const isTumor = (label: number) => label === 2;
  const tumor = mask.data.includes(2)
    ? dice(overlap(maskOf(mask.data, isTumor), maskOf(outline.data, isTumor)))
    : null;
  const turned = axes.map((axis, a) => ({ axis, kidney: kidneyDice(mirroredData(mask, a)) }));
  const best = turned.reduce((a, b) => (b.kidney > a.kidney ? b : a));
  const isMirrored = best.kidney >= Math.max(leastMirrored, kidney + leastGain);
  return { kidney, tumor, mirrored: isMirrored ? best : null };
}

/** A mask's voxels in a mirror across the middle of an axis. */
function mirroredData({ data, size }: Volume<Uint8Array>, axis: number): Uint8Array {
  const strides = [1, size[0], size[0] * size[1]];
  const start = (size[axis] - 1) * strides[axis];
  const signed = (a: number) => (a === axis ? -strides[a] : strides[a]);
  return copyStrided(data, size, start, [signed(0), signed(1), signed(2)]);
}
