import type { Geometry, Vec3 } from "../../../numerics/volume/index.ts";
import { dot, minus, plus, times } from "../../../numerics/volume/vector.ts";
import { axesOf, type Plane } from "./plane.ts";

/** A picture of a plane: its pixels, and where they lie in the patient. */
export interface Pixels {
  readonly plane: Plane;
  /** Columns and rows. */
  readonly columns: number;
  readonly rows: number;
  /** Distance of pixels, mm. */
  readonly pitch: number;
  /** The middle of the picture, LPS mm; on the slice that is shown. */
  readonly middle: Vec3;
}

/** The pixels as a grid of one slice. */
export function gridOf(pixels: Pixels): Geometry {
  const { columns, rows, pitch, plane } = pixels;
  const { right, down, normal } = axesOf[plane];
  return {
    size: [columns, rows, 1],
    spacing: [pitch, pitch, 1],
    origin: pointAt(pixels, [0.5, 0.5]),
    direction: [right, down, normal],
  };
}

/** Where a place on the picture lies in the patient, LPS mm. @param place pixels from the upper left corner */
export function pointAt(
  { plane, columns, rows, pitch, middle }: Pixels,
  [x, y]: readonly [number, number],
): Vec3 {
  const { right, down } = axesOf[plane];
  const across = times(right, (x - columns / 2) * pitch);
  return plus(middle, plus(across, times(down, (y - rows / 2) * pitch)));
}

/** Where a point of the patient lies on the picture, seen along the plane's normal; pixels from the upper left corner. */
export function placeOf({ plane, columns, rows, pitch, middle }: Pixels, point: Vec3): [number, number] {
  const { right, down } = axesOf[plane];
  const off = minus(point, middle);
  return [columns / 2 + dot(off, right) / pitch, rows / 2 + dot(off, down) / pitch];
}
