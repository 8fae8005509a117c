import { describe, expect, test } from "vitest";
import {
  anterior,
  cIndex,
  exophytic,
  location,
  nearness,
  radius,
} from "../../../src/imaging/nephrometry/index.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";

/** Boxes of voxels, each `[from, to)` along i, j, k. */
function boxes(
  size: Vec3,
  list: readonly (readonly [Vec3, Vec3])[],
  spacing: Vec3 = [1, 1, 1],
): Volume<Uint8Array> {
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (const [from, to] of list)
    for (let k = from[2]; k < to[2]; k++)
      for (let j = from[1]; j < to[1]; j++)
        for (let i = from[0]; i < to[0]; i++) data[i + size[0] * (j + size[1] * k)] = 1;
  return { size, spacing, origin: [0, 0, 0], direction: lpsDirection, data };
}

describe("R: ≤ 40 mm 1, between 2, ≥ 70 mm 3", () => {
  test.each([
    [40, 1],
    [41, 2],
    [69, 2],
    [70, 3],
  ])("%d mm: %d", (mm, points) => {
    const bar = boxes(
      [80, 3, 3],
      [
        [
          [2, 1, 1],
          [2 + mm + 1, 2, 2],
        ],
      ],
    );
    expect(radius(bar, "in-plane")).toEqual({ points, mm });
    expect(radius(bar, "3d")).toEqual({ points, mm });
  });

  test("a tumour that stands upright is long in 3D only", () => {
    const upright = boxes(
      [10, 10, 30],
      [
        [
          [2, 2, 2],
          [6, 5, 28],
        ],
      ],
      [1, 1, 2],
    );
    expect(radius(upright, "in-plane").mm).toBeCloseTo(Math.hypot(3, 2), 6);
    expect(radius(upright, "3d").mm).toBeCloseTo(Math.hypot(3, 2, 50), 6);
  });
});

describe("E: at least half outside 1, less 2, none 3", () => {
  test.each([
    [0, 1],
    [5, 1],
    [6, 2],
    [9, 2],
    [10, 3],
  ])("%d of 10 columns inside the kidney's hull: %d", (columns, points) => {
    const size: Vec3 = [40, 30, 3];
    const from = 20 - columns;
    const tumor = boxes(size, [
      [
        [from, 10, 1],
        [from + 10, 20, 2],
      ],
    ]);
    const rest = boxes(size, [
      [
        [5, 5, 0],
        [20, 25, 3],
      ],
    ]).data.map((v, n) => (tumor.data[n] === 1 ? 0 : v));
    expect(exophytic(tumor, rest)).toEqual({ points, endophyticFraction: columns / 10 });
  });

  test("what lies between two pieces of kidney is outside both", () => {
    const size: Vec3 = [40, 30, 1];
    const tumor = boxes(size, [
      [
        [15, 10, 0],
        [25, 20, 1],
      ],
    ]);
    const pieces = boxes(size, [
      [
        [5, 5, 0],
        [12, 25, 1],
      ],
      [
        [28, 5, 0],
        [35, 25, 1],
      ],
    ]);
    expect(exophytic(tumor, pieces.data).endophyticFraction).toBe(0);
  });
});

describe("N: ≥ 7 mm 1, between 2, ≤ 4 mm 3", () => {
  const size: Vec3 = [40, 10, 4];
  test.each([
    [1, 3],
    [4, 3],
    [5, 2],
    [6, 2],
    [7, 1],
  ])("%d mm between centres: %d", (mm, points) => {
    const tumor = boxes(size, [
      [
        [2, 2, 1],
        [10, 6, 3],
      ],
    ]);
    const target = boxes(size, [
      [
        [9 + mm, 2, 1],
        [30, 6, 3],
      ],
    ]);
    expect(nearness(tumor, target.data, "centers")).toEqual({ points, mm });
    expect(nearness(tumor, target.data, "surfaces").mm).toBe(mm - 1);
  });

  test("what touches across a thick slice touches", () => {
    const tumor = boxes(
      size,
      [
        [
          [2, 2, 0],
          [10, 6, 2],
        ],
      ],
      [1, 1, 5],
    );
    const target = boxes(
      size,
      [
        [
          [2, 2, 2],
          [10, 6, 4],
        ],
      ],
      [1, 1, 5],
    );
    expect(nearness(tumor, target.data, "centers")).toEqual({ points: 2, mm: 5 });
    expect(nearness(tumor, target.data, "surfaces")).toEqual({ points: 3, mm: 0 });
  });

  test("no sinus at all", () => {
    const tumor = boxes(size, [
      [
        [2, 2, 0],
        [10, 6, 2],
      ],
    ]);
    expect(nearness(tumor, new Uint8Array(tumor.data.length))).toEqual({ points: 1, mm: Infinity });
  });
});

describe("L: lines at slices 20 and 40", () => {
  const slab = (from: number, to: number) =>
    boxes(
      [4, 4, 60],
      [
        [
          [1, 1, from],
          [3, 3, to],
        ],
      ],
    );
  test.each([
    { from: 42, to: 52, points: 1, fraction: 0, midline: false, what: "above both" },
    { from: 5, to: 20, points: 1, fraction: 0, midline: false, what: "below both" },
    { from: 36, to: 46, points: 2, fraction: 0.5, midline: false, what: "half across the upper" },
    { from: 35, to: 45, points: 3, fraction: 0.6, midline: false, what: "more than half across the upper" },
    { from: 22, to: 28, points: 3, fraction: 1, midline: false, what: "wholly between" },
    { from: 30, to: 60, points: 3, fraction: 11 / 30, midline: true, what: "up from the midline" },
    { from: 31, to: 60, points: 2, fraction: 10 / 29, midline: false, what: "up from above the midline" },
  ])("$what: $points", ({ from, to, points, fraction, midline }) => {
    expect(location(slab(from, to), [20, 40])).toEqual({
      points,
      fractionBetweenPolarLines: fraction,
      crossesMidline: midline,
      polarLinesFound: true,
    });
  });

  test("an even number of slices has two midline slices", () => {
    expect(location(slab(30, 60), [20, 41]).crossesMidline).toBe(true);
    expect(location(slab(31, 60), [20, 41]).crossesMidline).toBe(true);
    expect(location(slab(32, 60), [20, 41]).crossesMidline).toBe(false);
  });

  test("without lines, 1, and said so", () => {
    expect(location(slab(20, 40), undefined)).toMatchObject({ points: 1, polarLinesFound: false });
  });
});

describe("A: centres 10 mm apart or more from front to back", () => {
  const size: Vec3 = [4, 60, 4];
  const kidney = boxes(size, [
    [
      [1, 10, 1],
      [3, 50, 3],
    ],
  ]).data;
  test.each([
    [-10, "a"],
    [-9, "x"],
    [9, "x"],
    [10, "p"],
  ] as const)("%d mm: %s", (mm, suffix) => {
    const tumor = boxes(size, [
      [
        [1, 28 + mm, 1],
        [3, 32 + mm, 3],
      ],
    ]);
    expect(anterior(tumor, kidney)).toEqual({ suffix, mm });
  });
});

test("C-index: distance of the centres over the tumour's radius", () => {
  const size: Vec3 = [40, 40, 41];
  const kidney = boxes(size, [
    [
      [5, 5, 0],
      [36, 36, 41],
    ],
  ]).data;
  const tumor = boxes(
    size,
    [
      [
        [22, 23, 20],
        [25, 26, 21],
      ],
    ],
    [1, 1, 1],
  );
  expect(cIndex(tumor, kidney, 5)).toBeCloseTo(Math.hypot(3, 4) / 2.5, 6);
});
