/** Corners in pixels, x and y in turn; the last joins the first. */
export type Polygon = Float64Array;

/** What was unusual of polygons of one plane. */
export interface PolygonFaults {
  /** Written more than once; the copies are left out. */
  readonly copies: number;
  /** Cross themselves, or overlap another in part. */
  readonly crossing: number;
}

export const allFaults = (faults: readonly PolygonFaults[]): PolygonFaults => ({
  copies: faults.reduce((sum, { copies }) => sum + copies, 0),
  crossing: faults.reduce((sum, { crossing }) => sum + crossing, 0),
});

/** Corners no further apart are the same, pixels. */
const same = 0.05;
/** Areas that differ by more than this share are different. */
const share = 0.02;
/** Two that share all but this part of the larger are one structure's. */
const rivals = 0.3;

/** Sets the pixels whose centre lies inside of an odd number of polygons to 1; copies count once. */
export function fillPolygons(
  pixels: Uint8Array,
  [nx, ny]: readonly [number, number],
  polygons: readonly Polygon[],
): PolygonFaults {
  const distinct = withoutCopies(polygons);
  for (const [j, row] of crossingsOf(distinct, ny).entries())
    for (let n = 0; n + 1 < row.length; n += 2) {
      const from = Math.max(0, Math.ceil(row[n]));
      const to = Math.min(nx, Math.ceil(row[n + 1]));
      if (from < to) pixels.fill(1, j * nx + from, j * nx + to);
    }
  return { copies: polygons.length - distinct.length, crossing: crossingAmong(distinct, ny) };
}

/** Where the centre line of each row crosses the polygons, in order. */
function crossingsOf(polygons: readonly Polygon[], ny: number): number[][] {
  const rows: number[][] = Array.from({ length: ny }, () => []);
  for (const polygon of polygons) eachCrossing(polygon, ny, (j, x) => void rows[j].push(x));
  for (const row of rows) row.sort((a, b) => a - b);
  return rows;
}

/** @param visit gets the row, where it is crossed, and 1 or −1 for the way */
function eachCrossing(
  polygon: Polygon,
  ny: number,
  visit: (row: number, x: number, way: number) => void,
): void {
  for (let n = 0, count = polygon.length / 2; n < count; n++) {
    const m = (n + 1) % count;
    let [x0, y0, x1, y1] = [polygon[2 * n], polygon[2 * n + 1], polygon[2 * m], polygon[2 * m + 1]];
    const way = y0 > y1 ? -1 : 1;
    if (y0 > y1) [x0, y0, x1, y1] = [x1, y1, x0, y0];
    // From the lower end, not to the upper one: a corner on a row's centre counts once.
    for (let j = Math.max(0, Math.ceil(y0)); j < Math.min(ny, Math.ceil(y1)); j++)
      visit(j, x0 + ((j - y0) / (y1 - y0)) * (x1 - x0), way);
  }
}

/** How many cross themselves (they cover some place twice, or the wrong way round) or another one. */
function crossingAmong(polygons: readonly Polygon[], ny: number): number {
  const areas = polygons.map((polygon) => oddArea([polygon], ny));
  const differ = (a: number, b: number) => Math.abs(a - b) > Math.max(1, share * Math.max(a, b));
  const crossed = new Set<number>();
  for (const [n, polygon] of polygons.entries()) {
    let wound = 0;
    eachCrossing(polygon, ny, (_, x, way) => {
      wound += way * x;
    });
    if (differ(areas[n], Math.abs(wound))) crossed.add(n);
    const box = boundsOf(polygon);
    for (let m = 0; m < n; m++) {
      if (!meet(box, boundsOf(polygons[m]))) continue;
      const common = (areas[n] + areas[m] - oddArea([polygon, polygons[m]], ny)) / 2;
      if (differ(common, 0) && differ(common, Math.min(areas[n], areas[m]))) crossed.add(n).add(m);
    }
  }
  return crossed.size;
}

/** Whether two would all but cancel each other out: one structure in neighbouring planes, no hole in the other. */
export function alike(a: Polygon, b: Polygon, ny: number): boolean {
  const [own, other] = [oddArea([a], ny), oddArea([b], ny)];
  return oddArea([a, b], ny) < rivals * Math.max(own, other);
}

/** Of what an odd number of polygons cover, pixels. */
function oddArea(polygons: readonly Polygon[], ny: number): number {
  let area = 0;
  for (const row of crossingsOf(polygons, ny))
    for (let n = 0; n + 1 < row.length; n += 2) area += row[n + 1] - row[n];
  return area;
}

/** Of two that would cancel each other out, wherever they begin and whichever way they run, the first. */
function withoutCopies(polygons: readonly Polygon[]): Polygon[] {
  const kept: { polygon: Polygon; corners: Polygon; box: Bounds }[] = [];
  for (const polygon of polygons) {
    const corners = cornersOf(polygon);
    const box = boundsOf(corners);
    const copy = kept.some(
      (other) =>
        other.box.every((at, n) => Math.abs(at - box[n]) <= same) && sameCorners(other.corners, corners),
    );
    if (!copy) kept.push({ polygon, corners, box });
  }
  return kept.map(({ polygon }) => polygon);
}

/** Without corners written twice in turn, as the first one is at the end of some contours. */
function cornersOf(polygon: Polygon): Polygon {
  const count = polygon.length / 2;
  const kept: number[] = [];
  for (let n = 0; n < count; n++) {
    const m = (n + 1) % count;
    const [x, y] = [polygon[2 * n], polygon[2 * n + 1]];
    if (Math.hypot(polygon[2 * m] - x, polygon[2 * m + 1] - y) > same) kept.push(x, y);
  }
  return Float64Array.from(kept);
}

function sameCorners(a: Polygon, b: Polygon): boolean {
  const count = a.length / 2;
  if (b.length !== a.length) return false;
  const near = (n: number, m: number) =>
    Math.abs(a[2 * n] - b[2 * m]) <= same && Math.abs(a[2 * n + 1] - b[2 * m + 1]) <= same;
  const fits = (from: number, way: number) => {
    for (let n = 0; n < count; n++) if (!near(n, (from + way * n + count * count) % count)) return false;
    return true;
  };
  for (let from = 0; from < count; from++)
    if (near(0, from) && (fits(from, 1) || fits(from, -1))) return true;
  return false;
}

type Bounds = readonly [x0: number, y0: number, x1: number, y1: number];

function boundsOf(polygon: Polygon): Bounds {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < polygon.length; n += 2) {
    x0 = Math.min(x0, polygon[n]);
    x1 = Math.max(x1, polygon[n]);
    y0 = Math.min(y0, polygon[n + 1]);
    y1 = Math.max(y1, polygon[n + 1]);
  }
  return [x0, y0, x1, y1];
}

const meet = (a: Bounds, b: Bounds): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
