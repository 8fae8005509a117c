import {
  ctSeries,
  type RgbImage,
  type StudyContext,
  secondaryCapture,
  segmentation,
  uid,
  type WrittenObject,
  type WrittenSlice,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import type { Geometry, Volume } from "../../../../../src/numerics/volume/volume.ts";

export const context: StudyContext = {
  patient: { id: "P1", name: "Müller^Jörg=山田^太郎", sex: "M", age: "064Y" },
  study: {
    uid: uid("test study"),
    id: "S1",
    date: "20200102",
    time: "101112",
    description: "Niere dreiphasig",
    accessionNumber: "A1",
    referringPhysician: "Ärztin^Eva",
  },
  frameOfReference: uid("test frame of reference"),
};

const created = new Date(2020, 0, 2, 10, 11, 42);

/** Frames of 13 × 11 pixels do not fill whole bytes of a segmentation; those of 16 × 11 do. */
export const grid = (columns: number): Geometry => ({
  size: [columns, 11, 5],
  spacing: [0.7, 0.8, 1.25],
  origin: [-10.3, 5.7, 100.1],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
});

const count = ({ size: [x, y, z] }: Geometry) => x * y * z;

export const ctOf = (geometry: Geometry): Volume<Int16Array> => ({
  ...geometry,
  data: Int16Array.from({ length: count(geometry) }, (_, n) => ((n * 31) % 4000) - 1024),
});

/** Labels 0 to 3 in every slice but the first. */
export const maskOf = (geometry: Geometry): Volume<Uint8Array> => ({
  ...geometry,
  data: Uint8Array.from({ length: count(geometry) }, (_, n) =>
    n < geometry.size[0] * geometry.size[1] ? 0 : ((n * 7919) >> 3) % 4,
  ),
});

export const ctObjects = (volume: Volume): WrittenSlice[] => [
  ...ctSeries(volume, {
    context,
    series: { uid: uid("test ct"), number: 3, description: "nephrographic" },
    acquired: created,
    acquisitionNumber: 2,
    contrast: { agent: "Iohexol", started: new Date(2020, 0, 2, 10, 10, 12) },
    kvp: 120,
    kernel: "B30f",
    comments: "test",
    name: "ct",
  }),
];

export const segObject = (mask: Volume<Uint8Array>, source: readonly WrittenSlice[]): WrittenObject =>
  segmentation(mask, {
    context,
    series: { uid: uid("test seg"), number: 100, description: "kidney, tumor and cyst" },
    algorithm: { type: "AUTOMATIC", name: "test" },
    source,
    created,
    comments: "test",
    name: "mask",
  });

export const picture: RgbImage = {
  width: 7,
  height: 5,
  channels: 3,
  data: Uint8Array.from({ length: 105 }, (_, n) => (n * 37) % 256),
};

export const scObject = (image: RgbImage): WrittenObject =>
  secondaryCapture(image, {
    context,
    series: { uid: uid("test sc"), number: 101, description: "figure" },
    number: 1,
    created,
    burnedInAnnotation: true,
    comments: "For research use only.",
    name: "figure",
  });
