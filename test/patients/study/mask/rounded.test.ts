import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { readMask } from "../../../../src/patients/study/mask/readMask.ts";
import { python, pythonModule } from "../../../imaging/formats/dicom/write/peers.ts";
import {
  ball,
  outlines,
  type Points,
  rtOfContours,
  type Shape,
  scanned,
  segOf,
  slicesAt,
  textsOf,
} from "./drawn.ts";

const folder = mkdtempSync(join(tmpdir(), "rounded-"));
afterAll(() => rmSync(folder, { recursive: true }));
const peer = pythonModule("pydicom") && pythonModule("numpy");

/**
 * Pixels of each slice inside of an odd number of contours, by NumPy: for each pixel's centre the edges that a ray to
 * the right crosses. A contour belongs to the slice nearest to the mean of its points; copies are named by the caller.
 */
const script = `
import sys, json, numpy as np, pydicom
path, grid = sys.argv[1], json.loads(sys.argv[2])
nx, ny, nz = grid["size"]
A = np.array(grid["direction"], float).T * np.array(grid["spacing"])
masks = np.zeros((nz, ny, nx), bool)
j, i = np.mgrid[0:ny, 0:nx]
for roi in pydicom.dcmread(path).ROIContourSequence:
    for c in roi.ContourSequence:
        if c.ContourGeometricType not in ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR") or len(c.ContourData) < 9:
            continue
        p = np.linalg.solve(A, (np.array(c.ContourData, float).reshape(-1, 3) - grid["origin"]).T).T
        k = int(round(p[:, 2].mean()))
        if not 0 <= k < nz:
            continue
        odd = np.zeros((ny, nx), bool)
        for (x0, y0), (x1, y1) in zip(p[:, :2], np.roll(p[:, :2], -1, 0)):
            if y0 == y1:
                continue
            odd ^= ((y0 > j) != (y1 > j)) & (i < x0 + (j - y0) / (y1 - y0) * (x1 - x0))
        masks[k] ^= odd
print(json.dumps({"total": int(masks.sum()), "slices": masks.sum((1, 2)).tolist()}))
`;
const even = Array.from({ length: 12 }, (_, n) => 2.5 * n);
async function compared(bytes: Uint8Array, slices = slicesAt(even)) {
  const path = join(folder, "rt.dcm");
  writeFileSync(path, bytes);
  const stack = await scanned(slices);
  const { volume, remarks } = await readMask(path, stack.geometry, { stacks: [stack] });
  const theirs = python<{ total: number; slices: number[] }>(script, [path, JSON.stringify(stack.geometry)]);
  const [nx, ny, nz] = volume.size;
  const ours = Array.from({ length: nz }, (_, k) =>
    volume.data
      .subarray(k * nx * ny, (k + 1) * nx * ny)
      .reduce((sum, label) => sum + (label === 2 ? 1 : 0), 0),
  );
  return { ours, theirs: theirs.slices, remarks: textsOf(remarks) };
}

const circle = ([x, y, z]: Vec3, r: number, n = 40): Points =>
  Array.from({ length: n }, (_, m) => {
    const angle = (2 * Math.PI * m) / n;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle), z];
  }).flat();
/** Every point moved by `by` of its index. */
const moved = (points: Points, by: (n: number) => Vec3): Points =>
  points.map((mm, v) => mm + by(Math.floor(v / 3))[v % 3]);
const none = ["no kidney in the mask"];

describe.skipIf(!peer)("contours of a slice, as by NumPy", () => {
  const parts = (z: number) => [
    circle([-12.3, 2.2, z], 8.1),
    circle([10.1, -3.4, z], 6.7),
    circle([-12.3, 2.2, z], 3.3),
  ];
  const noise = (n: number) => 0.02 * Math.sin(12.9898 * n);

  test("whose depths differ by 0.02 mm: all are drawn", async () => {
    const contours = [3, 4, 5, 6].flatMap((k) =>
      parts(2.5 * k).map((points, n) => moved(points, () => [0, 0, noise(7 * k + n)])),
    );
    const { ours, theirs, remarks } = await compared(rtOfContours({ Tumor: contours }));
    expect(ours).toEqual(theirs);
    expect(Math.max(...ours)).toBeGreaterThan(200);
    expect(remarks).toEqual(none);
  });

  const [c, s] = [Math.cos(0.35), Math.sin(0.35)];
  const oblique = { row: [c, s, 0], column: [-s * 0.8, c * 0.8, 0.6] } as const;
  test.each([
    [1, 2.5],
    [1, 1],
    [2, 2.5],
    [2, 0.7],
  ])("oblique, coordinates of %i decimals, slices %f mm apart", async (digits, step) => {
    const slices = slicesAt(
      Array.from({ length: 12 }, (_, n) => step * n),
      oblique,
    );
    const middle = slices.positions[5].map(
      (mm, a) => mm + 30 * oblique.row[a] + 28 * oblique.column[a],
    ) as never;
    // Hollow throughout: what is shut in on all sides is filled when masks are cleaned.
    const along = (p: Vec3, axis: readonly number[]) =>
      axis.reduce((sum, x, a) => sum + x * (p[a] - middle[a]), 0);
    const lump: Shape = (p) =>
      ball(middle, 11)(p) && Math.hypot(along(p, oblique.row), along(p, oblique.column)) > 4;
    const contours = slices.positions.flatMap((_, k) => outlines(lump, slices, k));
    const { ours, theirs, remarks } = await compared(rtOfContours({ Tumor: contours }, { digits }), slices);
    expect(ours).toEqual(theirs);
    expect(remarks.filter((text) => !/drawn flat/.test(text))).toEqual(none);
  });

  test("a hole, a keyhole, either way round, the first point repeated, a tenth of a slice askew", async () => {
    const z = 10;
    const ring = circle([0.2, 0.3, z], 9.4);
    const hole = circle([0.2, 0.3, z], 4.2);
    const back = (points: Points) =>
      Array.from({ length: points.length / 3 }, (_, n) =>
        points.slice(points.length - 3 * n - 3, points.length - 3 * n),
      ).flat();
    const closed = (points: Points) => [...points, ...points.slice(0, 3)];
    const keyhole = [...closed(ring), ...closed(back(hole))];
    const whole = (await compared(rtOfContours({ Tumor: [ring, hole] }))).ours;
    for (const contours of [
      [ring, back(hole)],
      [closed(ring), closed(hole)],
      [back(ring), hole],
      [keyhole],
      [ring, moved(hole, (n) => [0, 0, n % 2 ? 0.2 : 0])],
    ]) {
      const { ours, theirs, remarks } = await compared(rtOfContours({ Tumor: contours }));
      expect(ours).toEqual(theirs);
      expect(ours).toEqual(whole);
      expect(remarks).toEqual(none);
    }
    const { ours, theirs } = await compared(
      rtOfContours({ Tumor: [ring, hole] }, { type: "CLOSEDPLANAR_XOR" }),
    );
    expect([ours, theirs]).toEqual([whole, whole]);
  });

  test("a contour that crosses itself, two that overlap in part: as even-odd, and said", async () => {
    const eight = [-8, -6, 10, 8.3, 7, 10, 8.3, -6, 10, -8, 7.2, 10];
    const crossed = await compared(rtOfContours({ Tumor: [eight] }));
    expect(crossed.ours).toEqual(crossed.theirs);
    expect(crossed.remarks[0]).toBe(
      "Tumor: 1 of 1 contours cross themselves or each other: what they cover twice counts as outside",
    );
    const both = [circle([0, 0, 10], 8), circle([7, 0, 10], 8), circle([-20, 0, 10], 3)];
    const overlapping = await compared(rtOfContours({ Tumor: both }));
    expect(overlapping.ours).toEqual(overlapping.theirs);
    expect(overlapping.remarks[0]).toBe(
      "Tumor: 2 of 3 contours cross themselves or each other: what they cover twice counts as outside",
    );
  });

  test("written twice, wherever begun and whichever way round: once, and said", async () => {
    const ring = circle([0.2, 0.3, 10], 9.4);
    const once = (await compared(rtOfContours({ Tumor: [ring] }))).ours;
    const begun = [...ring.slice(30), ...ring.slice(0, 30)];
    const back = Array.from({ length: 40 }, (_, n) => begun.slice(117 - 3 * n, 120 - 3 * n)).flat();
    for (const copy of [begun, back, moved(begun, () => [0, 0, 0.02]), [...back, ...back.slice(0, 3)]]) {
      const { ours, remarks } = await compared(rtOfContours({ Tumor: [ring, copy] }));
      expect(ours).toEqual(once);
      expect(remarks).toEqual(["Tumor: 1 of 2 contours written more than once, counted once", ...none]);
    }
  });

  test("one structure's contour once more a fifth of a slice off: the nearer one, the other said", async () => {
    const once = (await compared(rtOfContours({ Tumor: [circle([0, 0, 10], 9)] }))).ours;
    const { ours, remarks } = await compared(
      rtOfContours({ Tumor: [circle([0, 0, 10.5], 9.1), circle([0, 0, 10], 9)] }),
    );
    expect(ours).toEqual(once);
    expect(remarks[0]).toMatch(/1 of 2 planes of contours lie between or beyond the slices, left out/);
  });

  test("points, open ones and ones of two points are passed over; askew ones are said or refused", async () => {
    const ring = circle([0, 0, 10], 9);
    const few = [
      ring,
      [1, 1, 10],
      [1, 1, 10, 5, 5, 10],
      [1, 1, 10, 5, 5, 10, 1, 1, 10],
      [1, 1, 10, 3, 3, 10, 5, 5, 10],
    ];
    const { ours, remarks } = await compared(rtOfContours({ Tumor: few }));
    expect(ours).toEqual((await compared(rtOfContours({ Tumor: [ring] }))).ours);
    expect(remarks).toEqual(["Tumor: 4 points or open contours passed over", ...none]);
    const askew = moved(ring, (n) => [0, 0, n < 20 ? 0.8 : 0]);
    const flat = await compared(rtOfContours({ Tumor: [askew] }));
    expect(flat.ours).toEqual(flat.theirs);
    expect(flat.remarks[0]).toBe("Tumor: contours rise through up to 0.32 slices, drawn flat");
    const steep = moved(ring, (n) => [0, 0, n < 20 ? 4 : 0]);
    await expect(
      compared(rtOfContours({ Tumor: [ring, ring.map((mm, v) => mm + (v % 3 === 2 ? 2.5 : 0)), steep] })),
    ).rejects.toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
  });
});

describe("frames of a segmentation", () => {
  const slices = slicesAt(even);
  const shape = ball([0.3, 0.2, 13.1], 9);
  const count = ({ data }: { data: Uint8Array }, label: number) =>
    data.reduce((sum, value) => sum + (value === label ? 1 : 0), 0);
  async function read(bytes: Uint8Array, of = slices) {
    const path = join(folder, "seg.dcm");
    writeFileSync(path, bytes);
    const stack = await scanned(of);
    const mask = await readMask(path, stack.geometry, { stacks: [stack] });
    return { ...mask, remarks: textsOf(mask.remarks) };
  }
  const [c, s] = [Math.cos(0.35), Math.sin(0.35)];

  test.each([
    [1, 2.5],
    [1, 0.8],
    [2, 0.7],
  ])("positions of %i decimals, slices %f mm apart: as exact ones", async (digits, step) => {
    const own = slicesAt(
      Array.from({ length: 14 }, (_, n) => step * n),
      { row: [c, s, 0], column: [-s * 0.8, c * 0.8, 0.6] },
    );
    const lump = ball(own.positions[6].map((mm, a) => mm + [22, 30, 17][a]) as never, 9);
    const exact = (await read(segOf({ Tumor: lump }, own, { between: step }), own)).volume;
    for (const between of [step, undefined]) {
      const { volume, remarks } = await read(segOf({ Tumor: lump }, own, { digits, between }), own);
      expect(count(volume, 2)).toBe(count(exact, 2));
      expect(remarks).toEqual(none);
    }
  });

  test("several of one segment on one plane, positions a little apart, add up", async () => {
    const left: Shape = (p) => shape(p) && p[0] < 0;
    const right: Shape = (p) => shape(p) && p[0] >= 0;
    const more = slices.positions.map((_, k) => ({ k, segment: 1, shape: right }));
    const { volume } = await read(segOf({ Tumor: left }, slices, { more }));
    expect(volume).toEqual((await read(segOf({ Tumor: shape }, slices))).volume);
  });

  test("one between the others: left out, and said", async () => {
    const off = { ...slices, positions: [...slices.positions, [-30, -28, 13.6] as const] };
    const { volume, remarks } = await read(segOf({ Tumor: shape }, off), slices);
    expect(volume).toEqual((await read(segOf({ Tumor: shape }, slices))).volume);
    expect(remarks[0]).toMatch(/^Tumor: 1 of \d+ frames lie between the slices, left out$/);
  });

  test("fractions count from one half on, which is said; label maps", async () => {
    const whole = (await read(segOf({ Kidney: ball([9, 4, 12], 8), Tumor: shape }, slices))).volume;
    const fractional = await read(
      segOf({ Kidney: ball([9, 4, 12], 8), Tumor: shape }, slices, { kind: "FRACTIONAL" }),
    );
    expect(fractional.volume).toEqual(whole);
    expect(fractional.remarks).toEqual([
      "Kidney, Tumor: fractions count from half of the greatest possible one on",
    ]);
    const map = await read(
      segOf({ Kidney: ball([9, 4, 12], 8), Tumor: shape }, slices, { kind: "LABELMAP" }),
    );
    expect(map).toEqual({ ...fractional, remarks: [] });
  });

  test("tumour and cyst overlap: tumour, and said; over the kidney without a word", async () => {
    const cyst = ball([9, 4, 12], 8);
    const structures = { Kidney: ball([0, 0, 12], 20), Cyst: cyst, Tumor: shape };
    const { volume, remarks } = await read(segOf(structures, slices));
    expect(count(volume, 2)).toBe(count((await read(segOf({ Tumor: shape }, slices))).volume, 2));
    expect(remarks).toEqual([
      expect.stringMatching(/^tumour and cyst overlap in 0\.\d mL: counted as tumour$/),
    ]);
  });
});
