import { assert, double, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { placed, rotationDegrees } from "../../../src/imaging/registration/index.ts";
import { eulerTransform } from "../../../src/imaging/registration/rigid.ts";
import { apply, indexToPoint, lpsDirection, type Vec3 } from "../../../src/numerics/volume/index.ts";

const finite = (most: number) => double({ min: -most, max: most, noNaN: true });
const triple = (most: number) => tuple(finite(most), finite(most), finite(most));

// SimpleITK's Euler3DTransform: R = Rz Rx Ry. Angles 0.1, 0.2, 0.3; centre (10, 20, 30); translation (1, 2, 3).
// Rz Rx Ry written out with numpy, applied to (5, −7, 40).
test("is ITK's Euler transform", () => {
  const to = apply(eulerTransform([0.1, 0.2, 0.3, 1, 2, 3], [10, 20, 30]), [5, -7, 40]);
  const [x, y, z] = [0.1, 0.2, 0.3];
  const about = {
    x: [1, 0, 0, 0, Math.cos(x), -Math.sin(x), 0, Math.sin(x), Math.cos(x)],
    y: [Math.cos(y), 0, Math.sin(y), 0, 1, 0, -Math.sin(y), 0, Math.cos(y)],
    z: [Math.cos(z), -Math.sin(z), 0, Math.sin(z), Math.cos(z), 0, 0, 0, 1],
  };
  const turn = (m: number[], v: number[]) =>
    [0, 3, 6].map((row) => m[row] * v[0] + m[row + 1] * v[1] + m[row + 2] * v[2]);
  const expected = turn(about.z, turn(about.x, turn(about.y, [-5, -27, 10])));
  [11, 22, 33].forEach((c, a) => expect(to[a]).toBeCloseTo(expected[a] + c, 9));
});

test("a turn about one axis has its own angle", () => {
  for (const parameters of [
    [0.2, 0, 0],
    [0, -0.2, 0],
    [0, 0, 0.2],
  ])
    expect(rotationDegrees(eulerTransform([...parameters, 5, 6, 7], [1, 2, 3]))).toBeCloseTo(11.459156, 5);
});

test("a placed image has each voxel where the transform leads back from", () => {
  assert(
    property(triple(0.5), triple(30), triple(100), triple(200), (angles, shift, center, origin) => {
      const transform = eulerTransform([...angles, ...shift], center as Vec3);
      const image = {
        size: [4, 5, 6] as Vec3,
        spacing: [1, 2, 3] as Vec3,
        origin: origin as Vec3,
        direction: lpsDirection,
        data: new Float32Array(120),
      };
      const moved = placed(image, transform);
      for (const index of [
        [0, 0, 0],
        [3, 0, 5],
        [1, 4, 2],
      ] as Vec3[]) {
        const back = apply(transform, indexToPoint(moved, index));
        indexToPoint(image, index).forEach((mm, a) => expect(back[a]).toBeCloseTo(mm, 6));
      }
    }),
  );
});
