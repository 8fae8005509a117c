import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { gaussianBlur } from "../../../src/numerics/volume/gaussianBlur.ts";
import { scannerNoise } from "../../../src/patients/synthetic/paint/scanner/scannerNoise.ts";
import { smoothField } from "../../../src/patients/synthetic/paint/tissue/smoothField.ts";

const moments = (data: Float32Array) => {
  const mean = data.reduce((s, v) => s + v, 0) / data.length;
  return { mean, sd: Math.sqrt(data.reduce((s, v) => s + (v - mean) ** 2, 0) / data.length) };
};

test("blurs as scipy.ndimage.gaussian_filter does, edges included", () => {
  const size = [7, 6, 5] as const;
  const at = (k: number, j: number, i: number) => i + 7 * (j + 6 * k);
  const image = new Float32Array(7 * 6 * 5);
  image[at(0, 1, 2)] = 100;
  image[at(4, 5, 6)] = -50;
  image[at(2, 3, 3)] = 30;
  gaussianBlur(image, size, [1.2, 0.6, 0.9]);
  // scipy 1.10: gaussian_filter(a, sigma=(0.9, 0.6, 1.2), mode="nearest", radius=(3, 2, 3)), a[k, j, i] as above
  const expected: [number, number, number, number][] = [
    [0, 1, 2, 15.96938],
    [1, 1, 2, 6.16384],
    [2, 3, 3, 2.94506],
    [4, 5, 6, -20.01159],
    [3, 4, 5, -0.6811],
    [0, 0, 0, 0.99288],
    [4, 5, 5, -10.00526],
    [2, 2, 3, 0.88679],
  ];
  for (const [k, j, i, value] of expected) expect(image[at(k, j, i)]).toBeCloseTo(value, 3);
});

test("a constant stays constant", () => {
  const image = new Float32Array(4 * 5 * 6).fill(-100);
  gaussianBlur(image, [4, 5, 6], [1.5, 2, 0.9]);
  for (const v of image) expect(v).toBeCloseTo(-100, 3);
});

test.each([
  [1, 0.5],
  [1, 1.1],
  [2, 0.8],
])("noise at %d mm with grain %d mm has the SD asked for and no drift", (mm, grain) => {
  const noise = scannerNoise([60, 60, 60], [mm, mm, mm], grain, 12, 5);
  const { mean, sd } = moments(noise);
  expect(Math.abs(mean)).toBeLessThan(0.3);
  expect(sd).toBeGreaterThan(11.7);
  expect(sd).toBeLessThan(12.3);
});

test("noise is correlated in the slice as a Gaussian of that grain: e^(−d²/4σ²)", () => {
  const n = 80;
  const noise = scannerNoise([n, n, 20], [1, 1, 1], 1, 10, 9);
  let products = 0;
  let pairs = 0;
  for (let p = 0; p + 1 < noise.length; p++) {
    if (p % n === n - 1) continue;
    products += noise[p] * noise[p + 1];
    pairs++;
  }
  expect(products / pairs / 100).toBeCloseTo(Math.exp(-0.25), 1.5);
});

test("a smooth field has mean 0, SD 1, neighbours alike, and repeats", () => {
  const make = () => smoothField([90, 80, 70], [1, 1, 1], 5, random(3));
  const field = make();
  const { mean, sd } = moments(field);
  expect(Math.abs(mean)).toBeLessThan(0.12);
  expect(sd).toBeGreaterThan(0.92);
  expect(sd).toBeLessThan(1.08);
  let steps = 0;
  for (let p = 1; p < field.length; p++) if (p % 90) steps += (field[p] - field[p - 1]) ** 2;
  expect(Math.sqrt(steps / field.length)).toBeLessThan(0.35);
  expect(Buffer.from(make().buffer).equals(Buffer.from(field.buffer))).toBe(true);
});
