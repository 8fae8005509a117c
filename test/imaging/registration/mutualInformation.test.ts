import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { normalizedMutualInformation as nmi } from "../../../src/imaging/registration/index.ts";

const draw = random(1);
const noise = Float32Array.from({ length: 40_000 }, () => 500 * draw.uniform() - 100);

test("2 for an image and itself turned round, 1 for two that know nothing of each other", () => {
  expect(nmi(noise, noise)).toBeCloseTo(2, 9);
  const other = Float32Array.from(noise, () => 500 * draw.uniform() - 100);
  expect(nmi(noise, other)).toBeGreaterThan(1);
  expect(nmi(noise, other)).toBeLessThan(1.01);
});

test("two tissues of which a quarter disagree: entropies by hand", () => {
  const a = Float32Array.of(0, 0, 300, 300);
  const b = Float32Array.of(100, 100, 100, 400);
  // H(A) = ln 2; H(B) = −¾ ln ¾ − ¼ ln ¼; H(A, B) = 3/2 ln 2
  const ofB = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  expect(nmi(a, b)).toBeCloseTo((Math.log(2) + ofB) / (1.5 * Math.log(2)), 9);
});

test("pairs without a voxel are left out; none at all is NaN", () => {
  const a = Float32Array.of(0, 0, 300, 300, 50);
  const b = Float32Array.of(100, 100, 100, 400, Number.NaN);
  expect(nmi(a, b)).toBe(nmi(a.subarray(0, 4), b.subarray(0, 4)));
  expect(
    nmi(
      a,
      b.map(() => Number.NaN),
    ),
  ).toBeNaN();
});
