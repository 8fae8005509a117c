import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { type Geometry, indexToPoint, voxelVolumeMl } from "../../../../src/numerics/volume/index.ts";
import { readMask } from "../../../../src/patients/study/mask/readMask.ts";
import type { ScannedStack } from "../../../../src/patients/study/mask/scannedStack.ts";
import { python, pythonModule } from "../../../imaging/formats/dicom/write/peers.ts";
import { ctSlice } from "../../../imaging/formats/dicom/writer.ts";
import { ball, pointAt, rtOf, type Shape, type Slices, scanned, segOf, slicesAt, textsOf } from "./drawn.ts";

const folder = mkdtempSync(join(tmpdir(), "repaired-"));
afterAll(() => rmSync(folder, { recursive: true }));
const scipy = pythonModule("scipy");

const script = `
import sys, json, numpy as np
from scipy.ndimage import label
nx, ny, nz = map(int, sys.argv[2:5])
a = np.fromfile(sys.argv[1], np.uint8).reshape(nz, ny, nx) == 2
_, pieces = label(a, np.ones((3, 3, 3)))
print(json.dumps({"pieces": pieces, "voxels": int(a.sum()), "planes": a.any((1, 2)).nonzero()[0].tolist()}))
`;
/** By SciPy: 26-connected pieces, voxels and planes of the tumour. */
function measured({ data, size }: { data: Uint8Array; size: readonly number[] }) {
  const path = join(folder, "labels");
  writeFileSync(path, data);
  return python<{ pieces: number; voxels: number; planes: number[] }>(script, [path, ...size.map(String)]);
}

async function tumorOf(bytes: Uint8Array, stack: ScannedStack, reference: Geometry = stack.geometry) {
  const path = join(folder, "mask.dcm");
  writeFileSync(path, bytes);
  const { volume, remarks } = await readMask(path, reference, { stacks: [stack] });
  const found = measured(volume);
  return { ...found, remarks: textsOf(remarks), ml: found.voxels * voxelVolumeMl(reference), volume };
}

const without = (depths: readonly number[], ...gone: number[]) => depths.filter((_, n) => !gone.includes(n));
const even = Array.from({ length: 20 }, (_, n) => 2.5 * n);
const radius = 14;
const truthMl = ((4 / 3) * Math.PI * radius ** 3) / 1000;
const c = Math.cos(0.4);
const s = Math.sin(0.4);
const ways: Record<string, Parameters<typeof slicesAt>[1] & object> = {
  axial: {},
  "axial, from the head": { column: [0, -1, 0], origin: [-30, 28, 48] },
  "axial, tilted by 15°": { slope: Math.tan((15 * Math.PI) / 180) },
  sagittal: { row: [0, 1, 0], column: [0, 0, -1], origin: [10, -30, 28] },
  coronal: { row: [1, 0, 0], column: [0, 0, -1], origin: [-30, 5, 28] },
  oblique: { row: [c, s, 0], column: [-s * 0.8, c * 0.8, 0.6] },
};
/** The middle of slices, where the ball is put, a little off all grids. */
function middleOf({ row, column, pixel, size, positions }: Slices, depth: number): [number, number, number] {
  const [first, last] = [positions[0], positions[positions.length - 1]];
  const part = depth / 47.5;
  return [0, 1, 2].map(
    (a) =>
      first[a] +
      (last[a] - first[a]) * part +
      (row[a] * (size[0] / 2 + 0.3) + column[a] * (size[1] / 2 - 0.2)) * pixel,
  ) as [number, number, number];
}

describe.skipIf(!scipy)("a mask drawn on slices of which some are missing", () => {
  const gaps: Record<string, number[]> = { one: [9], two: [7, 12], "two adjacent": [9, 10] };
  const cases = Object.keys(ways).flatMap((way) =>
    Object.keys(gaps).flatMap((gap) => ["SEG", "RTSTRUCT"].map((kind) => ({ way, gap, kind }))),
  );
  test.each(cases)("$way, $gap gone, $kind: one piece of the same volume", async ({ way, gap, kind }) => {
    const all = slicesAt(even, ways[way]);
    const left = slicesAt(without(even, ...gaps[gap]), ways[way]);
    const shape = ball(middleOf(all, 23.4), radius);
    const write = kind === "SEG" ? segOf : rtOf;
    const { pieces, ml, remarks } = await tumorOf(write({ Tumor: shape }, left), await scanned(left));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.03);
    const n = gaps[gap].map((k) => k + 1);
    const where = gap === "two adjacent" ? "10–11" : n.join(", ");
    expect(remarks).toContain(
      n.length === 1
        ? `Tumor: 1 slice without an image of its own (${where} of 20): the mask there is interpolated between its neighbours`
        : `Tumor: 2 slices without images of their own (${where} of 20): the mask there is interpolated between its neighbours`,
    );
  });

  test.each(["SEG", "RTSTRUCT"])("%s: a kidney drawn around its tumour closes on it", async (kind) => {
    const left = slicesAt(without(even, 9, 10));
    const middle = middleOf(left, 23.4);
    const tumor = ball([middle[0] + 9, middle[1] + 4, middle[2]], 10);
    const both = ball(middle, 20);
    const write = kind === "SEG" ? segOf : rtOf;
    const stack = await scanned(left);
    const kidney: Shape = (p) => both(p) && !tumor(p);
    const { volume } = await tumorOf(write({ Kidney: kidney, Tumor: tumor }, left), stack);
    const [nx, ny] = volume.size;
    for (const k of [9, 10]) {
      const plane = [...volume.data.subarray(k * nx * ny, (k + 1) * nx * ny)];
      const drawn = plane.filter((label) => label !== 0).length;
      const area = Math.PI * (400 - (2.5 * k - 23.4) ** 2);
      expect(Math.abs(drawn / area - 1)).toBeLessThan(0.06);
      for (let v = nx; v < plane.length - nx; v++)
        if (plane[v] === 0) expect([v - 1, v + 1, v - nx, v + nx].every((n) => plane[n] !== 0)).toBe(false);
    }
  });

  test.each(["SEG", "RTSTRUCT"])("%s drawn while they were there: kept as drawn", async (kind) => {
    const [all, left] = [slicesAt(even), slicesAt(without(even, 7, 12))];
    const shape = ball(middleOf(all, 23.4), radius);
    const write = kind === "SEG" ? segOf : rtOf;
    const whole = await tumorOf(write({ Tumor: shape }, all), await scanned(all));
    const here = await tumorOf(write({ Tumor: shape }, all), await scanned(left));
    expect(Buffer.from(here.volume.data).equals(Buffer.from(whole.volume.data))).toBe(true);
    expect(here.remarks).toEqual(["no kidney in the mask"]);
  });

  test.each(["SEG", "RTSTRUCT"])("%s: two pieces stay two, an end in a gap tapers", async (kind) => {
    const all = slicesAt(even);
    const left = slicesAt(without(even, 9));
    const [x, y] = middleOf(all, 0);
    const low: Shape = ([px, py, pz]) => Math.hypot(px - x, py - y) < 8 && pz > 6 && pz < 17;
    const high: Shape = ([px, py, pz]) => Math.hypot(px - x, py - y) < 8 && pz > 26 && pz < 40;
    const write = kind === "SEG" ? segOf : rtOf;
    const stack = await scanned(left);
    const two = await tumorOf(write({ Tumor: (p) => low(p) || high(p) }, left), stack);
    expect(two.pieces).toBe(2);
    expect(two.planes).toEqual([3, 4, 5, 6, 11, 12, 13, 14, 15]);
    const ending = await tumorOf(write({ Tumor: (p) => p[2] < 21 && ball([x, y, 12], 12)(p) }, left), stack);
    expect(ending.planes.at(-1)).toBe(9);
  });
});

describe.skipIf(!scipy)("a mask drawn on uneven slices", () => {
  const uneven: Record<string, number[]> = {
    "2 and 3 mm in turn": Array.from({ length: 20 }, (_, n) => 2.5 * n - (n % 2 ? 0.5 : 0)),
    "5 mm, then 2 mm": [0, 5, 10, 15, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40],
    "2 mm, then 5 mm": [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 25, 30, 35, 40],
    "any distances": [
      0, 2.2, 4.1, 6.9, 9, 11.7, 14, 15.8, 18.9, 21, 23.4, 26, 28.1, 31, 33.3, 36.2, 38, 40.4,
    ],
  };
  const cases = ["axial", "axial, from the head", "axial, tilted by 15°", "oblique"].flatMap((way) =>
    Object.keys(uneven).flatMap((depths) => ["SEG", "RTSTRUCT"].map((kind) => ({ way, depths, kind }))),
  );
  test.each(cases)("$way, $depths, $kind: one piece of the same volume", async ({ way, depths, kind }) => {
    const slices = slicesAt(uneven[depths], ways[way]);
    const shape = ball(middleOf(slicesAt([0, 47.5], ways[way]), 21.3), radius);
    const write = kind === "SEG" ? segOf : rtOf;
    const { pieces, ml, remarks } = await tumorOf(write({ Tumor: shape }, slices), await scanned(slices));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.04);
    expect(remarks.join()).toMatch(/^Tumor: \d+ slices? without .*interpolated between its neighbours/);
  });
});

describe.skipIf(!scipy)("a mask on slices of its own", () => {
  test.each([
    ["thicker", 5, "SEG"],
    ["thicker", 5, "RTSTRUCT"],
    ["thinner", 1, "SEG"],
    ["thinner", 1, "RTSTRUCT"],
  ])("%s, %d mm, %s: one piece of the same volume though the CT lacks slices", async (_, step, kind) => {
    const left = slicesAt(without(even, 7, 12));
    const own = slicesAt(Array.from({ length: Math.floor(47.5 / step) + 1 }, (_, n) => step * n + 0.4));
    const shape = ball(middleOf(slicesAt(even), 23.4), radius);
    const write = kind === "SEG" ? segOf : rtOf;
    const bytes = write({ Tumor: shape }, own, { referenced: "1.2.3.99" });
    const { pieces, ml } = await tumorOf(bytes, await scanned(left));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.05);
  });
});

describe.skipIf(!scipy)("contours that leave out slices", () => {
  const all = slicesAt(even);
  const shape = ball(middleOf(all, 23.4), radius);
  const drawnOn = (chosen: readonly number[]) => slicesAt(chosen.map((n) => even[n]));

  test("every second slice: each plane fills the slices nearest to it", async () => {
    const bytes = rtOf({ Tumor: shape }, drawnOn([1, 3, 5, 7, 9, 11, 13, 15, 17]));
    const { pieces, ml, remarks } = await tumorOf(bytes, await scanned(all));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.04);
    expect(remarks).toContain("Tumor: drawn 5.00 mm apart, images 2.50 mm: each voxel takes the nearest");
  });

  test("every second slice, one of them missing in the CT: interpolated", async () => {
    const left = slicesAt(without(even, 9));
    const bytes = rtOf({ Tumor: shape }, drawnOn([1, 3, 5, 7, 11, 13, 15, 17]));
    const { pieces, ml, remarks } = await tumorOf(bytes, await scanned(left));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.04);
    expect(remarks.join()).toMatch(/1 slice without an image of its own .*interpolated/);
  });

  test("some at even distances among others that are whole: interpolated", async () => {
    const bytes = rtOf({ Tumor: shape }, drawnOn([4, 5, 6, 8, 10, 12, 13, 14]));
    const { pieces, ml, remarks } = await tumorOf(bytes, await scanned(all));
    expect(pieces).toBe(1);
    expect(Math.abs(ml / truthMl - 1)).toBeLessThan(0.03);
    expect(remarks).toContain(
      "Tumor: 3 slices without contours between evenly spaced ones (8, 10, 12 of 20): the mask there is interpolated between its neighbours",
    );
  });

  test("one slice between two parts stays empty", async () => {
    const { pieces } = await tumorOf(
      rtOf({ Tumor: shape }, drawnOn([4, 5, 6, 7, 9, 10, 11])),
      await scanned(all),
    );
    expect(pieces).toBe(2);
  });
});

describe.skipIf(!scipy)("masks that are no DICOM objects, of a CT that lacks slices", () => {
  const all = slicesAt(even);
  const shape = ball(middleOf(all, 23.4), radius);
  const draw = (slices: Slices, k: number) => {
    const [columns, rows] = slices.size;
    return Uint8Array.from({ length: rows * columns }, (_, v) =>
      shape(pointAt(slices, k, v % columns, Math.floor(v / columns))) ? 1 : 0,
    );
  };

  test("NIfTI labels empty where a slice is missing: interpolated; other empty slices stay", async () => {
    const gone = [7, 12];
    const stack = await scanned(slicesAt(without(even, ...gone)));
    const [columns, rows, count] = stack.geometry.size;
    const data = new Uint8Array(columns * rows * count);
    for (let k = 0; k < count; k++)
      if (!gone.includes(k))
        data.set(
          draw(all, k).map((value) => 2 * value),
          k * columns * rows,
        );
    const read = async (stacks: readonly ScannedStack[]) => {
      const path = join(folder, "labels.nii.gz");
      await writeNifti(path, { ...stack.geometry, data });
      const { volume, remarks } = await readMask(path, stack.geometry, { stacks });
      return { ...measured(volume), remarks: textsOf(remarks) };
    };
    const filled = await read([stack]);
    expect(filled.pieces).toBe(1);
    expect(Math.abs((filled.voxels * 2.5) / 1000 / truthMl - 1)).toBeLessThan(0.03);
    expect(filled.remarks).toContain(
      "tumor: 2 slices without images of their own (8, 13 of 20): the mask there is interpolated between its neighbours",
    );
    expect((await read([await scanned(all)])).pieces).toBe(3);
  });

  test("folders of mask images: ones and zeros are interpolated as outlines, not as grey", async () => {
    const chosen = Array.from({ length: 20 }, (_, k) => k).filter((k) => k !== 7 && k !== 12);
    mkdirSync(join(folder, "images", "tumor"), { recursive: true });
    for (const k of chosen) {
      const values = Int16Array.from(draw(all, k), (value) => 255 * value);
      const bytes = ctSlice({ rows: 56, columns: 60, position: all.positions[k], values, instance: k });
      writeFileSync(join(folder, "images", "tumor", `${k}`), bytes);
    }
    const stack = await scanned(slicesAt(without(even, 7, 12)));
    const { volume, remarks } = await readMask(join(folder, "images"), stack.geometry, { stacks: [stack] });
    const { pieces, voxels } = measured(volume);
    expect(pieces).toBe(1);
    expect(Math.abs((voxels * 2.5) / 1000 / truthMl - 1)).toBeLessThan(0.03);
    expect(textsOf(remarks).join()).toContain("interpolated between its neighbours");
  });
});

test("a grid's own place in the patient is kept", async () => {
  const left = slicesAt(without(even, 7, 12));
  const stack = await scanned(left);
  expect(indexToPoint(stack.geometry, [0, 0, 0])).toEqual(left.positions[0]);
});
