import { gaussianBlur } from "../../../../numerics/volume/gaussianBlur.ts";
import {
  connectedComponents,
  fillHolesBySlice,
  open,
  type Volume,
} from "../../../../numerics/volume/index.ts";

/** Bins of the histograms, HU. */
const bin = 10;
const [lowest, highest] = [-200, 500];
const bins = (highest - lowest) / bin;
/** Weight of the prior beside the values. */
const rounds = 6;

/**
 * Parts an object from what surrounds it by the histograms of both, estimated in turn with the object (as GrabCut does,
 * Rother et al., ACM Trans. Graph. 2004;23:309, with histograms for mixtures and a blur for the cut): a voxel belongs to
 * the object where ln p(value | object) − ln p(value | surroundings) + prior, blurred, is above 0.
 *
 * @param image HU
 * @param object first guess
 * @param prior log-odds before the value is seen; −Infinity where the object cannot be, which still is surroundings
 * @returns the largest connected part, holes filled
 */
export function histogramOdds(
  image: Volume<Float32Array>,
  object: Uint8Array,
  prior: Float32Array,
  blurMm = 1.5,
): Uint8Array {
  const { size, spacing, data } = image;
  const sigma = spacing.map((mm) => blurMm / mm) as unknown as typeof spacing;
  const binned = Uint8Array.from(data, (hu) =>
    Math.min(Math.max(Math.floor((hu - lowest) / bin), 0), bins - 1),
  );
  let current = object;
  for (let round = 0; round < rounds; round++) {
    const inside = density(binned, (v) => current[v] !== 0);
    const outside = density(binned, (v) => current[v] === 0);
    const odds = new Float32Array(data.length);
    for (let v = 0; v < odds.length; v++) {
      const value = Math.log(inside[binned[v]] / outside[binned[v]]);
      odds[v] = Math.min(Math.max(value, -3), 3) + Math.max(prior[v], -6);
    }
    gaussianBlur(odds, size, sigma);
    const above = Uint8Array.from(odds, (value, v) => (value > 0 && prior[v] > -Infinity ? 1 : 0));
    const parts = connectedComponents(open(above, size, spacing, spacing[0]), size, 6);
    if (parts.sizes.length === 0) return new Uint8Array(data.length);
    current = fillHolesBySlice(
      Uint8Array.from(parts.labels, (label) => (label === 1 ? 1 : 0)),
      size,
    );
  }
  return current;
}

/** Blurred by two bins; no bin is empty. */
function density(binned: Uint8Array, holds: (voxel: number) => boolean): Float32Array {
  const counts = new Float32Array(bins);
  for (let v = 0; v < binned.length; v++) if (holds(v)) counts[binned[v]]++;
  gaussianBlur(counts, [bins, 1, 1], [2, 0, 0]);
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (n + 1e-3 * total) / (total * (1 + bins * 1e-3)));
}
