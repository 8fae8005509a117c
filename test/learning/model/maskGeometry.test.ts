import { expect, test } from "vitest";
import { geometryFeatures, maskGeometry } from "../../../src/learning/model/maskGeometry.ts";
import { compile, input } from "../../../src/numerics/graph/index.ts";

const side = 32;
const shape = [1, 2, side, side, side];
/** Whether a voxel (indices along D, H, W; its centre in shares of the edge, −½…½) lies inside. */
type Region = (d: number, h: number, w: number) => boolean;

async function geometryOf(masks: Float32Array): Promise<Record<string, number>> {
  const image = input("masks", shape);
  const session = await compile({ outputs: { features: maskGeometry(image) } });
  const { features } = await session.run({ masks: { data: masks, shape } });
  await session.close();
  return Object.fromEntries(geometryFeatures.map((name, f) => [name, features[f]]));
}

function masksOf(rest: Region, tumor: Region): Float32Array {
  const masks = new Float32Array(2 * side ** 3);
  const at = (i: number) => (i + 0.5) / side - 0.5;
  for (let d = 0, v = 0; d < side; d++)
    for (let h = 0; h < side; h++)
      for (let w = 0; w < side; w++, v++) {
        const inTumor = tumor(at(d), at(h), at(w));
        masks[v] = inTumor || rest(at(d), at(h), at(w)) ? 1 : 0;
        masks[side ** 3 + v] = inTumor ? 1 : 0;
      }
  return masks;
}

const nowhere: Region = () => false;
const box =
  (from: readonly number[], to: readonly number[]): Region =>
  (...x) =>
    x.every((c, axis) => c > from[axis] && c < to[axis]);
const cube = (half: number) => box([-half, -half, -half], [half, half, half]);
/** Walls 4 / 32 thick around a square bore of 8 / 32, open along D. */
const tube: Region = (d, h, w) =>
  Math.abs(d) < 0.25 &&
  Math.max(Math.abs(h), Math.abs(w)) < 0.25 &&
  Math.max(Math.abs(h), Math.abs(w)) > 0.125;
/** One wall of the tube, as `maskGeometry` counts it: an e-fold is a fortieth of the edge. */
const stands = 1 - Math.exp(-40 * 0.125);

test("an ellipsoid's volume is 4/3 π abc and its spread along an axis a / √5", async () => {
  const axes = [0.45, 0.3, 0.2];
  const ellipsoid: Region = (...x) => x.reduce((sum, c, axis) => sum + (c / axes[axis]) ** 2, 0) < 1;
  const found = await geometryOf(masksOf(nowhere, ellipsoid));
  const volume = (4 / 3) * Math.PI * axes[0] * axes[1] * axes[2];
  expect(found["ln tumour volume"]).toBeCloseTo(Math.log(volume), 1);
  expect(found["ln tumour spread along D"]).toBeCloseTo(Math.log(axes[0] / Math.sqrt(5)), 1);
  expect(found["ln tumour spread along H"]).toBeCloseTo(Math.log(axes[1] / Math.sqrt(5)), 1);
  expect(found["ln tumour spread along W"]).toBeCloseTo(Math.log(axes[2] / Math.sqrt(5)), 1);
  expect(found["share of the tumour enclosed by the kidney"]).toBe(0);
});

test("the bore of a tube is its hollow: its volume times what each of four walls stands for", async () => {
  const found = await geometryOf(masksOf(tube, nowhere));
  const bore = 0.25 * 0.25 * 0.5;
  expect(Math.exp(found["ln volume of the kidney's hollow"]) - 2.4e-4).toBeCloseTo(bore * stands ** 4, 5);
  expect(Math.exp(found["ln volume of the rest of the kidney"]) - 2.4e-4).toBeCloseTo(0.5 ** 3 - bore, 5);
});

test("a tumour half in the bore is half enclosed, and the rest of the bore lies to its other side", async () => {
  const tumor = box([0, -0.125, -0.125], [0.5, 0.125, 0.125]);
  const found = await geometryOf(masksOf(tube, tumor));
  const axis = stands ** 2;
  expect(found["share of the tumour enclosed by the kidney"]).toBeCloseTo((2 * axis - axis ** 2) / 2, 4);
  // What is left of the bore spans −¼…0 along D, the tumour 0…½: centres −⅛ and ¼, spreads 8 and 16 voxels / √12.
  const spreads = (Math.sqrt(8 ** 2 - 1 + 1) + Math.sqrt(16 ** 2 - 1 + 1)) / Math.sqrt(12) / side;
  expect(found["offset of tumour and recesses along D"]).toBeCloseTo(0.375 / spreads, 2);
});

test("a groove between kidney and tumour is a recess and no hollow", async () => {
  const kidney = box([-0.25, -0.25, -0.25], [0.25, 0, 0.25]);
  const found = await geometryOf(masksOf(kidney, box([-0.25, 0.125, -0.25], [0.25, 0.375, 0.25])));
  const thick = (mm: number) => 1 - Math.exp(-40 * mm);
  expect(Math.exp(found["ln volume of the kidney's recesses"]) - 2.4e-4).toBeCloseTo(
    0.125 * 0.5 * 0.5 * thick(0.25) ** 2,
    5,
  );
  expect(Math.exp(found["ln volume of the kidney's hollow"]) - 2.4e-4).toBeCloseTo(0, 6);
});

test("nearness is the tumour's and the hollow's Gaussian overlap, summed voxel by voxel", async () => {
  const tumor = box([-0.25, 0.25, -0.125], [0, 0.375, 0.125]);
  const found = await geometryOf(masksOf(tube, tumor));
  // Both regions are boxes of indices, so that the sum over pairs of voxels factors by axis; σ is one voxel here.
  const pairs = (a: readonly [number, number], b: readonly [number, number]): number => {
    let total = 0;
    for (let i = a[0]; i < a[1]; i++)
      for (let j = b[0]; j < b[1]; j++) total += Math.exp(-((i - j) ** 2) / 2) / Math.sqrt(2 * Math.PI);
    return total;
  };
  const overlap =
    pairs([8, 16], [8, 24]) * pairs([24, 28], [12, 20]) * pairs([12, 20], [12, 20]) * stands ** 4;
  const expected = Math.log(overlap / side ** 3 + 2.5e-6);
  expect(found["ln nearness of tumour and hollow"]).toBeCloseTo(expected, 3);
});

test("a mirror along any axis changes nothing", async () => {
  const tumor = box([-0.3, 0.1, 0.05], [0.02, 0.4, 0.2]);
  const found = await geometryOf(masksOf(tube, tumor));
  for (const axis of [0, 1, 2]) {
    const mirrored =
      (region: Region): Region =>
      (...x) =>
        region(...(x.map((c, a) => (a === axis ? -c : c)) as [number, number, number]));
    const other = await geometryOf(masksOf(mirrored(tube), mirrored(tumor)));
    for (const name of geometryFeatures)
      expect(other[name], `${name}, axis ${axis}`).toBeCloseTo(found[name], 3);
  }
});

test("empty masks yield finite features", async () => {
  const found = await geometryOf(masksOf(nowhere, nowhere));
  expect(Object.values(found).every(Number.isFinite)).toBe(true);
  expect(Object.values(await geometryOf(masksOf(cube(0.6), cube(0.6)))).every(Number.isFinite)).toBe(true);
});
