import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { maskBetween } from "../../../../src/numerics/volume/index.ts";
import { python, pythonModule } from "../../../imaging/formats/dicom/write/peers.ts";

const folder = mkdtempSync(join(tmpdir(), "between-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [nx, ny] = [48, 40];
const drawn = (inside: (i: number, j: number) => boolean) =>
  Uint8Array.from({ length: nx * ny }, (_, v) => (inside(v % nx, Math.floor(v / nx)) ? 1 : 0));
const disc = (x: number, y: number, r: number) => drawn((i, j) => Math.hypot(i - x, j - y) < r);
const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
const nothing = new Uint8Array(nx * ny);

const script = `
import sys, json, numpy as np
from scipy.ndimage import distance_transform_edt as edt
ny, nx, sy, sx, part = int(sys.argv[2]), int(sys.argv[3]), *map(float, sys.argv[4:7])
a, b = np.fromfile(sys.argv[1], np.uint8).reshape(2, ny, nx) > 0
half = min(sx, sy) / 2
# What lies outside of the image is background.
signed = lambda m: (lambda p: np.where(p, edt(p, (sy, sx)) - half, half - edt(~p, (sy, sx))))(np.pad(m, 1))
d = (1 - part) * signed(a) + part * signed(b)
print(json.dumps((d >= -1e-4)[1:-1, 1:-1].astype(int).ravel().tolist()))
`;
const pairs: [string, Uint8Array, Uint8Array][] = [
  ["two discs", disc(20, 18, 9), disc(26.3, 20, 12)],
  ["a disc and a ring", disc(20, 18, 12), drawn((i, j) => Math.abs(Math.hypot(i - 22, j - 19) - 9) < 4)],
  ["two pieces that join", drawn((i, j) => Math.abs(j - 20) < 6 && Math.abs(i - 24) > 3), disc(24, 20, 14)],
  ["at the image's edge", disc(0, 0, 15), disc(2, 3, 11)],
];
test.skipIf(!pythonModule("scipy")).each(pairs)("%s: as by SciPy's distances", (_, below, above) => {
  const path = join(folder, "pair");
  writeFileSync(path, Buffer.concat([below, above]));
  for (const part of [0.25, 0.5, 2 / 3])
    for (const [sx, sy] of [
      [1, 1],
      [0.7, 0.9],
    ]) {
      const theirs = python<number[]>(script, [path, ...[ny, nx, sy, sx, part].map(String)]);
      expect([...maskBetween(below, above, part, [nx, ny], [sx, sy])]).toEqual(theirs);
    }
});

test("the same twice stays the same; discs give the disc between", () => {
  const one = disc(20, 18, 9);
  expect(maskBetween(one, one, 0.5, [nx, ny], [1, 1])).toEqual(one);
  const between = count(maskBetween(disc(22, 20, 8), disc(22, 20, 14), 0.5, [nx, ny], [1, 1]));
  expect(Math.abs(between / (Math.PI * 11 ** 2) - 1)).toBeLessThan(0.06);
});

test("towards an empty one a disc shrinks to its middle; two empty ones are empty", () => {
  const third = count(maskBetween(disc(22, 20, 15), nothing, 1 / 3, [nx, ny], [1, 1]));
  expect(Math.abs(third / (Math.PI * 10 ** 2) - 1)).toBeLessThan(0.06);
  expect(maskBetween(nothing, disc(22, 20, 15), 2 / 3, [nx, ny], [1, 1])).toEqual(
    maskBetween(disc(22, 20, 15), nothing, 1 / 3, [nx, ny], [1, 1]),
  );
  expect(maskBetween(nothing, nothing, 0.5, [nx, ny], [1, 1])).toEqual(nothing);
});
