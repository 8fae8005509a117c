import { expect, test } from "vitest";
import { mean, variance } from "../../../../src/numerics/stats/moments.ts";
import { type Geometry, lpsDirection } from "../../../../src/numerics/volume/index.ts";
import { spaceField, spaceFieldAt } from "../../../../src/patients/synthetic/abdomen/spaceField.ts";

const grid: Geometry = {
  size: [60, 60, 60],
  spacing: [4, 4, 4],
  origin: [-64, 8, -200],
  direction: lpsDirection,
};

test("a field has mean 0 and SD 1 over many cells", () => {
  const field = spaceField(grid, 9, 7);
  expect(Math.abs(mean(field))).toBeLessThan(0.03);
  expect(Math.abs(Math.sqrt(variance(field)) - 1)).toBeLessThan(0.05);
});

test("a field at a point is the grid's value there", () => {
  const field = spaceField(grid, 26, 3);
  for (const [i, j, k] of [
    [0, 0, 0],
    [17, 5, 40],
    [59, 59, 59],
  ] as const)
    expect(spaceFieldAt([-64 + 4 * i, 8 + 4 * j, -200 + 4 * k], 26, 3)).toBeCloseTo(
      field[i + 60 * (j + 60 * k)],
      5,
    );
});

test("another seed is another field", () => {
  expect(spaceField(grid, 26, 3)).not.toEqual(spaceField(grid, 26, 4));
});
