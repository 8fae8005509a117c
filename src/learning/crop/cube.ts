import {
  type Box,
  type Geometry,
  gridAround,
  indexToPoint,
  resample,
  type Vec3,
  type Volume,
} from "../../numerics/volume/index.ts";
import { type CropSettings, edgesMm } from "./cropInput.ts";

/** The grids of a crop's cubes. @param center LPS mm */
export const cubesAround = (center: Vec3, settings: CropSettings): Geometry[] =>
  edgesMm(settings).map((edge) => {
    const { voxels } = settings;
    const spacing = edge / voxels;
    return gridAround(center, [voxels, voxels, voxels], [spacing, spacing, spacing]);
  });

/** What each voxel of a grid holds of kidney, tumour and cyst, and of the tumour alone: `[2, D, H, W]`, 0 … 255. */
export function occupancies(mask: Volume<Uint8Array>, grid: Geometry): Uint8Array {
  const of = (inside: (label: number) => boolean) => {
    const binary = { ...mask, data: mask.data.map((label) => (inside(label) ? 255 : 0)) };
    return resample(binary, grid, { antialias: true }).data.map(Math.round);
  };
  const kidney = of((label) => label > 0);
  const both = new Uint8Array(2 * kidney.length);
  both.set(kidney);
  both.set(
    of((label) => label === 2),
    kidney.length,
  );
  return both;
}

/** The middle of a box of voxels, LPS mm. */
export const middleOfBox = ({ start, end }: Box, on: Geometry): Vec3 => {
  const middle = (axis: 0 | 1 | 2) => (start[axis] + end[axis] - 1) / 2;
  return indexToPoint(on, [middle(0), middle(1), middle(2)]);
};
