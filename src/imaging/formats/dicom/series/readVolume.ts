import { TrinephronError } from "../../../../base/errors.ts";
import type { Volume, VoxelArray } from "../../../../numerics/volume/volume.ts";
import { type Parsed, parseDataSet } from "../file/parse.ts";
import { reading } from "../file/reading.ts";
import { openPixels } from "../pixels/pixels.ts";
import { rescaleOf } from "../values/rescale.ts";
import { withoutDuplicates } from "./duplicates.ts";
import type { Slice } from "./slice.ts";
import { type StackGeometry, stackGeometry } from "./stackGeometry.ts";
import type { Stack } from "./stacks.ts";

/** A CT volume in HU, and what had to be corrected for it. */
export interface CtVolume {
  readonly volume: Volume<Int16Array | Float32Array>;
  /** What was done to its slices, to be done to masks drawn on them too. */
  readonly stack: StackGeometry;
  readonly remarks: readonly string[];
}

/** Where no ray passed: air, HU. */
const outside = -1024;

/**
 * A stack without copies: of slices at one place with the same pixels one stays, and it is said. Only the pixels of
 * places that are taken more than once are read.
 * @throws as `openPixels`, where no copy at a place can be read
 */
export async function distinctStack(stack: Stack): Promise<Stack> {
  const files = new Map<Slice["file"], Parsed>();
  const { slices, remarks } = await withoutDuplicates(stack.slices, (slice) => sliceInHu(slice, files));
  if (slices.length === stack.slices.length) return stack;
  return { slices, remarks: [...remarks, ...(stack.remarks ?? [])] };
}

/**
 * Reads a stack into one volume, HU. Padding and what lies outside of a sheared slice becomes −1024 HU.
 * Whole numbers stay Int16; values with a fractional rescale, or interpolated ones, become Float32.
 * @throws E_GEOMETRY as `stackGeometry`, E_FORMAT, E_FILE_TRUNCATED, E_UNSUPPORTED as `openPixels`
 */
export async function readVolume(stack: Stack, name: string): Promise<CtVolume> {
  const files = new Map<Slice["file"], Parsed>();
  const found = new Set<string>();
  const { slices: distinct, remarks: copies } = await withoutDuplicates(stack.slices, (slice) =>
    sliceInHu(slice, files, found),
  );
  const grid = stackGeometry(distinct, name);
  const { geometry, slices } = grid;
  const [columns, rows] = [slices[0].file.header.columns!, slices[0].file.header.rows!];
  const plane = columns * rows;
  let data: Int16Array | Float32Array = new Int16Array(plane * slices.length);
  let next = 0;
  const lane = async () => {
    while (next < slices.length) {
      const index = next++;
      const values = await sliceInHu(slices[index], files, found);
      if (values.length !== plane)
        throw new TrinephronError("E_GEOMETRY", `${slices[index].file.source.name}: ${values.length} pixels`);
      if (values instanceof Float32Array && data instanceof Int16Array) data = Float32Array.from(data);
      data.set(values, index * plane);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  const volume = grid.resampled ? upright(data, columns, rows, grid) : { ...geometry, data };
  return {
    volume,
    stack: grid,
    remarks: [...copies, ...(stack.remarks ?? []), ...grid.remarks, ...found],
  };
}

/**
 * One slice's values in HU. A file of many frames is parsed once.
 * @param files those parsed, to be kept between calls
 * @param remarks takes what is found on the way
 */
export async function sliceInHu(
  { file, frame }: Slice,
  files: Map<Slice["file"], Parsed>,
  remarks: Set<string> = new Set(),
): Promise<Int16Array | Float32Array> {
  const { source, header } = file;
  const parsed = files.get(file) ?? parseDataSet(await source.whole(), source.name);
  if (header.frames > 1) files.set(file, parsed);
  const pixels = openPixels(parsed, source.name);
  const stored = await pixels.frame(frame);
  const [doubt] = pixels.doubts;
  if (doubt !== undefined)
    throw new TrinephronError("E_FORMAT", doubt, "ask for the series again, or for its header put right");
  for (const remark of pixels.remarks) remarks.add(remark);
  const { slope, intercept } = rescaleOf(parsed.dataSet, frame, reading(source.name));
  return inHu(stored, slope, intercept, header.padding);
}

function inHu(
  stored: VoxelArray,
  slope: number,
  intercept: number,
  padding: readonly [number, number] | undefined,
): Int16Array | Float32Array {
  const whole = Number.isInteger(slope) && Number.isInteger(intercept) && !(stored instanceof Float32Array);
  const n = stored.length;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    if (stored[i] < low) low = stored[i];
    if (stored[i] > high) high = stored[i];
  }
  const ends = [low * slope + intercept, high * slope + intercept];
  const fits = Math.min(...ends) >= -32768 && Math.max(...ends) <= 32767;
  const values = whole && fits ? new Int16Array(n) : new Float32Array(n);
  const [first, last] = padding ?? [1, 0];
  for (let i = 0; i < n; i++) {
    const value = stored[i];
    values[i] = value >= first && value <= last ? outside : value * slope + intercept;
  }
  return values;
}

/** Slices moved to where they lie and interpolated onto the even grid, linearly. */
function upright(
  data: Int16Array | Float32Array,
  columns: number,
  rows: number,
  { geometry, depths, shifts }: StackGeometry,
): Volume<Float32Array> {
  const [nx, ny, nz] = geometry.size;
  const out = new Float32Array(nx * ny * nz);
  for (let k = 0, below = 0; k < nz; k++) {
    const depth = Math.min(k * geometry.spacing[2], depths[depths.length - 1]);
    while (below < depths.length - 2 && depths[below + 1] <= depth) below++;
    const part = (depth - depths[below]) / (depths[below + 1] - depths[below]);
    for (const [index, share] of [
      [below, 1 - part],
      [below + 1, part],
    ])
      if (share > 0) addShifted(out, nx, ny, k, data, columns, rows, index, shifts[index], share);
  }
  return { ...geometry, data: out };
}

/** Adds `share` of one slice to plane k of the volume, moved by a fraction of a pixel. */
function addShifted(
  out: Float32Array,
  nx: number,
  ny: number,
  k: number,
  data: Int16Array | Float32Array,
  columns: number,
  rows: number,
  index: number,
  [dx, dy]: readonly [number, number],
  share: number,
): void {
  const base = index * columns * rows;
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= columns || y >= rows ? outside : data[base + y * columns + x];
  const [sx, sy] = [Math.floor(-dx), Math.floor(-dy)];
  const [fx, fy] = [-dx - sx, -dy - sy];
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const [x0, y0] = [x + sx, y + sy];
      const top = fx === 0 ? at(x0, y0) : at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
      const bottom =
        fy === 0 ? 0 : fx === 0 ? at(x0, y0 + 1) : at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
      out[(k * ny + y) * nx + x] += share * (top * (1 - fy) + bottom * fy);
    }
}
