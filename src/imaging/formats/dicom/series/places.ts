import { dot } from "../../../../numerics/volume/vector.ts";
import type { Vec3 } from "../../../../numerics/volume/volume.ts";
import { clusters } from "./clusters.ts";
import type { Slice } from "./slice.ts";

/** Where slices of one orientation lie along their normal. */
export interface Places {
  /** Along the normal, mm. */
  depth(slice: Slice): number;
  /** Slices this far apart or closer lie at one place, mm. */
  readonly tolerance: number;
  /** Slices by place, in order along the normal. */
  groups(slices: readonly Slice[]): Slice[][];
  /** How many places they take. */
  count(slices: readonly Slice[]): number;
  /** `z −746.25 mm`: along the patient's axis nearest to the normal. */
  named(slice: Slice): string;
}

/** No scanner's slices lie closer than this, mm; nor than a tenth of a pixel, in the images of smaller things. */
const closest = 0.05;

export const samePlace = (pixel: number): number => Math.min(closest, pixel / 10);

/** @param pixel the smaller distance between pixels, mm */
export function places(normal: Vec3, pixel: number): Places {
  const tolerance = samePlace(pixel);
  const depth = ({ plane }: Slice) => dot(plane.position, normal);
  const groups = (slices: readonly Slice[]) =>
    clusters(slices, (slice) => [depth(slice)], [tolerance]).sort((a, b) => depth(a[0]) - depth(b[0]));
  return {
    depth,
    tolerance,
    groups,
    count: (slices) => groups(slices).length,
    named: ({ plane }) => named(plane.position, normal),
  };
}

/** A position by its coordinate along the patient's axis nearest to the normal. */
export function named(position: Vec3, normal: Vec3): string {
  const sizes = normal.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  return `${"xyz"[axis]} ${position[axis].toFixed(2).replace("-", "−")} mm`;
}
