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
  const { candidates, leftOut } = await candidatesOf(files);
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

const tenSlices = (options: (k: number) => Partial<CtSliceOptions> = () => ({})) =>
  Array.from({ length: 10 }, (_, k) => slice(5 * k, k + 1, options(k)));

test("a series with a file twice is one volume, and its copies are no slices of it", async () => {
  const own = tenSlices();
  const { candidates, leftOut } = await candidatesOf(await filesOf([...own, own[4], own[7]]));
  expect(leftOut).toEqual([]);
  expect(candidates.map(({ stack }) => [stack.slices.length, stack.remarks])).toEqual([
    [10, ["2 duplicate slices dropped"]],
  ]);
});

test("a series that would be a volume but for an error is told apart from what is none", async () => {
  const own = tenSlices();
  const other = { ...own[4], values: new Int16Array(4).fill(99) };
  const bolus = Array.from({ length: 6 }, (_, n) => slice(20, n, { series: "1.2.9" }));
  const { leftOut } = await candidatesOf(await filesOf([...own, other, ...bolus]));
  expect(leftOut.map(({ refused }) => refused)).toEqual([true, undefined]);
  expect(leftOut[0].reason).toMatch(/^E_GEOMETRY: .*two slices at one place/);
});
