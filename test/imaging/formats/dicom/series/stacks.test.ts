import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  readHeaders,
  readVolume,
  type Stack,
  seriesOf,
  sourcesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { type CtSliceOptions, ctSlice } from "../writer.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

let instance = 0;
const slice = (z: number, options: Partial<CtSliceOptions> = {}): CtSliceOptions => ({
  rows: 2,
  columns: 2,
  position: [0, 0, z],
  values: Int16Array.of(z, z, z, z),
  instance: ++instance,
  ...options,
});

async function stacksOf(slices: readonly CtSliceOptions[]): Promise<readonly Stack[]> {
  const folder = mkdtempSync(join(tmpdir(), "dicom-"));
  folders.push(folder);
  slices.forEach((each, i) => {
    writeFileSync(join(folder, `${i}`), ctSlice(each));
  });
  const [series, ...others] = seriesOf(await readHeaders(await sourcesOf(folder)));
  expect(others).toEqual([]);
  return series.stacks;
}

const heights = ({ slices }: Stack) => slices.map(({ plane }) => plane.position[2]).sort((a, b) => a - b);

test("two acquisitions of one stretch are two stacks, though no place is taken twice", async () => {
  const stacks = await stacksOf([
    ...[0, 2, 4, 6].map((z) => slice(z, { acquisition: 1 })),
    ...[1, 3, 5, 7, 9, 11, 13].map((z) => slice(z, { acquisition: 2 })),
  ]);
  expect(stacks.map(heights)).toEqual([
    [0, 2, 4, 6],
    [1, 3, 5, 7, 9, 11, 13],
  ]);
});

test("a scan step by step is one stack, whether each step or each slice has its acquisition number", async () => {
  for (const length of [4, 1]) {
    const zs = Array.from({ length: 12 }, (_, k) => 2 * k);
    const stacks = await stacksOf(zs.map((z, k) => slice(z, { acquisition: Math.floor(k / length) })));
    expect(stacks.map(heights)).toEqual([zs]);
  }
});

test("temporal positions are stacks of their own, within each acquisition", async () => {
  const stacks = await stacksOf(
    [1, 2].flatMap((acquisition) =>
      [1, 2, 3].flatMap((temporalPosition) =>
        [0, 3, 6].map((z) => slice(z, { acquisition, temporalPosition })),
      ),
    ),
  );
  expect(stacks.map(heights)).toEqual(Array.from({ length: 6 }, () => [0, 3, 6]));
  for (const { slices } of stacks)
    expect(new Set(slices.map(({ plane }) => `${plane.acquisition} ${plane.temporalPosition}`)).size).toBe(1);
});

test("where all places are taken twice and nothing else tells, instance numbers do", async () => {
  const first = [0, 3, 6].map((z) => slice(z));
  const second = [0, 3, 6].map((z) => slice(z, { values: new Int16Array(4).fill(50) }));
  const stacks = await stacksOf([second[1], first[0], second[2], first[2], second[0], first[1]]);
  const volumes = await Promise.all(stacks.map((stack) => readVolume(stack, "series")));
  expect(volumes.map(({ volume }) => [...volume.data])).toEqual([
    [0, 0, 0, 0, 3, 3, 3, 3, 6, 6, 6, 6],
    new Array(12).fill(50),
  ]);
});

test("files copied within a folder are one stack, the copies dropped", async () => {
  const slices = [0, 3, 6].map((z) => slice(z));
  const stacks = await stacksOf([...slices, ...slices]);
  expect(stacks).toHaveLength(1);
  const { volume, remarks } = await readVolume(stacks[0], "series");
  expect(volume.size).toEqual([2, 2, 3]);
  expect(remarks).toEqual(["3 duplicate slices dropped"]);
});

const located = async (locations: (k: number) => number | undefined) => {
  const zs = Array.from({ length: 12 }, (_, k) => 2 * k);
  const [stack] = await stacksOf(
    zs.map((z, k) => {
      const sliceLocation = locations(k);
      return slice(z, sliceLocation === undefined ? {} : { sliceLocation });
    }),
  );
  return (await readVolume(stack, "series")).remarks;
};

test("positions that Slice Location contradicts are told", async () => {
  expect(await located((k) => (k === 4 ? 110 : k === 5 ? 108 : 100 + 2 * k))).toEqual([
    "Slice Location (0020,1041) contradicts Image Position Patient (0020,0032) in 2 slices (z 8.00 mm, z 10.00 mm): the positions count, but slices may be out of place",
  ]);
});

test.each([
  ["from another zero", (k: number) => 500.4 + 2 * k],
  ["the other way round", (k: number) => 40 - 2 * k],
  ["all alike", () => 0],
  ["without order", (k: number) => (7 * k) % 12],
  ["in part missing", (k: number) => (k < 8 ? undefined : 2 * k)],
])("Slice Locations %s tell nothing", async (_, locations) => {
  expect(await located(locations)).toEqual([]);
});
