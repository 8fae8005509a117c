import {
  type Box,
  boundingBox,
  boxSize,
  connectedComponents,
  crop,
  grownBox,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { maskWhere } from "./inPlane.ts";

/** A mask of labels without the faults of drawing that would be read as anatomy. */
export interface CleanLabels {
  readonly mask: Volume<Uint8Array>;
  /** What was filled or taken away, and how much of it, a sentence each; none for a mask without such faults. */
  readonly remarks: readonly string[];
}

/** A piece of tumour smaller than this, mL (a sphere of 4.6 mm), is a speck, unless there is no larger one. */
export const speckMl = 0.05;
/** A hollow that is not all within a tumour or cyst, and larger than this, mL (a sphere of 10 mm), is a sinus. */
const hollowMl = 0.5;
/** Share of a hollow's rim from which it lies within what makes up that rim, and between that and the kidney. */
const within = 0.9;
const between = 0.5;
/** Voxels of a tumour's hole in one slice, of any of the three directions, that may be a tunnel of the drawing. */
const tunnelVoxels = 4;
/** Voxels along it that set a tunnel apart from a pit or cleft of the outline. */
const tunnelLength = 3;

/**
 * Fills what is empty within a tumour or cyst, and takes away specks of tumour:
 *
 * - hollows that no path over faces joins to the outside: of any size where nine tenths of their rim are tumour or cyst,
 *   up to 0.5 mL where half of it is, the rest being kidney, and no edge or corner is open; each voxel takes the label
 *   nearest to it;
 * - tunnels: holes of up to four voxels within tumour in slices of any of the three directions, where they are three voxels
 *   long or shut a hollow;
 * - pieces of tumour under 0.05 mL beside a larger one: kidney or cyst where they lie in such, else nothing.
 *
 * Hollows of the kidney alone stay: sinus fat lies in such. Where the score hangs on them, `caveats` says so.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst, perhaps 4 sinus, 5 collecting system, above that background; any orientation
 */
export function cleanLabels(mask: Volume<Uint8Array>): CleanLabels {
  const whole = boundingBox(mask.data, mask.size);
  if (!whole) return { mask, remarks: [] };
  const box = grownBox(whole, 1, [1, 1, 1]);
  const part = crop(mask, box);
  const before = part.data.slice();
  const specks = removeSpecks(part);
  const given = part.data.slice();
  fillHollows(part, isFault);
  const holes = countHoles(given, part);
  const remarks = [...holes, ...specks];
  if (remarks.length === 0) return { mask, remarks };
  return { mask: { ...mask, data: changed(mask, box, before, part.data) }, remarks };
}

/**
 * The mask with every hollow filled that may be a fault of drawing: what {@link cleanLabels} fills, closed hollows of up to
 * 0.5 mL beside the kidney's label, and tunnels in it.
 *
 * @param mask empty at its edges
 * @param isSinus told a hollow's voxels, whether they are known to be sinus
 */
export function withoutHollows(
  mask: Volume<Uint8Array>,
  isSinus: (hollow: readonly number[]) => boolean,
): Volume<Uint8Array> {
  const part = { ...mask, data: mask.data.slice() };
  fillHollows(part, (rim, ml, hollow) => (ml <= hollowMl && !isSinus(hollow)) || isFault(rim, ml), true);
  return part;
}

/** Faces of a hollow by the label beyond them. */
interface Rim extends Readonly<Record<1 | 2 | 3, number>> {
  /** It touches the outside over an edge or corner. */
  readonly cleft: boolean;
}
type Fill = (rim: Rim, ml: number, hollow: readonly number[]) => boolean;

function isFault({ 1: kidney, 2: tumor, 3: cyst, cleft }: Rim, ml: number): boolean {
  const share = (tumor + cyst) / (kidney + tumor + cyst);
  return share >= within || (share >= between && ml <= hollowMl && !cleft);
}

/** Fills tunnels and closed hollows in turn, for a tunnel may lead to a hollow, until there are none. */
function fillHollows(part: Volume<Uint8Array>, fill: Fill, kidneyToo = false): void {
  do spread(part, closedHollows(part, fill).flat());
  while (fillTunnels(part, fill, kidneyToo));
}

const isEmpty = (label: number) => label === 0 || label > 5;

/** The six voxels around one that is not at the edge. */
const around = ([nx, ny]: Vec3) => [-1, 1, -nx, nx, -nx * ny, nx * ny] as const;

/** The voxels of each hollow that no path over faces joins to the outside, and that is to be filled. */
function closedHollows(part: Volume<Uint8Array>, fill: Fill): number[][] {
  const { data, size } = part;
  const { labels, sizes } = connectedComponents(
    maskWhere(data.length, (n) => isEmpty(data[n])),
    size,
    6,
  );
  const outside = labels[0];
  if (sizes.length === 1) return [];
  const steps = around(size);
  const corners = [-1, 0, 1].flatMap((i) =>
    [-1, 0, 1].flatMap((j) => [-1, 0, 1].map((k) => i + size[0] * (j + size[1] * k))),
  );
  const found = sizes.map(() => ({ voxels: [] as number[], faces: [0, 0, 0, 0, 0, 0], cleft: false }));
  for (let n = 0; n < data.length; n++) {
    if (labels[n] === 0 || labels[n] === outside) continue;
    const hollow = found[labels[n] - 1];
    hollow.voxels.push(n);
    for (const step of steps) if (!isEmpty(data[n + step])) hollow.faces[data[n + step]]++;
    hollow.cleft ||= corners.some((step) => labels[n + step] === outside);
  }
  const voxelMl = voxelVolumeMl(part);
  return found.flatMap(({ voxels, faces, cleft }) => {
    const [, kidney, tumor, cyst, sinus, collecting] = faces;
    // What somebody drew as sinus is known; what lies beside it belongs to it.
    if (voxels.length === 0 || sinus + collecting > 0) return [];
    const rim = { 1: kidney, 2: tumor, 3: cyst, cleft };
    return fill(rim, voxels.length * voxelMl, voxels) ? [voxels] : [];
  });
}

/** Gives voxels the label of most of their six neighbours, from the rim inwards; in doubt tumour, then cyst. */
function spread({ data, size }: Volume<Uint8Array>, voxels: readonly number[]): void {
  const steps = around(size);
  for (const n of voxels) data[n] = 0;
  let rest = voxels;
  while (rest.length > 0) {
    const next = rest.map((n) => {
      const votes = [0, 0, 0, 0, 0, 0];
      for (const step of steps) votes[isEmpty(data[n + step]) ? 0 : data[n + step]]++;
      const most = Math.max(votes[1], votes[2], votes[3]);
      return most === 0 ? 0 : [2, 3, 1].find((label) => votes[label] === most)!;
    });
    const left = rest.filter((_, m) => next[m] === 0);
    for (const [m, n] of rest.entries()) data[n] = next[m];
    if (left.length === rest.length) return;
    rest = left;
  }
}

/** Fills tunnels, and what opens a hollow like a window. @returns whether there was any */
function fillTunnels(part: Volume<Uint8Array>, fill: Fill, kidneyToo: boolean): boolean {
  const { data, size } = part;
  const steps = around(size);
  const groups = groupsOf(narrow(part, kidneyToo), steps);
  const tunnels = groups.filter((group) => isTunnel(group, part));
  const windows = groups.filter((group) => !tunnels.includes(group) && openings(group, part).length > 1);
  if (windows.length > 0) {
    const shut = { ...part, data: data.slice() };
    spread(shut, [...tunnels, ...windows].flat());
    const hollow = new Set(closedHollows(shut, fill).flat());
    tunnels.push(...windows.filter((group) => group.some((n) => steps.some((step) => hollow.has(n + step)))));
  }
  const filled = new Set(tunnels.flat());
  spread(part, [...filled]);
  if (filled.size === 0) return false;
  // A tunnel's end beyond the tumour, now closed.
  const isEnd: Fill = (_rim, _ml, hollow) =>
    hollow.length <= tunnelVoxels && hollow.some((n) => steps.some((step) => filled.has(n + step)));
  spread(part, closedHollows(part, isEnd).flat());
  return true;
}

/** The voxels of small holes in slices of the three directions. */
function narrow({ data, size }: Volume<Uint8Array>, kidneyToo: boolean): Set<number> {
  const [nx, ny, nz] = size;
  const [x, y, z] = [1, nx, nx * ny];
  const solid = (n: number) => (kidneyToo ? data[n] >= 1 && data[n] <= 3 : data[n] === 2);
  const found = new Set<number>();
  const addHole = (n: number, a: number, b: number) => {
    for (const voxel of holeAt(data, n, a, b, solid)) found.add(voxel);
  };
  for (let k = 1; k < nz - 1; k++)
    for (let j = 1; j < ny - 1; j++)
      for (let i = 1, n = i + nx * (j + ny * k); i < nx - 1; i++, n++) {
        if (!isEmpty(data[n])) continue;
        // The first voxel of a slice's hole has its rim before it.
        const beforeX = solid(n - x);
        const beforeY = solid(n - y);
        const beforeZ = solid(n - z);
        if (beforeX && beforeY) addHole(n, x, y);
        if (beforeX && beforeZ) addHole(n, x, z);
        if (beforeY && beforeZ) addHole(n, y, z);
      }
  return found;
}

/** The hole of a slice that a voxel lies in, where it is small and its rim solid; else nothing. */
function holeAt(
  data: Uint8Array,
  first: number,
  a: number,
  b: number,
  solid: (n: number) => boolean,
): readonly number[] {
  const hole = [first];
  for (let at = 0; at < hole.length; at++)
    for (const step of [-a, a, -b, b]) {
      const n = hole[at] + step;
      if (solid(n) || hole.includes(n)) continue;
      if (!isEmpty(data[n]) || hole.length === tunnelVoxels) return [];
      hole.push(n);
    }
  return hole;
}

/** Voxels that touch by faces, together. */
function groupsOf(voxels: ReadonlySet<number>, steps: readonly number[]): number[][] {
  const left = new Set(voxels);
  const groups: number[][] = [];
  for (const first of voxels) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (let at = 0; at < group.length; at++)
      for (const step of steps) if (left.delete(group[at] + step)) group.push(group[at] + step);
    groups.push(group);
  }
  return groups;
}

/** The ways, of six, in which a group of voxels opens to what else is empty. */
function openings(group: readonly number[], { data, size }: Volume<Uint8Array>): number[] {
  const own = new Set(group);
  return around(size).filter((step) => group.some((n) => isEmpty(data[n + step]) && !own.has(n + step)));
}

/** Whether a group is long enough, into the depth where it opens to one side: short ones are pits and clefts of the outline. */
function isTunnel(group: readonly number[], part: Volume<Uint8Array>): boolean {
  const [nx, ny] = part.size;
  const length = (axis: number) => {
    const at = group.map((n) =>
      axis === 0 ? n % nx : axis === 1 ? Math.floor(n / nx) % ny : Math.floor(n / (nx * ny)),
    );
    return Math.max(...at) - Math.min(...at) + 1;
  };
  const open = openings(group, part);
  const axes = open.length === 1 ? [[1, nx, nx * ny].indexOf(Math.abs(open[0]))] : [0, 1, 2];
  return axes.some((axis) => length(axis) >= tunnelLength);
}

/** Small pieces of tumour: to what they lie in, or to nothing. */
function removeSpecks(part: Volume<Uint8Array>): string[] {
  const { data, size } = part;
  const { labels, sizes } = connectedComponents(
    maskWhere(data.length, (n) => data[n] === 2),
    size,
  );
  const voxelMl = voxelVolumeMl(part);
  const counted = sizes.filter((n, t) => t === 0 || n * voxelMl >= speckMl).length;
  if (counted === sizes.length) return [];
  const specks: number[] = [];
  for (let n = 0; n < data.length; n++) if (labels[n] > counted) specks.push(n);
  const steps = around(size);
  const beside = sizes.map(() => [0, 0, 0, 0, 0, 0]);
  for (const n of specks)
    for (const step of steps)
      if (data[n + step] !== 2) beside[labels[n] - 1][isEmpty(data[n + step]) ? 0 : data[n + step]]++;
  for (const n of specks) {
    const votes = beside[labels[n] - 1];
    data[n] = votes.indexOf(Math.max(...votes));
  }
  const count = sizes.length - counted;
  return [
    `${count} ${count === 1 ? "speck" : "specks"} of tumour label, ${milliliters(specks.length * voxelMl)} in all, not counted as tumour`,
  ];
}

/** What was filled, by the label it was given. */
function countHoles(before: Uint8Array, part: Volume<Uint8Array>): string[] {
  const filled = [0, 0, 0, 0];
  for (let n = 0; n < before.length; n++) if (before[n] !== part.data[n]) filled[part.data[n]]++;
  const all = filled[1] + filled[2] + filled[3];
  if (all === 0) return [];
  const where =
    filled[1] > 0
      ? "where tumour or cyst meet kidney"
      : filled[3] === 0
        ? "inside the tumour label"
        : filled[2] === 0
          ? "inside the cyst label"
          : "inside the tumour and cyst labels";
  return [`${milliliters(all * voxelVolumeMl(part))} of holes ${where} filled`];
}

export const milliliters = (ml: number): string => `${ml >= 1 ? ml.toFixed(1) : +ml.toPrecision(2)} mL`;

/** The mask's voxels with those of a part that changed. */
function changed(
  { data, size }: Volume<Uint8Array>,
  box: Box,
  before: Uint8Array,
  after: Uint8Array,
): Uint8Array {
  const out = data.slice();
  const [nx, ny] = boxSize(box);
  for (let n = 0; n < before.length; n++) {
    if (before[n] === after[n]) continue;
    const i = box.start[0] + (n % nx);
    const j = box.start[1] + (Math.floor(n / nx) % ny);
    const k = box.start[2] + Math.floor(n / (nx * ny));
    out[i + size[0] * (j + size[1] * k)] = after[n];
  }
  return out;
}
