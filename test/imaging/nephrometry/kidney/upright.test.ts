import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultRules, nephrometry, refined } from "../../../../src/imaging/nephrometry/index.ts";
import { tiltOf } from "../../../../src/imaging/nephrometry/kidney/upright.ts";
import {
  type Geometry,
  indexToPoint,
  resample,
  type Vec3,
  type Volume,
} from "../../../../src/numerics/volume/index.ts";
import { phantom } from "../phantom.ts";

const mask = phantom({
  spacing: [1.2, 1.2, 1.2],
  tumors: [{ center: [-80, 8, 10], radius: 14 }],
});

/** Rotation about an axis (Rodrigues), applied to each of the body's. */
function turned(axis: Vec3, degrees: number): Geometry["direction"] {
  const length = Math.hypot(...axis);
  const [x, y, z] = axis.map((v) => v / length);
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const rotate = ([a, b, d]: Vec3): Vec3 => {
    const dot = (x * a + y * b + z * d) * (1 - c);
    return [
      a * c + (y * d - z * b) * s + x * dot,
      b * c + (z * a - x * d) * s + y * dot,
      d * c + (x * b - y * a) * s + z * dot,
    ];
  };
  return [rotate([1, 0, 0]), rotate([0, 1, 0]), rotate([0, 0, 1])];
}

/** The same anatomy as a tilted scan would have stored it. */
function scanned(volume: Volume<Uint8Array>, direction: Geometry["direction"]): Volume<Uint8Array> {
  const mm = 1.2;
  const half = Math.hypot(...volume.size.map((n, a) => n * volume.spacing[a])) / 2;
  const n = Math.ceil((2 * half) / mm);
  const middle = indexToPoint(volume, volume.size.map((size) => (size - 1) / 2) as unknown as Vec3);
  const origin = middle.map(
    (m, d) => m - half * (direction[0][d] + direction[1][d] + direction[2][d]),
  ) as unknown as Vec3;
  const grid = { size: [n, n, n] as Vec3, spacing: [mm, mm, mm] as Vec3, origin, direction };
  return resample(volume, grid, { interpolation: "nearest" });
}

test("a tilted image scores as an upright one, but for the rounding of voxels", () => {
  const axis = fc.tuple(
    fc.double({ min: -1, max: 1 }),
    fc.double({ min: -1, max: 1 }),
    fc.double({ min: 0.2, max: 1 }),
  );
  const angle = fc.constantFrom(8, 15, 25, 40);
  for (const rules of [defaultRules, refined]) {
    const [expected] = nephrometry(mask, rules).tumors;
    fc.assert(
      fc.property(
        axis.filter((a) => a.every(Number.isFinite)),
        angle,
        (about, degrees) => {
          const tilted = scanned(mask, turned(about, degrees));
          fc.pre(tiltOf(tilted) > 5);
          const { tumors } = nephrometry(tilted, rules);
          expect(tumors).toHaveLength(1);
          const [found] = tumors;
          expect(found.side).toBe(expected.side);
          expect(Math.abs(found.renal.R.mm - expected.renal.R.mm)).toBeLessThan(3);
          expect(
            Math.abs(found.renal.E.endophyticFraction - expected.renal.E.endophyticFraction),
          ).toBeLessThan(0.06);
          expect(Math.abs(found.renal.N.mm - expected.renal.N.mm)).toBeLessThan(3);
          // The published search for polar lines finds none in such smooth kidneys, and chance ones after rounding.
          if (rules === refined) expect(found.renal.L.points).toBe(expected.renal.L.points);
          expect(found.volumeMl / expected.volumeMl).toBeCloseTo(1, 1);
        },
      ),
      { numRuns: 4, seed: 1 },
    );
  }
});
