import { TrinephronError } from "../../../../base/errors.ts";
import type { Geometry, Vec3 } from "../../../../numerics/volume/volume.ts";

/** Image Orientation (Patient) of a volume's slices: the axes i and j. */
export const orientationOf = ({ direction: [row, column] }: Geometry): number[] =>
  [...row, ...column].map(tidy);

/** Image Position (Patient) of slice k. */
export const positionOf = ({ origin, direction, spacing }: Geometry, k: number): Vec3 =>
  [0, 1, 2].map((a) => tidy(origin[a] + k * spacing[2] * direction[2][a])) as unknown as Vec3;

/** Pixel Spacing: between rows, between columns. */
export const pixelSpacing = ({ spacing }: Geometry): number[] => [spacing[1], spacing[0]];

/** @throws E_GEOMETRY where the axes are not at right angles: DICOM slices cannot say so */
export function mustBeOrthogonal({ direction: [i, j, k] }: Geometry, name: string): void {
  const skew = Math.max(...[dot(i, j), dot(i, k), dot(j, k)].map(Math.abs));
  if (skew > 1e-4)
    throw new TrinephronError("E_GEOMETRY", `${name}: its axes are not at right angles`, "resample it first");
}

const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Without −0 and the last bits of a sum, so that equal slices are written alike. */
const tidy = (value: number) => Math.round(value * 1e9) / 1e9 + 0;
