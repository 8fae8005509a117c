import { cropInto } from "../crop.ts";
import { type AffineMap, apply, voxelCount } from "../geometry.ts";
import { type Box, boxSize } from "../shape/boundingBox.ts";
import type { Vec3, Volume } from "../volume.ts";
import { copyStrided } from "../voxels.ts";
import { antialiasSigma, applyTaps, linearTaps, type Taps, within } from "./separable.ts";

/** Linear interpolation axis by axis, where source axis `s` depends on target axis `axes[s]` alone. */
export function linearParallel(
  volume: Volume,
  size: Vec3,
  { matrix, offset }: AffineMap,
  axes: Vec3,
  fill: number,
  antialias: boolean,
): Float32Array<ArrayBuffer> {
  const taps = axes.map((t, s) => {
    const step = matrix[3 * s + t];
    const sigma = antialias ? antialiasSigma(Math.abs(step)) : 0;
    return linearTaps(volume.size[s], offset[s], step, size[t], sigma);
  });
  const { box, part } = neededPart(volume, taps);
  let data = part;
  const now = [...boxSize(box)];
  // The axis that shrinks most goes first: what is left of the others is less work.
  const order = [0, 1, 2].sort((a, b) => size[axes[a]] / now[a] - size[axes[b]] / now[b]);
  for (const s of order) {
    const shifted = { ...taps[s], first: taps[s].first.map((at) => at - box.start[s]) };
    const inner = now.slice(0, s).reduce((a, b) => a * b, 1);
    const outer = now.slice(s + 1).reduce((a, b) => a * b, 1);
    data = applyTaps(data, outer, now[s], inner, shifted);
    now[s] = size[axes[s]];
  }
  if (axes.some((t, s) => t !== s)) {
    const strides = [1, now[0], now[0] * now[1]];
    const of = (t: number) => strides[axes.indexOf(t)];
    data = copyStrided(data, size, 0, [of(0), of(1), of(2)]);
  }
  const inside = [0, 1, 2].map((t) => taps[axes.indexOf(t)].inside);
  if (inside.some((flags) => flags.includes(0)))
    for (let k = 0, n = 0; k < size[2]; k++)
      for (let j = 0; j < size[1]; j++)
        for (let i = 0; i < size[0]; i++, n++)
          if (!(inside[0][i] && inside[1][j] && inside[2][k])) data[n] = fill;
  return data;
}

/** The voxels that the taps of the three axes read, as Float32. */
function neededPart(volume: Volume, taps: readonly Taps[]): { box: Box; part: Float32Array<ArrayBuffer> } {
  const range = taps.map(({ first, width }, s) => {
    const low = first.reduce((a, b) => Math.min(a, b));
    const high = first.reduce((a, b) => Math.max(a, b)) + width;
    return [low, Math.min(high, volume.size[s])];
  });
  const box: Box = {
    start: [range[0][0], range[1][0], range[2][0]],
    end: [range[0][1], range[1][1], range[2][1]],
  };
  const part = new Float32Array(boxSize(box).reduce((a, b) => a * b));
  cropInto(part, volume.data, volume.size, box);
  return { box, part };
}

/** Trilinear interpolation along any directions. */
export function linearOblique(
  volume: Volume,
  size: Vec3,
  map: AffineMap,
  fill: number,
  antialias: boolean,
): Float32Array<ArrayBuffer> {
  const { matrix: m } = map;
  const sigmas = [0, 1, 2].map((s) =>
    antialias ? antialiasSigma(Math.max(...m.slice(3 * s, 3 * s + 3).map(Math.abs))) : 0,
  );
  const { box, part } = reachedPart(volume, size, map, sigmas);
  const source = blurred(part, boxSize(box), sigmas);
  const [nx, ny, nz] = volume.size;
  const [mx, my] = boxSize(box);
  const [bi, bj, bk] = box.start;
  const data = new Float32Array(voxelCount({ size }));
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) {
      const [x0, y0, z0] = apply(map, [0, j, k]);
      for (let i = 0; i < size[0]; i++, n++) {
        let x = x0 + m[0] * i;
        let y = y0 + m[3] * i;
        let z = z0 + m[6] * i;
        if (!(within(x, nx) && within(y, ny) && within(z, nz))) {
          data[n] = fill;
          continue;
        }
        x = Math.min(Math.max(x, 0), nx - 1) - bi;
        y = Math.min(Math.max(y, 0), ny - 1) - bj;
        z = Math.min(Math.max(z, 0), nz - 1) - bk;
        const [xi, yi, zi] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        const [u, v, w] = [x - xi, y - yi, z - zi];
        const at = xi + mx * (yi + my * zi);
        // A neighbour of weight 0 may lie outside: it is not read.
        const di = u > 0 ? 1 : 0;
        const dj = v > 0 ? mx : 0;
        const dk = w > 0 ? mx * my : 0;
        const near = lerp(
          lerp(source[at], source[at + di], u),
          lerp(source[at + dj], source[at + dj + di], u),
          v,
        );
        const far = lerp(
          lerp(source[at + dk], source[at + dk + di], u),
          lerp(source[at + dk + dj], source[at + dk + dj + di], u),
          v,
        );
        data[n] = lerp(near, far, w);
      }
    }
  return data;
}

const lerp = (a: number, b: number, t: number) => a + (b - a) * t;

/** The voxels that the target grid can touch (blurring included), as Float32; at least one voxel. */
function reachedPart(volume: Volume, size: Vec3, map: AffineMap, sigmas: readonly number[]) {
  const corners = Array.from({ length: 8 }, (_, c) =>
    apply(map, [c & 1 ? size[0] - 1 : 0, c & 2 ? size[1] - 1 : 0, c & 4 ? size[2] - 1 : 0]),
  );
  const bound = (s: number, x: number) => Math.min(Math.max(x, 0), volume.size[s] - 1);
  const low = (s: number) =>
    bound(s, Math.floor(Math.min(...corners.map((c) => c[s]))) - Math.ceil(3 * sigmas[s]) - 1);
  const high = (s: number) =>
    1 + bound(s, Math.ceil(Math.max(...corners.map((c) => c[s]))) + Math.ceil(3 * sigmas[s]) + 1);
  const box: Box = { start: [low(0), low(1), low(2)], end: [high(0), high(1), high(2)] };
  const part = new Float32Array(boxSize(box).reduce((a, b) => a * b));
  cropInto(part, volume.data, volume.size, box);
  return { box, part };
}

function blurred(data: Float32Array<ArrayBuffer>, size: Vec3, sigmas: readonly number[]) {
  let result = data;
  for (const [s, sigma] of sigmas.entries()) {
    if (sigma === 0) continue;
    const inner = size.slice(0, s).reduce((a, b) => a * b, 1);
    const outer = size.slice(s + 1).reduce((a, b) => a * b, 1);
    result = applyTaps(result, outer, size[s], inner, linearTaps(size[s], 0, 1, size[s], sigma));
  }
  return result;
}
