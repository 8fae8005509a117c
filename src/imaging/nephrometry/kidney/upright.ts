import {
  boundingBox,
  type Geometry,
  indexToPoint,
  lpsDirection,
  reorient,
  resample,
  sameGeometry,
  type Vec3,
  type Volume,
} from "../../../numerics/volume/index.ts";
import { closestAxes, lpsGeometry } from "../../../numerics/volume/resample/reorient.ts";

/** Image axes further than this from the body's are tilted: their slices are not axial ones. */
const tiltDegrees = 5;

/** Largest angle between an image axis and the body axis it runs nearest to, degrees. */
export function tiltOf(volume: Geometry): number {
  const { axes } = closestAxes(volume);
  const cosines = axes.map((axis, d) => Math.abs(volume.direction[axis][d]));
  return (Math.acos(Math.min(1, ...cosines)) * 180) / Math.PI;
}

/**
 * A mask, and the CT on its grid, with slices that are axial: the volumes themselves unless the axes of one run the
 * other way than those of the other, or they are tilted by more than 5°. Then the labels move to a grid along the body's axes by nearest neighbour, the CT linearly, with the finest
 * of the spacings along every axis: none of the tilted ones is the body's own.
 */
export function upright(
  mask: Volume<Uint8Array>,
  ct: Volume | undefined,
): { mask: Volume<Uint8Array>; ct: Volume | undefined } {
  if (ct && !sameGeometry(ct, mask)) {
    // A CT on another grid is for the caller to refuse.
    if (!sameGeometry(lpsGeometry(ct), lpsGeometry(mask))) return { mask, ct };
    return upright(reorient(mask), reorient(ct));
  }
  if (tiltOf(mask) <= tiltDegrees) return { mask, ct };
  const grid = uprightGrid(reorient(mask));
  if (!grid) return { mask, ct };
  return {
    mask: resample(mask, grid, { interpolation: "nearest" }),
    ct: ct && resample(ct, grid, { fill: -1024 }),
  };
}

/** The grid along L, P, S that holds every labelled voxel; undefined where there is none. */
function uprightGrid(mask: Volume<Uint8Array>): Geometry | undefined {
  const box = boundingBox(mask.data, mask.size);
  if (!box) return undefined;
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
    indexToPoint(
      mask,
      [0, 1, 2].map((a) => ((n >> a) & 1 ? box.end[a] : box.start[a] - 1)) as unknown as Vec3,
    ),
  );
  const mm = Math.min(...mask.spacing);
  const low = [0, 1, 2].map((d) => Math.min(...corners.map((corner) => corner[d])));
  const high = [0, 1, 2].map((d) => Math.max(...corners.map((corner) => corner[d])));
  return {
    size: low.map((from, d) => Math.ceil((high[d] - from) / mm) + 1) as unknown as Vec3,
    spacing: [mm, mm, mm],
    origin: low as unknown as Vec3,
    direction: lpsDirection,
  };
}
