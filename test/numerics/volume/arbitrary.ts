import fc from "fast-check";
import { random } from "../../../src/base/random.ts";
import type { Geometry, Vec3 } from "../../../src/numerics/volume/index.ts";

/** Small masks of any shape and density, with their size. */
export const mask = (edge = 7): fc.Arbitrary<{ size: Vec3; mask: Uint8Array<ArrayBuffer> }> =>
  fc
    .record({
      size: fc.tuple(
        fc.integer({ min: 1, max: edge }),
        fc.integer({ min: 1, max: edge }),
        fc.integer({ min: 1, max: edge }),
      ),
      density: fc.constantFrom(0, 0.05, 0.2, 0.5, 0.8, 1),
      seed: fc.nat(),
    })
    .map(({ size, density, seed }) => ({ size, mask: randomMask(size, density, seed) }));

export function randomMask(size: Vec3, density: number, seed: number): Uint8Array<ArrayBuffer> {
  const { uniform } = random(seed);
  return Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (uniform() < density ? 1 : 0));
}

export const spacing: fc.Arbitrary<Vec3> = fc.tuple(mm(), mm(), mm());

function mm() {
  return fc.double({ min: 0.3, max: 5, noNaN: true });
}

/** Axes at right angles, turned any way, of either handedness. */
export const direction: fc.Arbitrary<Geometry["direction"]> = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: 0.1, max: 1, noNaN: true }),
    fc.boolean(),
  )
  .map(([x, y, z, w, mirrored]) => {
    const n = Math.hypot(w, x, y, z);
    const [a, b, c, d] = [w / n, x / n, y / n, z / n];
    const sign = mirrored ? -1 : 1;
    return [
      [1 - 2 * (c * c + d * d), 2 * (b * c + a * d), 2 * (b * d - a * c)],
      [2 * (b * c - a * d), 1 - 2 * (b * b + d * d), 2 * (c * d + a * b)],
      [sign * 2 * (b * d + a * c), sign * 2 * (c * d - a * b), sign * (1 - 2 * (b * b + c * c))],
    ] as const;
  });

export const geometry = (edge = 7): fc.Arbitrary<Geometry> =>
  fc.record({
    size: fc.tuple(
      fc.integer({ min: 1, max: edge }),
      fc.integer({ min: 1, max: edge }),
      fc.integer({ min: 1, max: edge }),
    ),
    spacing,
    origin: fc.tuple(
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -300, max: 300 }),
    ),
    direction,
  });

/** Every index of a grid, i fastest. */
export function* indices([nx, ny, nz]: Vec3): Generator<Vec3> {
  for (let k = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) yield [i, j, k];
}

export const at = (size: Vec3, [i, j, k]: Vec3): number => i + size[0] * (j + size[1] * k);
