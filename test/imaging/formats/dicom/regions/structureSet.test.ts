import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { TrinephronError } from "../../../../../src/base/errors.ts";
import { parseDataSet, rasterize, readStructureSet } from "../../../../../src/imaging/formats/dicom/index.ts";
import { type Geometry, lpsDirection } from "../../../../../src/numerics/volume/index.ts";
import { hasPython, runPython } from "../../../../python.ts";
import { type Item, part10 } from "../elements.ts";

const suite = resolve(import.meta.dirname, "../../../../../../shared/data/dicom_suite");
const absent = !existsSync(suite);
if (absent) console.warn("skipped: ../shared/data/dicom_suite is absent");
const peer = hasPython("pydicom", "PIL", "numpy");

const open = (file: string) => {
  const path = join(suite, file);
  return readStructureSet(parseDataSet(readFileSync(path), path), path);
};

/** Of dicompyler-core's CT, slices 3 mm apart from −170 mm up. */
const grid: Geometry = {
  size: [512, 512, 110],
  spacing: [1.074219, 1.074219, 3],
  origin: [-275, -524, -170.44],
  direction: lpsDirection,
};

/** Contours drawn by PIL at 9 × 9 pixels a pixel, the middle one kept, contours of a plane combined by exclusive or. */
const painter = `
import sys, numpy as np, pydicom
from PIL import Image, ImageDraw
path, name, out = sys.argv[1:4]
nx, ny, nz = 512, 512, 110
d = pydicom.dcmread(path)
number = [r.ROINumber for r in d.StructureSetROISequence if r.ROIName == name][0]
roi = [c for c in d.ROIContourSequence if c.ReferencedROINumber == number][0]
mask = np.zeros((nz, ny, nx), np.uint8)
for c in roi.ContourSequence:
    p = np.array(c.ContourData, float).reshape(-1, 3)
    k = int(round((p[0, 2] + 170.44) / 3))
    x, y = (p[:, 0] + 275) / 1.074219, (p[:, 1] + 524) / 1.074219
    i, j, w, h = int(x.min()) - 1, int(y.min()) - 1, int(np.ptp(x)) + 4, int(np.ptp(y)) + 4
    image = Image.new("1", (w * 9, h * 9))
    ImageDraw.Draw(image).polygon(list(zip((x - i) * 9 + 4, (y - j) * 9 + 4)), fill=1, outline=0)
    mask[k, j:j + h, i:i + w] ^= np.asarray(image)[4::9, 4::9].astype(np.uint8)
mask.tofile(out)
`;

const folder = mkdtempSync(join(tmpdir(), "structureSet-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(absent || !peer)("masks of contours as by PIL", () => {
  test.each(["Heart", "Breast", "Tumor Bed"])("%s", (name) => {
    const out = join(folder, "mask");
    const run = runPython(painter, [join(suite, "dicompyler-core/rtss.dcm"), name, out]);
    expect(run.stderr).toBe("");
    const theirs = readFileSync(out);
    const { contours } = open("dicompyler-core/rtss.dcm").rois.find((roi) => roi.name === name)!;
    const ours = rasterize(contours, grid);
    let [both, one, other] = [0, 0, 0];
    for (let v = 0; v < ours.length; v++) {
      both += ours[v] & theirs[v];
      one += ours[v];
      other += theirs[v];
    }
    expect((2 * both) / (one + other)).toBeGreaterThan(0.99);
  });
});

describe.skipIf(absent)("structure sets of other programs", () => {
  test("names, types, contours", () => {
    const { label, rois, referencedSeries } = open("dicompyler-core/rtss.dcm");
    expect(label).toBe("CT_1");
    expect(referencedSeries).toBe("2.16.840.1.113662.2.12.0.3057.1241703565.43");
    expect(rois.map(({ number, name, type, contours }) => [number, name, type, contours.length])).toEqual([
      // As dcmdump +P 3006,0026 +P 3006,00a4 and the number of (3006,0050) under each ROI.
      [1, "BODY", "EXTERNAL", 141],
      [2, "Areola", "AVOIDANCE", 0],
      [3, "Borders", "CTV", 2],
      [4, "Breast", "GTV", 48],
      [5, "Heart", "ORGAN", 33],
      [6, "Lt Lung", "AVOIDANCE", 165],
      [7, "Nodes", "AVOIDANCE", 4],
      [8, "Scar", "AVOIDANCE", 6],
      [9, "Tumor Bed", "CTV", 18],
      [10, "Tumor Bed Block", "GTV", 24],
    ]);
    expect([...rois[0].contours[0].slice(0, 3)]).toEqual([17.72, -336.73, -122.44]);
  });

  test("other DICOM files are refused", () => {
    expect(() => open("dcmqi/segmentations/liver.dcm")).toThrow(
      expect.objectContaining({ code: "E_FORMAT" }),
    );
  });

  test("bytes changed at random give coded errors or contours", () => {
    const bytes = readFileSync(join(suite, "rt-utils/mock_data/rt.dcm"));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        (changes) => {
          const broken = Buffer.from(bytes);
          for (const [at, value] of changes) broken[at] = value;
          try {
            const { rois } = readStructureSet(parseDataSet(broken, "broken"), "broken");
            for (const { contours } of rois) rasterize(contours, { ...grid, size: [64, 64, 8] });
          } catch (error) {
            expect(error).toBeInstanceOf(TrinephronError);
          }
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe("numbers of a structure set", () => {
  const file = (number: string, referenced: string, data: string): Item => [
    ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [
      "30060020",
      "SQ",
      [
        [
          ["30060022", "IS", number],
          ["30060026", "LO", "Tumour"],
        ],
      ],
    ],
    [
      "30060039",
      "SQ",
      [
        [
          ["30060040", "SQ", [[["30060050", "DS", data]]]],
          ["30060084", "IS", referenced],
        ],
      ],
    ],
  ];
  const read = (...values: [string, string, string]) =>
    readStructureSet(parseDataSet(part10(file(...values)), "rt"), "rt");
  const points = "1\\2\\5\\9\\2\\5\\9\\9\\5";

  test("commas are points and said, blanks pad", () => {
    const { rois, remarks } = read(" 7 ", "7", "1,5\\ 2\\5 \\9\\2\\5\\9\\9,25\\5\\");
    expect([...rois[0].contours[0]]).toEqual([1.5, 2, 5, 9, 2, 5, 9, 9.25, 5]);
    expect(remarks).toEqual(["commas in Contour Data (3006,0050) read as decimal points"]);
  });

  test.each<[string, string, string, string]>([
    ["7x", "7", points, 'rt: ROI Number (3006,0022) is no number: "7x"'],
    ["7.5", "7", points, 'rt: ROI Number (3006,0022) is no whole number: "7.5"'],
    ["7", "7a", points, 'rt: Referenced ROI Number (3006,0084) is no number: "7a"'],
    ["7", "7", `${points}\\\\9\\9`, 'rt: ROI Tumour: Contour Data (3006,0050) is no number: ""'],
    ["7", "7", points.replace("2", "2mm"), 'rt: ROI Tumour: Contour Data (3006,0050) is no number: "2mm"'],
  ])("ROI %j, contour of %j", (number, referenced, data, message) => {
    expect(() => read(number, referenced, data)).toThrow(message);
  });

  test("a ROI without a number is left out and said", () => {
    expect(read("", "7", points)).toMatchObject({
      rois: [],
      remarks: [
        "a ROI without ROI Number (3006,0022) left out: Tumour",
        "contours of structures that are not listed (Referenced ROI Number (3006,0084) 7) left out",
      ],
    });
  });
});

const small: Geometry = { size: [20, 20, 3], spacing: [1, 1, 2], origin: [0, 0, 0], direction: lpsDirection };
/** Corners of a polygon in the plane z. */
const contour = (z: number, ...points: [number, number][]) =>
  Float64Array.from(points.flatMap(([x, y]) => [x, y, z]));
const square = (from: number, to: number, z = 2) =>
  contour(z, [from, from], [to, from], [to, to], [from, to]);
const slice = (mask: Uint8Array, k: number) =>
  mask.subarray(k * 400, (k + 1) * 400).reduce((a, b) => a + b, 0);

test("an inner contour is a hole, a keyhole joins it to the outer one", () => {
  const [outer, inner] = [square(1.5, 15.5), square(5.5, 9.5)];
  const holed = rasterize([outer, inner], small);
  expect(slice(holed, 1)).toBe(14 * 14 - 4 * 4);
  const keyhole = contour(
    2,
    [1.5, 1.5],
    [15.5, 1.5],
    [15.5, 15.5],
    [1.5, 15.5],
    [1.5, 5.5],
    [5.5, 5.5],
    [5.5, 9.5],
    [9.5, 9.5],
    [9.5, 5.5],
    [5.5, 5.5],
    [1.5, 5.5],
  );
  expect(rasterize([keyhole], small)).toEqual(holed);
});

test("a contour written twice counts once", () => {
  expect(slice(rasterize([square(1.5, 5.5), square(1.5, 5.5)], small), 1)).toBe(16);
});

test("a slice takes the nearest plane within half a slice, the lower of two as near", () => {
  const mask = rasterize([square(1.5, 5.5, 1.2), square(1.5, 3.5, 2.4), square(1.5, 9.5, 5.2)], small);
  expect([0, 1, 2].map((k) => slice(mask, k))).toEqual([0, 4, 0]);
});

test("contours across slices are refused", () => {
  const upright = Float64Array.from([2, 2, 0, 8, 2, 0, 8, 2, 4, 2, 2, 4]);
  expect(() => rasterize([upright], small)).toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
});

test("a polygon's pixels fill its area", () => {
  const radius = fc.double({ min: 4, max: 9, noNaN: true });
  fc.assert(
    fc.property(fc.array(radius, { minLength: 12, maxLength: 40 }), (radii) => {
      const at = (n: number): [number, number] => {
        const angle = (2 * Math.PI * n) / radii.length;
        return [
          9.7 + radii[n % radii.length] * Math.cos(angle),
          9.6 + radii[n % radii.length] * Math.sin(angle),
        ];
      };
      const fine: Geometry = { ...small, size: [200, 200, 1], spacing: [0.1, 0.1, 2] };
      const points = radii.map((_, n) => at(n));
      const area = points.reduce((sum, [x, y], n) => {
        const [u, v] = at(n + 1);
        return sum + (x * v - u * y) / 2;
      }, 0);
      const pixels = rasterize([contour(0, ...points)], fine).reduce((a, b) => a + b, 0);
      expect(Math.abs(pixels / 100 - area)).toBeLessThan(0.02 * area);
    }),
    { numRuns: 30, seed: 4 },
  );
});
