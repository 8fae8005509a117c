import { expect, test } from "vitest";
import { TrinephronError } from "../../../../../src/base/errors.ts";
import type { Geometry, Volume } from "../../../../../src/numerics/volume/index.ts";
import { paintingRegion } from "../../../../../src/patients/synthetic/paint/tissue/region.ts";

/** Two ball kidneys, radius 25 mm, 120 mm apart; the one at L +60 bears a 15 mm tumour ball in front. KiTS axes: I, P, L. */
function twoKidneys(tumor: boolean, spacing: readonly [number, number, number]): Volume<Uint8Array> {
  const extent = [100, 100, 200];
  const size = extent.map((mm, a) => Math.round(mm / spacing[a])) as [number, number, number];
  const direction: Geometry["direction"] = [
    [0, 0, -1],
    [0, 1, 0],
    [1, 0, 0],
  ];
  const origin = [-100, -50, 50] as const;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const [l, p, s] = [-100 + k * spacing[2], -50 + j * spacing[1], 50 - i * spacing[0]];
        if (Math.hypot(l - 60, p, s) < 25 || Math.hypot(l + 60, p, s) < 25) data[n] = 1;
        if (tumor && Math.hypot(l - 60, p + 25, s) < 15) data[n] = 2;
      }
  return { size, spacing, origin, direction, data };
}

test.each([
  [[1, 0.8, 0.8] as const, 1],
  [[5, 0.7, 0.7] as const, 1],
  [[0.5, 0.9, 0.9] as const, 2],
])("masks of %j mm at %d mm: the tumour's kidney alone, its volumes kept", (spacing, mm) => {
  const { mask, side } = paintingRegion(twoKidneys(true, spacing), { spacing: mm });
  expect(side).toBe("left");
  expect(mask.direction).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  const ml = (label: number) => (mask.data.filter((v) => v === label).length * mm ** 3) / 1000;
  const ball = (r: number) => (4 / 3) * Math.PI * (r / 10) ** 3;
  expect(ml(2) / ball(15)).toBeGreaterThan(0.93);
  expect(ml(2) / ball(15)).toBeLessThan(1.07);
  // Kidney and tumour together: two balls less their overlap, which is under 7 mL.
  expect(ml(1) + ml(2)).toBeLessThan(ball(25) + ball(15));
  expect(ml(1) + ml(2)).toBeGreaterThan(ball(25) + ball(15) - 9);
  const [x] = mask.size.map((n, a) => mask.origin[a] + ((n - 1) / 2) * mm);
  expect(x).toBeGreaterThan(55);
  expect(x).toBeLessThan(65);
});

test("a mask without tumour is refused", () => {
  expect(() => paintingRegion(twoKidneys(false, [2, 2, 2]))).toThrow(TrinephronError);
});
