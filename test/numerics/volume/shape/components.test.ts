import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Connectivity, connectedComponents, type Vec3 } from "../../../../src/numerics/volume/index.ts";
import { at, indices, mask as masks, randomMask } from "../arbitrary.ts";
import { hasPython, python } from "../python.ts";

const connectivities = [6, 18, 26] as const;

/** Flood fill, voxel after voxel: the definition itself. */
function floodFill(mask: Uint8Array, size: Vec3, connectivity: Connectivity): number[] {
  const steps = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const label = new Array<number>(mask.length).fill(0);
  let n = 0;
  for (const seed of indices(size)) {
    if (!mask[at(size, seed)] || label[at(size, seed)]) continue;
    n++;
    const queue: Vec3[] = [seed];
    label[at(size, seed)] = n;
    for (const [i, j, k] of queue)
      for (const [di, dj, dk] of indices([3, 3, 3])) {
        const next: Vec3 = [i + di - 1, j + dj - 1, k + dk - 1];
        const moved = Math.abs(di - 1) + Math.abs(dj - 1) + Math.abs(dk - 1);
        if (moved === 0 || moved > steps) continue;
        if (next.some((v, a) => v < 0 || v >= size[a])) continue;
        if (!mask[at(size, next)] || label[at(size, next)]) continue;
        label[at(size, next)] = n;
        queue.push(next);
      }
  }
  return label;
}

/** Labels renamed in order of appearance, so that two partitions can be compared. */
function canonical(labels: ArrayLike<number>): number[] {
  const names = new Map<number, number>([[0, 0]]);
  return Array.from(labels, (label) => {
    if (!names.has(label)) names.set(label, names.size);
    return names.get(label)!;
  });
}

describe("connectedComponents", () => {
  it.each(connectivities)("is flood fill (%i)", (connectivity) => {
    fc.assert(
      fc.property(masks(), ({ size, mask }) => {
        const { labels } = connectedComponents(mask, size, connectivity);
        expect(canonical(labels)).toEqual(canonical(floodFill(mask, size, connectivity)));
      }),
    );
  });

  it("numbers the components by size, the largest first", () => {
    fc.assert(
      fc.property(masks(), ({ size, mask }) => {
        const { labels, sizes } = connectedComponents(mask, size, 6);
        const counted = sizes.map((_, n) =>
          labels.reduce((sum, label) => sum + (label === n + 1 ? 1 : 0), 0),
        );
        expect(sizes).toEqual(counted);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      }),
    );
  });

  it.skipIf(!hasPython("scipy"))("finds scipy.ndimage.label's components", () => {
    const size: Vec3 = [31, 24, 18];
    const masks = [0.05, 0.15, 0.3].map((density) => randomMask(size, density, 7));
    const script = `
import sys, json, numpy as np
from scipy import ndimage
q = json.load(sys.stdin)
def label(mask, rank):
    a = np.array(mask).reshape(q["size"], order="F")
    return ndimage.label(a, ndimage.generate_binary_structure(3, rank))[0].ravel(order="F").tolist()
print(json.dumps([[label(mask, rank) for rank in (1, 2, 3)] for mask in q["masks"]]))`;
    const oracle = python<number[][][]>(script, { masks: masks.map((mask) => [...mask]), size });
    for (const [m, mask] of masks.entries())
      for (const [n, connectivity] of connectivities.entries())
        expect(canonical(connectedComponents(mask, size, connectivity).labels)).toEqual(
          canonical(oracle[m][n]),
        );
  });
});
