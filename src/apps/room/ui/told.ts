import type { Vec3 } from "../../../numerics/volume/index.ts";
import { extent, mask, type Shown } from "../store/store.ts";
import { sliceOf, voxelAt } from "../view/cursor.ts";
import { structures } from "../view/outlines.ts";
import type { Plane } from "../view/plane.ts";
import { words } from "../words.ts";

/** What lies at a point: its HU in words. */
export function huAt({ volume }: Shown, point: Vec3): string {
  const value = voxelAt(volume, point);
  return value === undefined ? words.outside : words.hu(Math.round(value).toString().replace("-", "−"));
}

/** The mask's structure at a point; empty where there is none. */
export function structureAt(point: Vec3): string {
  const label = mask.value && voxelAt(mask.value, point);
  const structure = structures.find((each) => each.label === label);
  return structure ? words.structures[structure.name].toLowerCase() : "";
}

/** Where the crosshair is and what lies there, for who does not see the picture. */
export function toldOf(image: Shown, plane: Plane, point: Vec3): string {
  const { n, of } = sliceOf(image.volume, plane, point, extent.value);
  return words.told(words.planes[plane], n, of, words.point(point), huAt(image, point), structureAt(point));
}
