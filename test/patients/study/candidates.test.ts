import { expect, test } from "vitest";
import { readHeaders, type Source } from "../../../src/imaging/formats/dicom/index.ts";
import { candidatesOf } from "../../../src/patients/study/candidates.ts";
import { type CtSliceOptions, ctSlice } from "../../imaging/formats/dicom/writer.ts";

const slice = (z: number, instance: number, options: Partial<CtSliceOptions> = {}): CtSliceOptions => ({
  rows: 2,
  columns: 2,
  position: [0, 0, z],
  values: new Int16Array(4).fill(instance),
  instance,
  ...options,
});

const filesOf = (slices: readonly CtSliceOptions[]) =>
  readHeaders(
    slices.map((each, n): Source => {
      const bytes = ctSlice(each);
      return { name: `IM${n}`, whole: async () => bytes, start: async (length) => bytes.subarray(0, length) };
    }),
  );

test("slices that fit into no volume are left out by name, and told with each volume of their series", async () => {
  const scans = [1, 2].flatMap((acquisition) =>
    Array.from({ length: 10 }, (_, k) => slice(5 * k, 100 * acquisition + k, { acquisition })),
  );
  const files = await filesOf([
    ...scans,
    slice(20, 900, { acquisition: 3 }),
    slice(22, 901, { acquisition: 1, rows: 4, columns: 4, values: new Int16Array(16) }),
  ]);
  const { candidates, leftOut } = candidatesOf(files);
  const lines = [
    "1 slices set aside: another size than the series' other slices: 4 × 4, not 2 × 2",
    "1 slices set aside: acquisition 3: too few slices for a volume, where other scans have theirs (z 20.00 mm)",
  ];
  expect(candidates.map(({ stack, slicesAside }) => [stack.slices.length, slicesAside])).toEqual([
    [10, lines],
    [10, lines],
  ]);
  expect(leftOut.map(({ reason }) => reason)).toEqual(lines);
});
