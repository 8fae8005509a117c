import { expect, test } from "vitest";
import { contactArea } from "../../../../src/imaging/nephrometry/index.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";

/** A sphere of 15 mm and all that lies where `side` is true, on a grid of 44 mm. */
function sphere(spacing: Vec3, side: (x: number, y: number, z: number) => boolean) {
  const size = spacing.map((mm) => Math.ceil(44 / mm)) as unknown as Vec3;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const other = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    const [x, y, z] = index.map((q, a) => (q - (size[a] - 1) / 2) * spacing[a]);
    if (Math.hypot(x, y, z) <= 15) data[n] = 1;
    else if (side(x, y, z)) other[n] = 1;
  }
  const volume: Volume<Uint8Array> = { size, spacing, origin: [0, 0, 0], direction: lpsDirection, data };
  return { volume, other };
}

const whole = 4 * Math.PI * 15 ** 2;

test.each([[[1, 1, 1]], [[0.7, 0.7, 3]], [[0.7, 0.7, 5]], [[2, 1, 1]]] as [Vec3][])(
  "a sphere in the kidney, voxels of %j mm: 4 π r² within 5 %%",
  (spacing) => {
    const { volume, other } = sphere(spacing, () => true);
    expect(Math.abs(contactArea(volume, other) / whole - 1)).toBeLessThan(0.05);
  },
);

test.each([
  ["head", (_x: number, _y: number, z: number) => z > 0],
  ["slanting", (x: number, y: number, z: number) => x + y + z > 0],
])("a sphere half in the kidney (%s): half of it within 5 %%", (_, side) => {
  const { volume, other } = sphere([0.7, 0.7, 0.7], side);
  expect(Math.abs(contactArea(volume, other) / (whole / 2) - 1)).toBeLessThan(0.05);
});

test("apart: none", () => {
  const { volume, other } = sphere([1, 1, 1], (x) => x > 18);
  expect(contactArea(volume, other)).toBe(0);
});
