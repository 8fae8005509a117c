/** HU beyond these count as these: air, bone and full collecting systems have no finer say. */
const [low, high] = [-200, 500];
const bins = 48;

/**
 * Normalised mutual information (H(A) + H(B)) / H(A, B) of two images on one grid (Studholme et al., Pattern Recognit
 * 1999): 1 where one says nothing of the other, 2 where each follows from the other. It does not mind that tissues
 * enhance differently from phase to phase.
 * @param a HU
 * @param b HU; NaN where there is no voxel, which leaves the pair out
 * @returns NaN without a pair
 */
export function normalizedMutualInformation(a: Float32Array, b: Float32Array): number {
  const joint = new Float64Array(bins * bins);
  let n = 0;
  for (let v = 0; v < a.length; v++) {
    if (Number.isNaN(a[v]) || Number.isNaN(b[v])) continue;
    joint[bin(a[v]) * bins + bin(b[v])]++;
    n++;
  }
  const [ofA, ofB] = [new Float64Array(bins), new Float64Array(bins)];
  for (let i = 0; i < bins; i++)
    for (let j = 0; j < bins; j++) {
      ofA[i] += joint[i * bins + j];
      ofB[j] += joint[i * bins + j];
    }
  const together = entropy(joint, n);
  if (n === 0) return Number.NaN;
  return together > 0 ? (entropy(ofA, n) + entropy(ofB, n)) / together : 2;
}

const bin = (hu: number): number =>
  Math.min(bins - 1, Math.max(0, Math.floor(((hu - low) / (high - low)) * bins)));

function entropy(counts: Float64Array, n: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / n) * Math.log(count / n);
  return sum;
}
