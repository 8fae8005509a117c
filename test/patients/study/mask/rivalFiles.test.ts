import { expect, test } from "vitest";
import { RivalFiles } from "../../../../src/patients/study/mask/rivalFiles.ts";

const drawn = (...voxels: number[]) => Uint8Array.from({ length: 8 }, (_, n) => (voxels.includes(n) ? 1 : 0));

test("two files that draw one label otherwise are told, with what they differ by", () => {
  const rivals = new RivalFiles(["a", "a", "b", undefined]);
  rivals.add(2, "a", drawn(1, 2));
  rivals.add(2, "a", drawn(3));
  rivals.add(2, "b", drawn(3, 4));
  rivals.add(1, "a", drawn(5));
  rivals.add(3, "a", drawn(6));
  rivals.add(3, "b", drawn(6));
  expect(rivals.remarks(0.1)).toEqual([
    "tumour: drawn in 2 files, which differ by 0.3 mL: what any of them has counts",
  ]);
  expect(rivals.remarks(0.001)).toEqual([]);
});

test("one file's regions are no rivals", () => {
  const rivals = new RivalFiles(["a", "a"]);
  rivals.add(2, "a", drawn(1));
  rivals.add(2, "a", drawn(2));
  expect(rivals.remarks(1)).toEqual([]);
});
