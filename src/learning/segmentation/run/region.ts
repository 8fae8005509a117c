import { TrinephronError } from "../../../base/errors.ts";
import { type Box, type Geometry, pointToIndex, type Vec3 } from "../../../numerics/volume/index.ts";
import { clippedBox } from "../../../numerics/volume/shape/boundingBox.ts";

/** Two corners, LPS mm. */
export type Corners = readonly [Vec3, Vec3];

/**
 * The voxels of a box in the patient, and of what surrounds it up to `least` voxels along each axis: a network that
 * reads less than one of its tiles would read zeros in place of tissue.
 *
 * @throws E_GEOMETRY where the box lies outside the image
 */
export function regionBox(geometry: Geometry, corners: Corners, least: Vec3): Box {
  const indices = Array.from({ length: 8 }, (_, c) =>
    pointToIndex(geometry, [corners[c & 1][0], corners[(c >> 1) & 1][1], corners[(c >> 2) & 1][2]]),
  );
  const edge = (axis: number, of: (...values: number[]) => number) =>
    of(...indices.map((index) => index[axis]));
  const inside = [0, 1, 2].every(
    (axis) => edge(axis, Math.max) >= -0.5 && edge(axis, Math.min) <= geometry.size[axis] - 0.5,
  );
  if (!inside)
    throw new TrinephronError(
      "E_GEOMETRY",
      `the box from ${corners[0].join(", ")} to ${corners[1].join(", ")} mm (LPS) lies outside the image`,
      "give it in the image's own coordinates",
    );
  const spans = [0, 1, 2].map((axis) => {
    const [low, high] = [Math.round(edge(axis, Math.min)), Math.round(edge(axis, Math.max)) + 1];
    const lacking = Math.max(0, least[axis] - (high - low));
    const n = geometry.size[axis];
    // Moved into the image where it lies at its edge.
    const start = Math.max(0, Math.min(low - Math.floor(lacking / 2), n - (high - low) - lacking));
    return [start, start + (high - low) + lacking];
  });
  return clippedBox(
    {
      start: [spans[0][0], spans[1][0], spans[2][0]],
      end: [spans[0][1], spans[1][1], spans[2][1]],
    },
    geometry.size,
  );
}
