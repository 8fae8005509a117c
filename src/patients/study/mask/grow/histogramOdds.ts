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
  const binned = new Uint8Array(data.length);
  for (let v = 0; v < data.length; v++)
    binned[v] = Math.min(Math.max(Math.floor((data[v] - lowest) / bin), 0), bins - 1);
  let current = object;
  for (let round = 0; round < rounds; round++) {
    const inside = density(binned, current, true);
    const outside = density(binned, current, false);
    const oddsOf = Float64Array.from(inside, (p, b) => Math.min(Math.max(Math.log(p / outside[b]), -3), 3));
    const odds = new Float32Array(data.length);
    for (let v = 0; v < odds.length; v++) odds[v] = oddsOf[binned[v]] + Math.max(prior[v], -6);
    gaussianBlur(odds, size, sigma);
    const above = new Uint8Array(odds.length);
    for (let v = 0; v < odds.length; v++) above[v] = odds[v] > 0 && prior[v] > -Infinity ? 1 : 0;
    const parts = connectedComponents(open(above, size, spacing, spacing[0]), size, 6);
    if (parts.sizes.length === 0) return new Uint8Array(data.length);
    const largest = new Uint8Array(data.length);
    for (let v = 0; v < largest.length; v++) largest[v] = parts.labels[v] === 1 ? 1 : 0;
    current = fillHolesBySlice(largest, size);
  }
  return current;
}

/** Of the voxels within the object, or of those without; blurred by two bins; no bin is empty. */
function density(binned: Uint8Array, object: Uint8Array, within: boolean): Float32Array {
  const counts = new Float32Array(bins);
  for (let v = 0; v < binned.length; v++) if ((object[v] !== 0) === within) counts[binned[v]]++;
  gaussianBlur(counts, [bins, 1, 1], [2, 0, 0]);
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (n + 1e-3 * total) / (total * (1 + bins * 1e-3)));
}
