import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { huOn } from "../../../../src/apps/room/view/gray.ts";
import { type Outlines, outlinesOn } from "../../../../src/apps/room/view/outlines.ts";
import { gridOf, type Pixels, placeOf, pointAt } from "../../../../src/apps/room/view/pixels.ts";
import { axesOf, edgeLetters, type Plane, planes } from "../../../../src/apps/room/view/plane.ts";
import { axisOrders } from "../../../../src/numerics/volume/axisOrders.ts";
import { indexToPoint, pointToIndex, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";

/** Where a blob lies off the middle, LPS mm: to the left, the back and the head, each by another distance. */
const mark: Vec3 = [30, 20, 10];
/** Lowest and highest voxel edge along L, P, S, mm. */
const half: Vec3 = [48, 40, 32];
const orders = axisOrders.flatMap((axes) =>
  Array.from({ length: 8 }, (_, signs) => ({
    axes,
    signs: [0, 1, 2].map((n) => ((signs >> n) & 1 ? -1 : 1)),
  })),
);

/** One body, its voxels in another order: axis n of the array runs along `axes[n]` of LPS, or against it. */
function phantom({ axes, signs }: (typeof orders)[number], label: boolean): Volume<Int16Array> {
  const spacing = axes.map((axis) => [4, 2, 3][axis]) as unknown as Vec3;
  const size = axes.map((axis, n) => Math.floor((2 * half[axis]) / spacing[n])) as unknown as Vec3;
  const direction = axes.map((axis, n) =>
    [0, 1, 2].map((a) => (a === axis ? signs[n] : 0)),
  ) as unknown as Volume["direction"];
  const origin = [0, 1, 2].map((a) => {
    const n = axes.indexOf(a as 0 | 1 | 2);
    return -signs[n] * (half[a] - spacing[n] / 2);
  }) as unknown as Vec3;
  const volume = {
    size,
    spacing,
    origin,
    direction,
    data: new Int16Array(size[0] * size[1] * size[2]).fill(-50),
  };
  for (let v = 0; v < volume.data.length; v++) {
    const index: Vec3 = [v % size[0], Math.floor(v / size[0]) % size[1], Math.floor(v / (size[0] * size[1]))];
    const point = indexToPoint(volume, index);
    const near = Math.hypot(...point.map((mm, a) => mm - mark[a])) < 7;
    volume.data[v] = label ? (near ? 2 : 0) : near ? 300 : -50;
  }
  return volume;
}

const bodies = orders.map((order) => ({ order, image: phantom(order, false), label: phantom(order, true) }));

/** A picture through the mark, with the body's middle in its own. */
const pictureOf = (plane: Plane): Pixels => ({
  plane,
  columns: 96,
  rows: 80,
  pitch: 1.2,
  middle: [0, 1, 2].map((a) => (a === axesOf[plane].along ? mark[a] : 0)) as unknown as Vec3,
});

/** Where the mark must be seen: the patient's left and back at the right, front and head above. */
const expected: Readonly<Record<Plane, readonly [right: number, down: number]>> = {
  axial: [mark[0], mark[1]],
  coronal: [mark[0], -mark[2]],
  sagittal: [mark[1], -mark[2]],
};

const brightest = (hu: ArrayLike<number>, columns: number): [number, number] => {
  let [x, y, n] = [0, 0, 0];
  for (let v = 0; v < hu.length; v++)
    if (hu[v] > 200) {
      x += (v % columns) + 0.5;
      y += Math.floor(v / columns) + 0.5;
      n++;
    }
  return [x / n, y / n];
};

describe.each(planes)("%s", (plane) => {
  const pixels = pictureOf(plane);
  const [right, down] = expected[plane];
  const at = [48 + right / pixels.pitch, 40 + down / pixels.pitch];

  test.each([true, false])("shows the mark at one place in all 48 orders of voxels, smooth: %s", (smooth) => {
    expect(orders).toHaveLength(48);
    for (const { order, image } of bodies) {
      const hu = huOn(image, gridOf(pixels), smooth);
      const [x, y] = brightest(hu, pixels.columns);
      expect(Math.abs(x - at[0]), JSON.stringify(order)).toBeLessThan(1.5);
      expect(Math.abs(y - at[1]), JSON.stringify(order)).toBeLessThan(1.5);
    }
  });

  test("outlines lie where the picture is bright, in all 48 orders", () => {
    for (const { order, label } of bodies) {
      const lines: Outlines = outlinesOn({ ...label, data: Uint8Array.from(label.data) }, plane, mark);
      expect(lines.cyst).toEqual([]);
      expect(lines.tumor).toEqual(lines.kidney);
      const [line] = lines.tumor;
      const middle = [0, 1].map((c) => {
        const values = line.filter((_, n) => n % 2 === c);
        return (Math.min(...values) + Math.max(...values)) / 2;
      });
      expect(Math.abs(middle[0] - right), JSON.stringify(order)).toBeLessThan(3);
      expect(Math.abs(middle[1] - down), JSON.stringify(order)).toBeLessThan(3);
    }
  });

  test("letters name the side of the patient at each edge", () => {
    const sides = {
      axial: { left: "R", right: "L", top: "A", bottom: "P" },
      coronal: { left: "R", right: "L", top: "H", bottom: "F" },
      sagittal: { left: "A", right: "P", top: "H", bottom: "F" },
    };
    expect(edgeLetters(axesOf[plane])).toEqual(sides[plane]);
  });

  test("a place on the picture and its point in the patient are each other's inverse", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 96, noNaN: true }),
        fc.double({ min: 0, max: 80, noNaN: true }),
        (x, y) => {
          const [u, v] = placeOf(pixels, pointAt(pixels, [x, y]));
          expect(Math.hypot(u - x, v - y)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});

test("the picture's grid is the picture: its first pixel lies where the pixel's middle does", () => {
  for (const plane of planes) {
    const pixels = pictureOf(plane);
    const index = pointToIndex(gridOf(pixels), pointAt(pixels, [10.5, 20.5]));
    expect(index.map((n) => Math.round(1e6 * n) / 1e6)).toEqual([10, 20, 0]);
  }
});
