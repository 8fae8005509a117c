import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { regionStatistics } from "../../../src/learning/model/regionStatistics.ts";
import { compile, input } from "../../../src/numerics/graph/index.ts";

const side = 8;
const size = side ** 3;

async function statisticsOf(channels: readonly Float32Array[], region: Float32Array): Promise<Float32Array> {
  const shapes = { image: [1, channels.length, side, side, side], region: [1, 1, side, side, side] };
  const features = regionStatistics(input("image", shapes.image), input("region", shapes.region));
  const session = await compile({ outputs: { features } });
  const image = Float32Array.from(channels.flatMap((channel) => [...channel]));
  const outputs = await session.run({
    image: { data: image, shape: shapes.image },
    region: { data: region, shape: shapes.region },
  });
  await session.close();
  return outputs.features;
}

test("mean and deviation of the voxels inside, as steps from channel to channel", async () => {
  const { normal, uniform } = random(5);
  const region = Float32Array.from({ length: size }, () => (uniform() < 0.3 ? 1 : 0));
  const channels = [0.4, -0.1, 0.2].map((level, c) =>
    Float32Array.from(region, (inside) => (inside ? level + 0.1 * (c + 1) * normal() : 5 * normal())),
  );
  const inside = channels.map((channel) => [...channel].filter((_, v) => region[v] === 1));
  const means = inside.map((values) => values.reduce((a, b) => a + b) / values.length);
  const deviations = inside.map((values, c) =>
    Math.log(Math.sqrt(values.reduce((sum, x) => sum + (x - means[c]) ** 2, 0) / values.length) + 0.05),
  );
  const expected = [means, deviations].flatMap(([a, b, c]) => [a, b - a, c - b]);
  const found = await statisticsOf(channels, region);
  expected.forEach((value, f) => {
    expect(found[f]).toBeCloseTo(value, 3);
  });
});

test("voxels the region fills by half or less do not count", async () => {
  const region = Float32Array.from({ length: size }, (_, v) => (v < 100 ? 1 : v < 200 ? 0.5 : 0));
  const channel = region.map((inside) => (inside === 1 ? 0.3 : -1));
  const [mean, deviation] = await statisticsOf([channel], region);
  expect(mean).toBeCloseTo(0.3, 3);
  expect(deviation).toBeCloseTo(Math.log(0.05), 1);
});

test("a region without any voxel yields finite features", async () => {
  const found = await statisticsOf([new Float32Array(size).fill(0.5)], new Float32Array(size));
  expect([...found].every(Number.isFinite)).toBe(true);
});
