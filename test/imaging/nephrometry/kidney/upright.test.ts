import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultRules, nephrometry, refined } from "../../../../src/imaging/nephrometry/index.ts";
import { tiltOf } from "../../../../src/imaging/nephrometry/kidney/upright.ts";
import {
  boundingBox,
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

/** The same anatomy as a tilted scan of the kidneys would have stored it. */
function scanned(volume: Volume<Uint8Array>, direction: Geometry["direction"]): Volume<Uint8Array> {
  const mm = 1.2;
  const { start, end } = boundingBox(volume.data, volume.size)!;
  const corners = Array.from({ length: 8 }, (_, c) =>
    indexToPoint(volume, [0, 1, 2].map((a) => (c & (1 << a) ? end[a] : start[a])) as unknown as Vec3),
  );
  const range = direction.map((way) => {
    const along = corners.map((corner) => corner.reduce((sum, x, d) => sum + x * way[d], 0));
    return [Math.min(...along) - 5 * mm, Math.max(...along) + 5 * mm] as const;
  });
  const origin = [0, 1, 2].map((d) =>
    range.reduce((sum, [low], a) => sum + low * direction[a][d], 0),
  ) as unknown as Vec3;
  const size = range.map(([low, high]) => Math.ceil((high - low) / mm)) as unknown as Vec3;
  return resample(volume, { size, spacing: [mm, mm, mm], origin, direction }, { interpolation: "nearest" });
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
