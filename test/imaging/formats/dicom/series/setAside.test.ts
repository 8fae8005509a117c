import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readHeaders,
  readVolume,
  type Series,
  type Slice,
  type Source,
  type Stack,
  seriesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { type CtSliceOptions, ctSlice } from "../writer.ts";

let instance = 0;
/** Distinct pixels for each scan: `scan` of the slice tells where it belongs. */
const slice = (z: number, scan: number, options: Partial<CtSliceOptions> = {}): CtSliceOptions => {
  const number = options.instance ?? ++instance;
  return {
    rows: 3,
    columns: 2,
    position: [-100, -100, z],
    values: new Int16Array(6).fill(1000 * scan + z),
    instance: number,
    sopInstance: `1.2.3.${scan}.${number}.${Math.round(10 * (z + 5000))}`,
    spacing: [0.7, 0.7],
    ...options,
  };
};

/** Slices 5 mm apart down from `from`, each with what `options` gives its place in the run. */
const scan = (
  number: number,
  count: number,
  options: (k: number) => Partial<CtSliceOptions> = () => ({}),
  from = 0,
): CtSliceOptions[] => Array.from({ length: count }, (_, k) => slice(from - 5 * k, number, options(k)));

async function seriesFrom(slices: readonly CtSliceOptions[]): Promise<Series> {
  const sources = slices.map((each, n): Source => {
    const bytes = ctSlice(each);
    return { name: `IM${n}`, whole: async () => bytes, start: async (length) => bytes.subarray(0, length) };
  });
  const [one, ...others] = seriesOf(await readHeaders(sources));
  expect(others).toEqual([]);
  return one;
}

/** The scan each slice of a stack belongs to, once each. */
const scansIn = ({ slices }: Stack): string[] => [
  ...new Set(slices.map(({ file }) => file.header.sopInstance!.split(".")[3])),
];
const counts = ({ stacks }: Series) => stacks.map(({ slices }) => slices.length);
const reasons = ({ slicesAside }: Series) => slicesAside.map(({ slices, reason }) => [slices.length, reason]);
const time = (seconds: number) =>
  `10${String(10 + Math.floor(seconds / 60)).padStart(2, "0")}${(seconds % 60).toFixed(2).padStart(5, "0")}`;

describe("phases in one series", () => {
  /** Marks by which three scans, 60 s apart, may be told from each other. */
  const marks: Record<string, (scan: number, k: number) => Partial<CtSliceOptions>> = {
    "acquisition numbers": (s) => ({ acquisition: s }),
    "temporal positions": (s) => ({ temporalPosition: s }),
    "one acquisition time each": (s) => ({ acquisitionTime: time(60 * s) }),
    "an acquisition time a slice": (s, k) => ({ acquisitionTime: time(60 * s + 0.1 * k) }),
    "times of four slices": (s, k) => ({ acquisitionTime: time(60 * s + (k >> 2)) }),
    "whole seconds, two slices each": (s, k) => ({ acquisitionTime: time(60 * s + (k >> 1)) }),
    "a content time a slice": (s, k) => ({ contentTime: time(60 * s + 0.1 * k) }),
    "times a slice and numbers that start again": (s, k) => ({
      acquisitionTime: time(60 * s + 0.1 * k),
      instance: k + 1,
    }),
    "tube voltages": (s) => ({ kvp: 60 + 20 * s }),
    kernels: (s) => ({ kernel: `B${s}0f` }),
    "instance numbers": (s, k) => ({ instance: 100 * s + k }),
  };

  describe.each(Object.entries(marks))("told apart by %s", (name, mark) => {
    const scans = () => [1, 2, 3].map((s) => scan(s, 20, (k) => mark(s, k)));

    test("are a volume each", async () => {
      const series = await seriesFrom(scans().flat());
      expect(counts(series)).toEqual([20, 20, 20]);
      expect(series.stacks.map(scansIn)).toEqual([["1"], ["2"], ["3"]]);
      expect(reasons(series)).toEqual([]);
    });

    test("never mix where slices are missing in any of them", async () => {
      const [first, second, third] = scans();
      const series = await seriesFrom([
        ...first.filter((_, k) => k !== 9),
        ...second.filter((_, k) => k !== 0 && k !== 13),
        ...third,
      ]);
      expect(series.stacks.map(scansIn)).toEqual([["1"], ["2"], ["3"]]);
      expect(counts(series)).toEqual([19, 18, 20]);
      const { remarks } = await readVolume(series.stacks[1], name);
      expect(remarks).toEqual([
        "uneven slices (5.00–10.00 mm) interpolated to 5.00 mm; slices missing between z −70.00 mm and z −60.00 mm",
      ]);
    });

    test("are a volume each beside a slice that nothing marks", async () => {
      const series = await seriesFrom([...scans().flat(), slice(-45, 9, { instance: 900 })]);
      const whole = series.stacks.filter((stack) => scansIn(stack).length === 1);
      expect(whole.length).toBeGreaterThanOrEqual(2);
      // The odd slice is set aside, or its volume refused: none takes it for its own.
      for (const stack of series.stacks.filter((one) => scansIn(one).length > 1))
        await expect(readVolume(stack, name)).rejects.toMatchObject({ code: "E_GEOMETRY" });
    });

    test("never mix where one begins above the others, or runs the other way", async () => {
      const higher = [1, 2, 3].map((s) => scan(s, 20 + s, (k) => mark(s, k), 5 * s));
      expect((await seriesFrom(higher.flat())).stacks.map(scansIn)).toEqual([["1"], ["2"], ["3"]]);
      const back = [1, 2, 3].map((s) =>
        Array.from({ length: 20 }, (_, k) => slice(s === 2 ? -95 + 5 * k : -5 * k, s, mark(s, k))),
      );
      expect((await seriesFrom(back.flat())).stacks.map(scansIn)).toEqual([["1"], ["2"], ["3"]]);
    });
  });

  test("a bolus stub and a stray slice are set aside, wherever and whenever they were taken", async () => {
    for (const at of [-25, 0, -95])
      for (const when of [0, 90, 400])
        for (const acquired of [true, false]) {
          const mark = (s: number, seconds: number) => ({
            acquisitionTime: time(seconds),
            ...(acquired && { acquisition: s }),
          });
          const scans = [1, 2].flatMap((s) => scan(s, 20, (k) => mark(s, 60 * s + 0.1 * k)));
          const stub = [0, 1].map((n) => slice(at, 4, mark(4, when + n)));
          const series = await seriesFrom([...scans, ...stub]);
          expect(series.stacks.map(scansIn)).toEqual([["1"], ["2"]]);
          expect(counts(series)).toEqual([20, 20]);
          expect(series.slicesAside.reduce((n, { slices }) => n + slices.length, 0)).toBe(2);
          const stray = await seriesFrom([...scans, stub[0]]);
          expect(stray.stacks.map(scansIn)).toEqual([["1"], ["2"]]);
          expect(stray.slicesAside.map(({ slices }) => slices.length)).toEqual([1]);
        }
  });

  test("a stray slice of another acquisition does not fill a hole", async () => {
    const first = scan(1, 20, () => ({ acquisition: 1 })).filter((_, k) => k !== 5);
    const series = await seriesFrom([...first, slice(-25, 3, { acquisition: 3 })]);
    expect(counts(series)).toEqual([19]);
    expect(reasons(series)).toEqual([
      [1, "acquisition 3: too few slices for a volume, where other scans have theirs (z −25.00 mm)"],
    ]);
  });

  test("that lie between each other's slices never mix where their times lie apart", async () => {
    for (const between of [0.1, 0]) {
      const scans = [1, 2].flatMap((s) =>
        scan(s, 20, (k) => ({ acquisitionTime: time(60 * s + between * k) }), 2.5 * s),
      );
      expect((await seriesFrom(scans)).stacks.map(scansIn)).toEqual([["1"], ["2"]]);
    }
    const { stacks } = await seriesFrom([1, 2].flatMap((s) => scan(s, 20, undefined, 2.5 * s)));
    expect(stacks[0].remarks).toEqual([
      "slices numbered in several rounds over one stretch make one volume: they may be of different phases",
    ]);
  });

  test("without any mark and with numbers that start again are refused", async () => {
    const { stacks } = await seriesFrom([1, 2].flatMap((s) => scan(s, 20, (k) => ({ instance: k + 1 }))));
    await expect(readVolume(stacks[0], "series")).rejects.toMatchObject({ code: "E_GEOMETRY" });
  });

  test("two scans of four steps each, every step with its acquisition, are two volumes", async () => {
    const steps = [0, 1].flatMap((s) =>
      scan(s + 1, 16, (k) => ({
        acquisition: 4 * s + Math.floor(k / 4) + 1,
        acquisitionTime: time(90 * s + 2 * Math.floor(k / 4)),
      })),
    );
    const series = await seriesFrom(steps);
    expect(counts(series)).toEqual([16, 16]);
    expect(series.stacks.map(scansIn)).toEqual([["1"], ["2"]]);
  });
});

describe("a slice at the border of two acquisitions", () => {
  test.each([
    ["acquisition numbers", (s: number) => ({ acquisition: s })],
    ["times of the acquisitions", (s: number) => ({ acquisitionTime: time(2 * s) })],
    ["times of the slices", (s: number, k: number) => ({ acquisitionTime: time(2 * s + 0.01 * k) })],
    ["instance numbers", (s: number, k: number) => ({ instance: 100 * s + k })],
  ] as const)("is the later one's, by %s", async (_, mark) => {
    const slices = [...scan(1, 12, (k) => mark(1, k)), ...scan(2, 10, (k) => mark(2, k), -55)];
    const series = await seriesFrom(slices);
    expect(counts(series)).toEqual([21]);
    expect(reasons(series)).toEqual([
      [1, expect.stringMatching(/^at the border of .* \(z −55\.00 mm\): the later slice is kept$/)],
    ]);
    const { volume } = await readVolume(series.stacks[0], "series");
    expect(volume.size[2]).toBe(21);
    expect([...volume.data].filter((_, i) => i % 6 === 0)).toEqual([
      ...Array.from({ length: 10 }, (_, k) => 2000 - 55 - 5 * (9 - k)),
      ...Array.from({ length: 11 }, (_, k) => 1000 - 5 * (10 - k)),
    ]);
  });

  test("of acquisitions far apart in time is told with the volume", async () => {
    const series = await seriesFrom([
      ...scan(1, 12, () => ({ acquisition: 1, acquisitionTime: time(0) })),
      ...scan(2, 10, () => ({ acquisition: 2, acquisitionTime: time(40) }), -60),
    ]);
    expect(series.stacks[0].remarks).toEqual([
      "acquisition 1 and acquisition 2, 40 s apart, make one volume: they may be of different phases",
    ]);
  });
});

describe("an odd slice", () => {
  const volume = scan(1, 20);
  test.each([
    [
      "size",
      { rows: 2, columns: 2, values: new Int16Array(4) },
      "another size than the series' other slices: 2 × 2, not 2 × 3",
    ],
    [
      "orientation",
      { orientation: [1, 0, 0, 0, 0, -1] },
      "another orientation than the series' other slices",
    ],
    [
      "pixel spacing",
      { spacing: [0.9, 0.9] as const },
      "another pixel spacing than the series' other slices: 0.9 × 0.9 mm, not 0.7 × 0.7 mm",
    ],
    [
      "frame of reference",
      { frameOfReference: "1.2" },
      "another frame of reference than the series' other slices",
    ],
    [
      "place",
      { position: [-100, -100, -400] as const },
      "305.0 mm away from the other slices (z −400.00 mm)",
    ],
  ])("of another %s is set aside, and the rest is a volume", async (_, options, reason) => {
    const series = await seriesFrom([...volume, slice(-47, 2, options)]);
    expect(counts(series)).toEqual([20]);
    expect(reasons(series)).toEqual([[1, reason]]);
    expect((await readVolume(series.stacks[0], "series")).remarks).toEqual([]);
    // Two at a time.
    const both = await seriesFrom([
      ...volume,
      slice(-47, 2, options),
      slice(-48, 2, { spacing: [1.5, 1.5] }),
    ]);
    expect(counts(both)).toEqual([20]);
    expect(both.slicesAside.flatMap(({ slices }) => slices)).toHaveLength(2);
  });
});

test("slices around another centre are moved to where they lie, and told", async () => {
  const shifted = scan(1, 10, () => ({ spacing: [1, 1] })).map(
    (each, k): CtSliceOptions => (k < 5 ? each : { ...each, position: [-98, -100, each.position[2]] }),
  );
  const { volume, remarks } = await readVolume((await seriesFrom(shifted)).stacks[0], "series");
  expect(remarks).toEqual(["slices shifted against each other within their planes, moved to where they lie"]);
  // Two pixels to the left of the patient, of 1 mm.
  expect(volume.size).toEqual([4, 3, 10]);
  expect([...volume.data.slice(0, 4)]).toEqual([-1024, -1024, 955, 955]);
  expect([...volume.data.slice(-4)]).toEqual([1000, 1000, -1024, -1024]);
});

describe("copies", () => {
  const volume = scan(1, 10);
  test("under other UIDs and names are dropped; different pixels are refused", async () => {
    const copy = { ...volume[3], sopInstance: "1.9", instance: 999 };
    const { stacks } = await seriesFrom([...volume, copy]);
    expect((await readVolume(stacks[0], "series")).remarks).toEqual(["1 duplicate slices dropped"]);
    const other = { ...copy, values: new Int16Array(6).fill(7) };
    const refused = readVolume((await seriesFrom([...volume, other])).stacks[0], "series");
    await expect(refused).rejects.toMatchObject({ code: "E_GEOMETRY" });
  });

  test("of one SOP Instance UID with different pixels are refused, at other places said", async () => {
    const same = { ...volume[3], values: new Int16Array(6).fill(7) };
    const refused = readVolume((await seriesFrom([...volume, same])).stacks[0], "series");
    await expect(refused).rejects.toMatchObject({ code: "E_GEOMETRY" });
    const one = volume.map((each) => ({ ...each, sopInstance: "1.2.3" }));
    const { stacks } = await seriesFrom(one);
    expect((await readVolume(stacks[0], "series")).remarks).toEqual([
      "10 different slices share their SOP Instance UID (0008,0018) with another",
    ]);
  });

  test("a copy that is cut off goes before the whole one", async () => {
    const bytes = volume.map(ctSlice);
    const cut = bytes[4].subarray(0, bytes[4].length - 4);
    const sources = [cut, ...bytes].map(
      (each, n): Source => ({
        name: `IM${n}`,
        whole: async () => each,
        start: async (length) => each.subarray(0, length),
      }),
    );
    const [{ stacks }] = seriesOf(await readHeaders(sources));
    const { volume: read, remarks } = await readVolume(stacks[0], "series");
    expect(read.size[2]).toBe(10);
    expect(remarks).toEqual(["1 slices that cannot be read dropped for others at their places"]);
  });
});

test("shuffled slices, and decimals that headers round, make the same stacks", async () => {
  const jitter = fc.double({ min: -1, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(jitter, jitter, jitter, jitter), { minLength: 41, maxLength: 41 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 41, maxLength: 41 }),
      fc.constantFrom(0, 0.0005, 0.001, 0.00049999, 0.0015),
      fc.constantFrom(0.7, 0.70305, 0.70315, 0.742188),
      async (noise, order, tilt, pixel) => {
        const slices = [
          ...[1, 2].flatMap((s) => scan(s, 20, () => ({ acquisition: s }))),
          slice(-25, 4, { acquisition: 4 }),
        ].map((each, n): CtSliceOptions => {
          const [a, b, c, d] = noise[n];
          const [x, y, z] = each.position;
          return {
            ...each,
            position: [x + 2e-3 * c, y, z + 2e-3 * d],
            orientation: [1, tilt + 2e-6 * a, 0, -tilt - 2e-6 * a, 1, 2e-6 * b],
            spacing: [pixel + 2e-6 * c, pixel + 2e-6 * a],
          };
        });
        const shuffled = slices
          .map((each, n) => ({ each, at: order[n] }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        const told = async (of: readonly CtSliceOptions[]) => {
          const { stacks, slicesAside } = await seriesFrom(of);
          const uids = (members: readonly Pick<Slice, "file">[]) =>
            members.map(({ file }) => file.header.sopInstance);
          const volumes = await Promise.all(stacks.map((stack) => readVolume(stack, "series")));
          return {
            stacks: stacks.map(({ slices: members }) => uids(members)),
            aside: slicesAside.map(({ slices: members, reason }) => [uids(members), reason]),
            volumes: volumes.map(({ volume, remarks }) => ({ ...volume, remarks })),
          };
        };
        const expected = await told(slices);
        expect(expected.stacks.map((uids) => uids.length)).toEqual([20, 20]);
        expect(await told(shuffled)).toEqual(expected);
      },
    ),
    { numRuns: 25, seed: 1 },
  );
});
