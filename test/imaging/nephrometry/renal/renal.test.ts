import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  affectedKidney,
  defaultRules,
  nephrometry,
  type RenalResult,
  refined,
  renal,
  renalSinus,
} from "../../../../src/imaging/nephrometry/index.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { phantom, restored } from "../phantom.ts";

/**
 * Right kidney's centre −55, 0, 0, its surface at −83; sinus within S = ±22, its wall at −62, open towards the spine.
 * So the lateral sphere is 6 mm, the one within the parenchyma 3 mm from the sinus.
 */
const places = {
  "upper pole, half out": { center: [-55, 0, 55], radius: 10 },
  "lateral, half out, at the midline": { center: [-83, 0, 0], radius: 15 },
  "lower pole, behind": { center: [-55, 20, -36], radius: 12 },
  "within the parenchyma": { center: [-71, 0, 0], radius: 6 },
  "large, in front": { center: [-60, -30, 10], radius: 38 },
} satisfies Record<string, { center: Vec3; radius: number }>;

describe("R.E.N.A.L. of spheres in an ellipsoidal kidney", () => {
  test.each([
    { place: "upper pole, half out", R: 1, E: 1, N: 1, L: 1, suffix: "x", complexity: "low" },
    {
      place: "lateral, half out, at the midline",
      R: 1,
      E: 1,
      N: 2,
      L: 3,
      suffix: "x",
      complexity: "moderate",
    },
    { place: "lower pole, behind", R: 1, E: 1, N: 1, L: 1, suffix: "p", complexity: "low" },
    { place: "within the parenchyma", R: 1, E: 3, N: 3, L: 3, suffix: "x", complexity: "high" },
    { place: "large, in front", R: 3, E: 1, N: 3, L: 3, suffix: "a", complexity: "high" },
  ] as const)("$place", ({ place, complexity, suffix, ...points }) => {
    const ball = places[place];
    const { R, E, N, L, total, ...rest } = renal(phantom({ tumors: [ball] }), refined);
    expect({ R: R.points, E: E.points, N: N.points, L: L.points }).toEqual(points);
    expect(total).toBe(points.R + points.E + points.N + points.L);
    expect(rest).toMatchObject({ complexity, suffix });
    expect(Math.abs(R.mm - 2 * ball.radius)).toBeLessThanOrEqual(1);
  });

  test("N follows the sphere's distance to the sinus' wall, 62 mm from the spine", () => {
    // Along L the sinus ends at −62; a ball of 5 mm about −62 − d − 5 is d mm away from it.
    for (const d of [2, 5, 9]) {
      const { N } = renal(phantom({ tumors: [{ center: [-67 - d, 0, 0], radius: 5 }] }), refined);
      expect(Math.abs(N.mm - d)).toBeLessThanOrEqual(2);
    }
  });

  test("the polar lines lie where the sinus opens, the sinus within its true place", () => {
    const affected = affectedKidney(phantom({ tumors: [places["upper pole, half out"]] }));
    const { polarLines, sinus } = renalSinus(affected, refined);
    const { origin, size } = affected.mask;
    for (const k of polarLines!) expect(Math.abs(origin[2] + k)).toBeGreaterThan(14);
    for (const k of polarLines!) expect(Math.abs(origin[2] + k)).toBeLessThan(22);
    const wrong = sinus.reduce((count, v, n) => {
      const l = origin[0] + (n % size[0]);
      const p = origin[1] + (Math.floor(n / size[0]) % size[1]);
      const s = origin[2] + Math.floor(n / (size[0] * size[1]));
      return count + (v === 1 && ((l + 42) / 20) ** 2 + (p / 9) ** 2 + (s / 22) ** 2 > 1.05 ? 1 : 0);
    }, 0);
    expect(wrong).toBe(0);
  });

  test("both sides score alike", () => {
    const right = renal(phantom({ tumors: [{ center: [-80, 8, 10], radius: 14 }] }), refined);
    const left = renal(phantom({ tumors: [{ center: [80, 8, 10], radius: 14 }] }), refined);
    expect(left.total).toBe(right.total);
    expect(left.E.endophyticFraction).toBeCloseTo(right.E.endophyticFraction, 1);
    expect(Math.abs(left.N.mm - right.N.mm)).toBeLessThanOrEqual(1);
  });

  describe.each(["upper pole, half out", "large, in front"] as const)("%s, resampled", (place) => {
    const ball = places[place];
    let fine: RenalResult;
    beforeAll(() => {
      fine = renal(phantom({ tumors: [ball] }), refined);
    });
    test.each([
      [1.5, 1.5, 3],
      [0.8, 0.8, 5],
      [2, 2, 2],
    ] as Vec3[])("to %d × %d × %d mm", (...spacing) => {
      const coarse = renal(phantom({ tumors: [ball], spacing }), refined);
      expect(coarse.total).toBe(fine.total);
      expect(Math.abs(coarse.R.mm - fine.R.mm)).toBeLessThanOrEqual(2 * spacing[0]);
      // Half a voxel of a sphere's width.
      expect(Math.abs(coarse.E.endophyticFraction - fine.E.endophyticFraction)).toBeLessThan(
        Math.max(...spacing) / (4 * ball.radius) + 0.03,
      );
      expect(Math.abs(coarse.L.fractionBetweenPolarLines - fine.L.fractionBetweenPolarLines)).toBeLessThan(
        0.12,
      );
    });
  });
});

describe("how a mask is stored changes nothing", () => {
  const mask = phantom({
    spacing: [1.5, 1.5, 3],
    tumors: [
      { center: [-80, 8, 10], radius: 14 },
      { center: [55, -20, -30], radius: 9 },
    ],
    cysts: [{ center: [-60, -22, -20], radius: 8 }],
  });
  const axes = fc.constantFrom<Vec3[]>([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]);
  const flips = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());

  test.each([
    ["default", defaultRules],
    ["refined", refined],
  ])("%s rules", (_, rules) => {
    const expected = nephrometry(mask, rules);
    expect(expected.tumors.map((t) => t.side)).toEqual(["right", "left"]);
    fc.assert(
      fc.property(axes, flips, (order, flipped) => {
        expect(nephrometry(restored(mask, order, flipped), rules)).toEqual(expected);
      }),
      { numRuns: 8, seed: 1 },
    );
  });

  test("the box is in the stored mask's own indices", () => {
    fc.assert(
      fc.property(axes, flips, (order, flipped) => {
        const stored = restored(mask, order, flipped);
        const { box, mask: region } = affectedKidney(stored);
        const [nx, ny] = stored.size;
        let counted = 0;
        for (let k = box.start[2]; k < box.end[2]; k++)
          for (let j = box.start[1]; j < box.end[1]; j++)
            for (let i = box.start[0]; i < box.end[0]; i++)
              if (stored.data[i + nx * (j + ny * k)] !== 0) counted++;
        expect(counted).toBe(region.data.filter((v) => v !== 0).length);
      }),
      { numRuns: 12, seed: 1 },
    );
  });
});

test("several tumours, the largest first, and each by itself", () => {
  const { tumors } = nephrometry(
    phantom({ tumors: [places["within the parenchyma"], { center: [55, 0, 55], radius: 14 }] }),
    refined,
  );
  expect(tumors.map((t) => [t.side, t.renal.complexity])).toEqual([
    ["left", "low"],
    ["right", "high"],
  ]);
  expect(tumors[1].volumeMl).toBeCloseTo(((4 / 3) * Math.PI * 6 ** 3) / 1000, 1);
  expect(tumors[1].maximalDiameterMm).toBeCloseTo(12, 0);
  for (const { padua, renal: scores } of tumors) {
    const parts = [
      padua.location,
      padua.exophytic,
      padua.rim,
      padua.sinus,
      padua.collectingSystem,
      padua.size,
    ];
    expect(padua.total).toBe(parts.reduce((sum, { points }) => sum + points, 0));
    expect(padua.size).toEqual(scores.R);
  }
});
