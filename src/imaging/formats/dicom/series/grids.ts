import { cross } from "../../../../numerics/volume/vector.ts";
import type { Plane } from "../file/header.ts";
import { clusters } from "./clusters.ts";
import { type Places, places } from "./places.ts";
import type { Slice, SlicesAside } from "./slice.ts";

/** Slices of one size, orientation, pixel spacing and frame of reference. */
export interface Grid {
  readonly slices: readonly Slice[];
  readonly places: Places;
}

/** What headers round: components of unit vectors, and mm between pixels. */
export const alike = { cosine: 1e-3, spacing: 5e-4 };

/** The grids of a series; fewer than three slices beside a grid of more are set aside. */
export function gridsOf(slices: readonly Slice[]): { grids: Grid[]; aside: SlicesAside[] } {
  const sizes = Map.groupBy(slices, ({ file: { header } }) =>
    JSON.stringify([header.rows, header.columns, header.frameOfReference]),
  );
  const groups = [...sizes.values()].flatMap((group) =>
    clusters(group, ({ plane: { row, column, spacing } }) => [...row, ...column, ...spacing], [
      ...new Array(6).fill(alike.cosine),
      alike.spacing,
      alike.spacing,
    ]),
  );
  const grids = groups.map((group): Grid => ({ slices: group, places: placesAlong(group) }));
  const large = grids.filter((grid) => grid.places.count(grid.slices) >= 3);
  if (large.length === 0) return { grids, aside: [] };
  const main = large.reduce((a, b) => (b.slices.length > a.slices.length ? b : a));
  const small = grids.filter((grid) => !large.includes(grid));
  return {
    grids: large,
    aside: small.map(({ slices: odd }) => ({ slices: odd, reason: differs(odd[0], main.slices[0]) })),
  };
}

function placesAlong(slices: readonly Slice[]): Places {
  const { row, column, spacing } = usualPlane(slices);
  return places(cross(row, column), Math.min(...spacing));
}

/** The plane whose orientation and spacing most slices have, to the last digit. */
export function usualPlane(slices: readonly Slice[]): Plane {
  const same = Map.groupBy(slices, ({ plane: { row, column, spacing } }) =>
    JSON.stringify([row, column, spacing]),
  );
  const [[, [{ plane }]]] = [...same].sort(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  );
  return plane;
}

function differs(odd: Slice, usual: Slice): string {
  const [a, b] = [odd.file.header, usual.file.header];
  if (a.rows !== b.rows || a.columns !== b.columns)
    return `another size than the series' other slices: ${a.columns} × ${a.rows}, not ${b.columns} × ${b.rows}`;
  if (a.frameOfReference !== b.frameOfReference)
    return "another frame of reference than the series' other slices";
  const turned = [0, 1, 2].some((axis) =>
    (["row", "column"] as const).some(
      (way) => Math.abs(odd.plane[way][axis] - usual.plane[way][axis]) > alike.cosine,
    ),
  );
  const written = ({ plane: { spacing } }: Slice) => spacing.map((mm) => Number(mm.toFixed(4))).join(" × ");
  return turned
    ? "another orientation than the series' other slices"
    : `another pixel spacing than the series' other slices: ${written(odd)} mm, not ${written(usual)} mm`;
}
