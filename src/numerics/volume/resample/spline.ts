/** Pole of the cubic B-spline's filter. */
const pole = Math.sqrt(3) - 2;
const gain = (1 - pole) * (1 - 1 / pole);

/** Values repeated beyond either edge, which taps reach. */
const border = 2;

/** Lines filtered at a time, so that both the lines and the voxels beside them are read in order. */
const block = 256;

/**
 * Cubic spline interpolation along the middle axis of `[outer, n, inner]` (inner fastest) to `[outer, count, inner]`,
 * at (m + ½) · n / count − ½, the outermost value repeated beyond the edges: SciPy's `zoom` of order 3 with
 * `mode="nearest"` and `grid_mode=True`.
 *
 * Coefficients by Unser's recursive filter (IEEE Trans. Signal Process. 1993; 41:834), begun at either end with its
 * steady state for the repeated value.
 */
export function splineAxis(
  data: Float32Array,
  outer: number,
  n: number,
  inner: number,
  count: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(outer * count * inner);
  const { first, weights } = cubicTaps(n, count);
  // Of a single column, lines follow each other; else they lie side by side.
  const [groups, lines] = inner === 1 ? [1, outer] : [outer, inner];
  const [apart, apartTo] = inner === 1 ? [n, count] : [1, 1];
  const buffer = new Float64Array((n + 2 * border) * block);
  for (let group = 0; group < groups; group++)
    for (let line = 0; line < lines; line += block) {
      const width = Math.min(block, lines - line);
      const from = group * n * inner + line * apart;
      for (let i = -border; i < n + border; i++) {
        const at = from + Math.min(Math.max(i, 0), n - 1) * inner;
        const to = (i + border) * width;
        for (let c = 0; c < width; c++) buffer[to + c] = gain * data[at + c * apart];
      }
      filter(buffer, n + 2 * border, width);
      const into = group * count * inner + line * apartTo;
      for (let m = 0; m < count; m++) {
        const row = first[m] * width;
        const [w0, w1, w2, w3] = weights.subarray(4 * m, 4 * m + 4);
        for (let c = 0; c < width; c++) {
          const at = row + c;
          result[into + m * inner + c * apartTo] =
            w0 * buffer[at] +
            w1 * buffer[at + width] +
            w2 * buffer[at + 2 * width] +
            w3 * buffer[at + 3 * width];
        }
      }
    }
  return result;
}

/** Values times the gain to coefficients, in place, down `rows` rows of `width`. */
function filter(values: Float64Array, rows: number, width: number): void {
  for (let c = 0; c < width; c++) values[c] /= 1 - pole;
  for (let n = width; n < rows * width; n++) values[n] += pole * values[n - width];
  const last = (rows - 1) * width;
  for (let c = 0; c < width; c++) {
    // What the causal filter tends to beyond the edge, and how far it is from it.
    const tail = values[last + c];
    const steady = (tail - pole * values[last - width + c]) / (1 - pole);
    values[last + c] = -pole * (steady / (1 - pole) + (tail - steady) / (1 - pole * pole));
  }
  for (let n = last - 1; n >= 0; n--) values[n] = pole * (values[n + width] - values[n]);
}

/** Cubic B-spline weights of four coefficients from `first` on, counted from the border's first. */
function cubicTaps(n: number, count: number) {
  const first = new Int32Array(count);
  const weights = new Float64Array(4 * count);
  for (let m = 0; m < count; m++) {
    const x = (m + 0.5) * (n / count) - 0.5;
    const low = Math.floor(x);
    const t = x - low;
    first[m] = low - 1 + border;
    weights[4 * m] = (1 - t) ** 3 / 6;
    weights[4 * m + 1] = (4 - 6 * t * t + 3 * t ** 3) / 6;
    weights[4 * m + 2] = (1 + 3 * t + 3 * t * t - 3 * t ** 3) / 6;
    weights[4 * m + 3] = t ** 3 / 6;
  }
  return { first, weights };
}
