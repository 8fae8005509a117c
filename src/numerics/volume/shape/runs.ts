import type { Vec3 } from "../volume.ts";

/** A mask as runs along i: row `r = j + size[1] * k` holds the runs `first[r]` to `first[r + 1] - 1`. */
export interface Runs {
  readonly first: Int32Array;
  /** Index i of each run's first voxel. */
  readonly start: Int32Array;
  /** Index i after each run's last voxel. */
  readonly end: Int32Array;
}

/** The runs of voxels where `mask` is not 0, row after row. */
export function maskRuns(mask: Uint8Array, size: Vec3): Runs {
  const nx = size[0];
  const rows = size[1] * size[2];
  const first = new Int32Array(rows + 1);
  let start = new Int32Array(1024);
  let end = new Int32Array(1024);
  const words =
    mask.byteOffset % 4 === 0 ? new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2) : undefined;
  let n = 0;
  for (let row = 0; row < rows; row++) {
    first[row] = n;
    const base = row * nx;
    const stop = base + nx;
    for (let at = base; at < stop; ) {
      // Most voxels are empty: seen four at a time.
      while (at < stop && mask[at] === 0)
        at += words && at % 4 === 0 && at + 4 <= stop && words[at >> 2] === 0 ? 4 : 1;
      if (at === stop) break;
      if (n === start.length) {
        start = grown(start);
        end = grown(end);
      }
      start[n] = at - base;
      while (at < stop && mask[at] !== 0) at++;
      end[n++] = at - base;
    }
  }
  first[rows] = n;
  return { first, start: start.subarray(0, n), end: end.subarray(0, n) };
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * array.length);
  longer.set(array);
  return longer;
}
