import { TrinephronError } from "../../../base/errors.ts";
import { indexToPoint } from "../geometry.ts";
import type { Geometry, Vec3, Volume, VoxelArray } from "../volume.ts";
import { copyStrided } from "../voxels.ts";
import { closestAxes } from "./reorient.ts";

/** Ways along L, P and S, and against them. */
const letters = ["LR", "PA", "SI"] as const;

/** Where i, j and k run nearest to, as nibabel's `aff2axcodes` tells: `LPS` of a CT as DICOM has it. */
export function orientationOf(geometry: Geometry): string {
  const { axes, flipped } = closestAxes(geometry);
  return [0, 1, 2].map((axis) => letters[axes.indexOf(axis)][flipped[axes.indexOf(axis)] ? 1 : 0]).join("");
}

/**
 * The same voxels with i, j and k running nearest to the three ways named, `RAS` for right, front and head. Every voxel
 * stays where it is in the patient; nothing is interpolated. Returns the volume itself if it runs that way already.
 *
 * @throws E_USAGE for letters that do not name each of the three body axes once
 */
export function oriented<T extends VoxelArray>(volume: Volume<T>, codes: string): Volume<T> {
  const wanted = [...codes.toUpperCase()].map((letter) => letters.findIndex((pair) => pair.includes(letter)));
  if (wanted.length !== 3 || new Set(wanted).size !== 3 || wanted.includes(-1))
    throw new TrinephronError(
      "E_USAGE",
      `the orientation ${codes}: not three letters, one each of L or R, P or A, S or I`,
      "as in RAS or LPS",
    );
  const now = orientationOf(volume);
  if (now === codes.toUpperCase()) return volume;
  const { axes } = closestAxes(volume);
  // The volume's axis for each of the new ones, and whether it is turned round.
  const from = wanted.map((body) => axes[body]);
  const turned = from.map((axis, n) => now[axis] !== codes.toUpperCase()[n]);
  const { size, spacing, direction } = volume;
  const strides = [1, size[0], size[0] * size[1]];
  const corner: [number, number, number] = [0, 0, 0];
  for (const [n, axis] of from.entries()) if (turned[n]) corner[axis] = size[axis] - 1;
  const pick = (values: readonly number[]): Vec3 => [values[from[0]], values[from[1]], values[from[2]]];
  const way = (n: number): Vec3 => {
    const [l, p, s] = direction[from[n]];
    return turned[n] ? [-l, -p, -s] : [l, p, s];
  };
  const step = (n: number) => (turned[n] ? -strides[from[n]] : strides[from[n]]);
  const base = corner.reduce((sum, at, axis) => sum + at * strides[axis], 0);
  return {
    size: pick(size),
    spacing: pick(spacing),
    origin: indexToPoint(volume, corner),
    direction: [way(0), way(1), way(2)],
    data: copyStrided(volume.data, pick(size), base, [step(0), step(1), step(2)]),
  };
}
