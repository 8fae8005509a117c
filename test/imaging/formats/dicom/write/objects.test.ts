import { readImageDicomFileSeriesNode, readSegmentationNode } from "@itk-wasm/dicom";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readHeaders,
  readVolume,
  type Source,
  segmentCodes,
  seriesOf,
  studyContext,
  type WrittenObject,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import type { Geometry, Vec3 } from "../../../../../src/numerics/volume/volume.ts";
import { context, ctObjects, ctOf, grid, maskOf, picture, scObject, segObject } from "./objects.ts";
import { dciodvfy, peer, python, pythonModule, withFiles } from "./peers.ts";

const sourceOf = ({ bytes }: WrittenObject, n: number): Source => ({
  name: `${n}.dcm`,
  whole: async () => bytes,
  start: async (length) => bytes.subarray(0, length),
});
const named = (objects: readonly WrittenObject[]) =>
  Object.fromEntries(objects.map(({ bytes }, n) => [`${n}.dcm`, bytes]));

const ct = ctObjects(ctOf(grid(13)));
const seg = segObject(maskOf(grid(13)), ct);

describe.skipIf(!peer("dciodvfy"))("dciodvfy finds no error in", () => {
  test.each([
    ["a CT slice", ct[2], "CTImage"],
    ["a segmentation", seg, "Segmentation"],
    ["a segmentation of no DICOM series", segObject(maskOf(grid(16)), []), "Segmentation"],
    ["a secondary capture", scObject(picture), "SCImage"],
  ])("%s", (_, { bytes }, iod) => {
    expect(dciodvfy(bytes, iod)).toEqual([]);
  });
});

test("a CT series of any orientation is read back as the same voxels at the same places", async () => {
  const angle = fc.double({ min: -0.6, max: 0.6, noNaN: true });
  const side = fc.integer({ min: 1, max: 6 });
  // Fewer are no volume to the reader.
  const slices = fc.integer({ min: 3, max: 6 });
  const geometries = fc
    .record({
      x: angle,
      z: angle,
      size: fc.tuple(side, side, slices),
      spacing: fc.double({ min: 0.3, max: 5, noNaN: true }),
    })
    .map(
      ({ x, z, size, spacing }): Geometry => ({
        size,
        spacing: [spacing, 0.9 * spacing, 1.1],
        origin: [-100.25, 33.3, -1200.7],
        direction: turned(x, z),
      }),
    );
  await fc.assert(
    fc.asyncProperty(geometries, async (geometry) => {
      const volume = ctOf(geometry);
      const [series] = seriesOf(await readHeaders(ctObjects(volume).toReversed().map(sourceOf)));
      const { volume: back } = await readVolume(series.stacks[0], "ct");
      expect(back.size).toEqual(volume.size);
      expect([...back.data]).toEqual([...volume.data]);
      for (const key of ["origin", "spacing"] as const)
        back[key].forEach((mm, a) => expect(mm).toBeCloseTo(volume[key][a], 6));
      back.direction.flat().forEach((c, a) => expect(c).toBeCloseTo(volume.direction.flat()[a], 6));
    }),
    { numRuns: 20 },
  );
});

test("the study's identity and the injection stand in each object", async () => {
  const files = await readHeaders([ct[0], seg, scObject(picture)].map(sourceOf));
  for (const { header } of files)
    expect(header).toMatchObject({
      patient: context.patient,
      study: { ...context.study },
    });
  expect(files[0].header).toMatchObject({
    kvp: 120,
    kernel: "B30f",
    contrastAgent: "Iohexol",
    acquisitionTime: 10 * 3600 + 11 * 60 + 42,
    contrastStartTime: 10 * 3600 + 10 * 60 + 12,
    frameOfReference: context.frameOfReference,
  });
  expect(files.map(({ setAside }) => setAside)).toEqual([
    undefined,
    "not a CT image: Segmentation",
    "not a CT image: Secondary Capture Image",
  ]);
});

test("objects made from an image join its study; one without UIDs gets a study of its own", async () => {
  const [{ header }] = await readHeaders([sourceOf(ct[0], 0)]);
  expect(studyContext(header!)).toMatchObject(context);
  const anonymous = { ...header!, frameOfReference: undefined, study: { ...header!.study, uid: undefined } };
  const { study, frameOfReference } = studyContext(anonymous);
  for (const made of [study.uid, frameOfReference]) expect(made).toMatch(/^2\.25\.\d+$/);
});

test("skewed axes, a context without frame of reference and an empty mask are refused", () => {
  const skewed = {
    ...grid(13),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0.6, 0.8],
    ] as [Vec3, Vec3, Vec3],
  };
  expect(() => ctObjects(ctOf(skewed))).toThrowError(expect.objectContaining({ code: "E_GEOMETRY" }));
  const empty = { ...maskOf(grid(13)), data: new Uint8Array(13 * 11 * 5) };
  expect(() => segObject(empty, ct)).toThrowError(expect.objectContaining({ code: "E_MASK" }));
});

test("itk-wasm (dcmqi) reads the segmentation as the same labels, with the codes", async () => {
  const mask = maskOf(grid(16));
  const series = ctObjects(ctOf(grid(16)));
  const object = segObject(mask, series);
  await withFiles({ "seg.dcm": object.bytes, ...named(series) }, async (path) => {
    const { segImage, metaInfo } = await readSegmentationNode(path("seg.dcm"));
    expect(segImage.size).toEqual([16, 11, 4]);
    expect(segImage.origin.map((mm) => Math.round(mm * 1000) / 1000)).toEqual([-10.3, 5.7, 101.35]);
    expect([...(segImage.data as Int16Array)]).toEqual([...mask.data.subarray(16 * 11)]);
    const { segmentAttributes } = metaInfo as unknown as { segmentAttributes: Record<string, unknown>[][] };
    expect(segmentAttributes.flat()).toMatchObject(
      segmentCodes.map(({ label, name, type }) => ({
        labelID: label,
        SegmentLabel: name,
        SegmentedPropertyTypeCodeSequence: {
          CodeValue: type[0],
          CodingSchemeDesignator: "SCT",
          CodeMeaning: type[2],
        },
      })),
    );
    const { outputImage } = await readImageDicomFileSeriesNode({
      inputImages: series.map((_, n) => path(`${n}.dcm`)),
      singleSortedSeries: false,
    });
    expect([...(outputImage.data as Int32Array)]).toEqual([...ctOf(grid(16)).data]);
  });
});

describe.skipIf(!pythonModule("pydicom"))("pydicom", () => {
  test("reads a segmentation whose frames do not fill whole bytes, and its references", () => {
    const script = `
import json, sys, pydicom, numpy as np
d = pydicom.dcmread(sys.argv[1])
groups = d.PerFrameFunctionalGroupsSequence
z = [float(g.PlanePositionSequence[0].ImagePositionPatient[2]) for g in groups]
out = np.zeros((5, d.Rows, d.Columns), int)
for frame, g in zip(d.pixel_array, groups):
    k = round((float(g.PlanePositionSequence[0].ImagePositionPatient[2]) - 100.1) / 1.25)
    out[k][frame > 0] = g.SegmentIdentificationSequence[0].ReferencedSegmentNumber
print(json.dumps({
  "labels": out.ravel().tolist(),
  "sources": [g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID for g in groups],
  "z": z,
  "series": [len(s.ReferencedInstanceSequence) for s in d.ReferencedSeriesSequence]}))`;
    const found = withFiles({ "a.dcm": seg.bytes }, (path) =>
      python<{ labels: number[]; sources: string[]; z: number[]; series: number[] }>(script, [path("a.dcm")]),
    );
    expect(found.labels).toEqual([...maskOf(grid(13)).data]);
    const slice = new Map(ct.map(({ sopInstance, position }) => [sopInstance, position[2]]));
    expect(found.sources.map((source) => slice.get(source))).toEqual(found.z);
    expect(found.series).toEqual([5]);
  });

  test("reads a secondary capture as the same pixels; a transparent one is laid on white", () => {
    const script = `
import json, sys, pydicom
ds = [pydicom.dcmread(f) for f in sys.argv[1:]]
print(json.dumps([[d.pixel_array.shape, d.pixel_array.ravel().tolist(), d.BurnedInAnnotation, d.ImageComments] for d in ds]))`;
    const rgba = {
      width: 1,
      height: 2,
      channels: 4,
      data: Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0),
    } as const;
    const files = { "a.dcm": scObject(picture).bytes, "b.dcm": scObject(rgba).bytes };
    const found = withFiles(files, (path) => python<unknown>(script, [path("a.dcm"), path("b.dcm")]));
    expect(found).toEqual([
      [[5, 7, 3], [...picture.data], "YES", "For research use only."],
      [[2, 1, 3], [10, 20, 30, 255, 255, 255], "YES", "For research use only."],
    ]);
  });
});

/** Axes turned about L, then about S. */
function turned(x: number, z: number): [Vec3, Vec3, Vec3] {
  const [cx, sx, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(z), Math.sin(z)];
  return [
    [cz, sz, 0],
    [-sz * cx, cz * cx, sx],
    [sz * sx, -cz * sx, cx],
  ];
}
