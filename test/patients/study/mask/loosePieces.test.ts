import { expect, test } from "vitest";
import { lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";
import { loosePieces } from "../../../../src/patients/study/mask/loosePieces.ts";

/** A kidney of 4 × 4 × 4 voxels with a tumour on it, and labels of single voxels by their index. */
function mask(spacing: number, labels: Readonly<Record<number, number>> = {}): Volume<Uint8Array> {
  const data = new Uint8Array(1000);
  for (let k = 1; k < 5; k++)
    for (let j = 1; j < 5; j++) {
      data.fill(1, 100 * k + 10 * j + 1, 100 * k + 10 * j + 5);
      data[100 * k + 10 * j + 5] = 2;
    }
  for (const [n, label] of Object.entries(labels)) data[Number(n)] = label;
  return {
    size: [10, 10, 10],
    spacing: [spacing, spacing, spacing],
    origin: [0, 0, 0],
    direction: lpsDirection,
    data,
  };
}

test("a kidney with its tumour has none", () => {
  expect(loosePieces(mask(5))).toEqual([]);
  expect(loosePieces({ ...mask(5), data: new Uint8Array(1000) })).toEqual([]);
});

test("a piece of tumour away from kidney and cyst is told with its volume", () => {
  expect(loosePieces(mask(5, { 888: 2, 889: 2 }))).toEqual([
    "1 of 2 pieces of tumour (0.25 mL) away from kidney and cyst: check the mask",
  ]);
});

test("voxels that stand alone are told where they make up a volume", () => {
  const alone = { 222: 3, 444: 3, 999: 1 };
  expect(loosePieces(mask(5, alone))).toEqual([
    "1 single voxels of kidney (0.13 mL): check the mask",
    "2 single voxels of cyst (0.25 mL): check the mask",
  ]);
  expect(loosePieces(mask(1, alone))).toEqual([]);
});
