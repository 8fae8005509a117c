import type { Vec3 } from "../../../numerics/volume/index.ts";
import { type Loops, loops } from "./loops.ts";
import type { Shape } from "./scene.ts";

/** A plane of the kidney's grid laid into a box of the figure, seen as radiologists do: the patient's right at the left. */
export interface View {
  /** mm from the plane's upper left corner to px of the figure. */
  place(uMm: number, vMm: number): [number, number];
  /** The centre of a voxel, px. */
  voxel(index: Vec3): [number, number];
  /** Borders of a mask in this plane, px. */
  borders(mask: (n: number) => boolean): Loops;
  /** Width and height of the plane, mm. */
  readonly extent: readonly [number, number];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Slice k seen from the feet, front up. */
export function axialView([nx, ny]: Vec3, spacing: Vec3, k: number, box: Box, pxPerMm: number): View {
  const voxelAt = (u: number, v: number) => [u + nx * (v + ny * k)];
  return planeView([nx, ny], [spacing[0], spacing[1]], ([i, j]) => [i, j], voxelAt, box, pxPerMm);
}

/** Plane j seen from the front, head up; without j, all planes laid over each other. */
export function coronalView(
  [nx, ny, nz]: Vec3,
  spacing: Vec3,
  j: number | undefined,
  box: Box,
  pxPerMm: number,
): View {
  const rows = j === undefined ? Array.from({ length: ny }, (_, row) => row) : [j];
  const voxelAt = (u: number, v: number) => rows.map((row) => u + nx * (row + ny * (nz - 1 - v)));
  return planeView([nx, nz], [spacing[0], spacing[2]], ([i, , k]) => [i, nz - 1 - k], voxelAt, box, pxPerMm);
}

function planeView(
  [nu, nv]: readonly [number, number],
  step: readonly [number, number],
  toPlane: (index: Vec3) => readonly [number, number],
  voxels: (u: number, v: number) => number[],
  box: Box,
  pxPerMm: number,
): View {
  const extent = [nu * step[0], nv * step[1]] as const;
  const left = box.x + (box.width - extent[0] * pxPerMm) / 2;
  const top = box.y + (box.height - extent[1] * pxPerMm) / 2;
  const place = (u: number, v: number): [number, number] => [left + u * pxPerMm, top + v * pxPerMm];
  return {
    extent,
    place,
    voxel: (index) => {
      const [u, v] = toPlane(index);
      return place((u + 0.5) * step[0], (v + 0.5) * step[1]);
    },
    borders: (mask) =>
      loops((u, v) => voxels(u, v).some(mask), nu, nv, step).map((loop) =>
        loop.map((x, c) => (c % 2 === 0 ? left : top) + x * pxPerMm),
      ),
  };
}

/** A region's fill and border. */
export function region(borders: Loops, fill: string, stroke?: string, opacity?: number): Shape[] {
  if (borders.length === 0) return [];
  const area: Shape = { kind: "area", loops: borders, fill, ...(opacity !== undefined && { opacity }) };
  if (!stroke) return [area];
  return [
    area,
    ...borders.map((points): Shape => ({ kind: "line", points, color: stroke, width: 1, closed: true })),
  ];
}
