import { loops } from "../../../imaging/nephrometry/figure/loops.ts";
import { indexToPoint, resample, type Vec3, type Volume } from "../../../numerics/volume/index.ts";
import { dot } from "../../../numerics/volume/vector.ts";
import { axesOf, type Plane } from "./plane.ts";

/** What a mask marks, by label; the kidney's line goes round what lies in it too. */
export const structures = [
  { name: "kidney", label: 1 },
  { name: "tumor", label: 2 },
  { name: "cyst", label: 3 },
] as const;
export type Structure = (typeof structures)[number]["name"];

/** The borders of a mask's structures on one slice: closed lines, each `[right, down, right, down, …]`, mm along the screen from LPS 0. */
export type Outlines = Readonly<Record<Structure, readonly (readonly number[])[]>>;

const none: Outlines = { kidney: [], tumor: [], cyst: [] };

/** The outlines where a slice through a point cuts the mask. Borders run along the mask's own voxels. */
export function outlinesOn(mask: Volume<Uint8Array>, plane: Plane, point: Vec3): Outlines {
  const { right, down, normal } = axesOf[plane];
  const corners = Array.from({ length: 8 }, (_, c) =>
    indexToPoint(mask, [0, 1, 2].map((a) => ((c >> a) & 1 ? mask.size[a] - 0.5 : -0.5)) as unknown as Vec3),
  );
  const span = (way: Vec3) => {
    const at = corners.map((corner) => dot(corner, way));
    return [Math.min(...at), Math.max(...at)] as const;
  };
  const [u, v] = [span(right), span(down)];
  const depth = dot(point, normal);
  const step = [pitchAlong(mask, right), pitchAlong(mask, down)] as const;
  const size: Vec3 = [Math.round((u[1] - u[0]) / step[0]), Math.round((v[1] - v[0]) / step[1]), 1];
  const at = (a: number, b: number): Vec3 =>
    [0, 1, 2].map((c) => right[c] * a + down[c] * b + normal[c] * depth) as unknown as Vec3;
  const grid = {
    size,
    spacing: [step[0], step[1], 1] as const,
    origin: at(u[0] + step[0] / 2, v[0] + step[1] / 2),
    direction: [right, down, normal] as const,
  };
  const { data } = resample(mask, grid, { interpolation: "nearest" });
  if (!data.some((label) => label > 0)) return none;
  const border = (inside: (label: number) => boolean) =>
    loops((i, j) => inside(data[i + size[0] * j]), size[0], size[1], step).map((loop) =>
      loop.map((mm, c) => mm + (c % 2 === 0 ? u[0] : v[0])),
    );
  return {
    kidney: border((label) => label > 0),
    tumor: border((label) => label === 2),
    cyst: border((label) => label === 3),
  };
}

/** Distance of voxels along the axis of a volume that runs nearest to a way, mm. */
export function pitchAlong({ direction, spacing }: Volume, way: Vec3): number {
  const share = direction.map((axis) => Math.abs(dot(axis, way)));
  return spacing[share.indexOf(Math.max(...share))];
}
