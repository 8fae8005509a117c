import {
  ctSeries,
  type StudyContext,
  segmentation,
  uid,
} from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10, type NaturalDataset } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import { encodeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import {
  crop,
  type Geometry,
  indexToPoint,
  type Vec3,
  type Volume,
} from "../../../../src/numerics/volume/index.ts";
import { paint } from "../../../../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";
import { outlines, slicesAt } from "../mask/drawn.ts";
import { type DataSet, decoded } from "./dataSet.ts";
import { type Encoding, explicitLittle } from "./encode.ts";

/** A file of a study. */
export interface StudyFile {
  readonly name: string;
  readonly dataSet: DataSet;
  readonly encoding: Encoding;
  /** What the file holds instead of the data set. */
  readonly bytes?: Uint8Array;
}

/** The phases of the small study. */
export const smallPhases = ["corticomedullary", "nephrographic"] as const;
export type SmallPhase = (typeof smallPhases)[number];

/** What is read: DICOM images with a mask among them or beside them, or NIfTI images with theirs. */
export type Kind = "SEG" | "RTSTRUCT" | "NIfTI mask" | "NIfTI";

export interface Study {
  readonly kind: Kind;
  /** DICOM files; none of a study of NIfTI images. */
  readonly files: readonly StudyFile[];
  /** A NIfTI mask beside them. */
  readonly mask?: Uint8Array;
  /** NIfTI images. */
  readonly images?: Readonly<Record<SmallPhase, Uint8Array>>;
  /** Where the files lie; in memory by default. */
  readonly place?: "folders" | "links" | "archive";
}

/** A painted patient of few and coarse voxels, none of whose edges is like another. */
function small(): { phases: Record<SmallPhase, Volume<Int16Array>>; mask: Volume<Uint8Array> } {
  const none = { perirenal: false, sinus: false, vein: false };
  const drawn = phantom({ sizeMm: 45, side: "left", invasion: none }, 2, { spacing: 6 }).mask;
  const painted = paint(drawn, { histology: "clear_cell", necrosis: false }, centerStyle("A", 1), 2, {
    spacing: 6,
  });
  const box = { start: [0, 0, 3] as Vec3, end: [drawn.size[0], drawn.size[1], 17] as Vec3 };
  const place = { spacing: [5.25, 5.5, 4.7] as Vec3, origin: [-44.375, -45.5, -71.3] as Vec3 };
  const own = <T extends Volume["data"]>(volume: Volume<T>): Volume<T> => ({
    ...crop(volume, box),
    ...place,
  });
  return {
    phases: {
      corticomedullary: own(painted.phases.corticomedullary),
      nephrographic: own(painted.phases.nephrographic),
    },
    mask: own(painted.mask),
  };
}

export const truth = small();

export const seriesUid = (phase: SmallPhase): string => uid(`small ${phase}`);
const frameUid = uid("small frame");

const context: StudyContext = {
  patient: { id: "K 4711", name: "Weber^Jana^^Dr.", sex: "F", age: "061Y", birthDate: "19641130" },
  study: {
    uid: uid("small study"),
    id: "S 1",
    date: "20260203",
    time: "101500",
    description: "CT Abdomen",
    accessionNumber: "A 99",
    referringPhysician: "Haus^Karl",
  },
  frameOfReference: frameUid,
};

const acquired = (minute: number) => new Date(2026, 1, 3, 10, 16 + minute);

const slices = smallPhases.map((phase, n) => [
  ...ctSeries(truth.phases[phase], {
    context,
    series: {
      uid: seriesUid(phase),
      number: n + 2,
      description: phase === "corticomedullary" ? "arterial" : "nephrographic",
    },
    imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    acquired: acquired(n),
    acquisitionNumber: n + 1,
    kvp: 120,
    kernel: "B30f",
    name: phase,
  }),
]);

/** Closed outlines of a label on a slice, LPS mm. */
function contoursOf(mask: Volume<Uint8Array>, label: number, k: number): number[][] {
  const [nx, ny] = mask.size;
  const voxels = slicesAt([k], { origin: [0, 0, 0], size: [nx, ny] });
  const inside = ([i, j]: Vec3) => mask.data[(k * ny + j) * nx + i] === label;
  return outlines(inside, voxels, 0).map((points) =>
    Array.from({ length: points.length / 3 }, (_, n) =>
      indexToPoint(mask as Geometry, [points[3 * n], points[3 * n + 1], k]),
    ).flat(),
  );
}

const structures = { kidney: 1, tumor: 2, cyst: 3 } as const;

const structureSet = (): Uint8Array => {
  const planes = Array.from({ length: truth.mask.size[2] }, (_, k) => k);
  const [, images] = slices;
  return encodePart10(
    {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
      SOPInstanceUID: uid("small structures"),
      Modality: "RTSTRUCT",
      PatientID: context.patient.id,
      PatientName: context.patient.name,
      StudyInstanceUID: context.study.uid,
      SeriesInstanceUID: uid("small structures' series"),
      StructureSetLabel: "kidney",
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: frameUid,
          RTReferencedStudySequence: [
            {
              RTReferencedSeriesSequence: [
                {
                  SeriesInstanceUID: seriesUid("nephrographic"),
                  ContourImageSequence: images.map(({ sopClass, sopInstance }) => ({
                    ReferencedSOPClassUID: sopClass,
                    ReferencedSOPInstanceUID: sopInstance,
                  })),
                },
              ],
            },
          ],
        },
      ],
      StructureSetROISequence: Object.keys(structures).map((name, n) => ({
        ROINumber: n + 1,
        ReferencedFrameOfReferenceUID: frameUid,
        ROIName: name,
        ROIGenerationAlgorithm: "MANUAL",
      })),
      ROIContourSequence: Object.values(structures).map((label, n) => ({
        ReferencedROINumber: n + 1,
        ContourSequence: planes.flatMap((k) =>
          contoursOf(truth.mask, label, k).map((points) => ({
            ContourGeometricType: "CLOSED_PLANAR",
            NumberOfContourPoints: points.length / 3,
            ContourData: points,
          })),
        ),
      })),
    } as NaturalDataset,
    "structures",
  );
};

const segments = (): Uint8Array =>
  segmentation(truth.mask, {
    context,
    series: { uid: uid("small mask"), number: 9, description: "mask" },
    algorithm: { type: "MANUAL", name: "" },
    source: slices[1],
    created: acquired(9),
    name: "mask",
  }).bytes;

const fileOf = (name: string, bytes: Uint8Array): StudyFile => ({
  name,
  dataSet: decoded(bytes),
  encoding: explicitLittle,
});

const images: readonly StudyFile[] = slices.flatMap((series, n) =>
  series.map(({ bytes }, k) => fileOf(`CT${n}/IM${String(k).padStart(3, "0")}`, bytes)),
);

/** Each kind of study, right. */
export const studies: Readonly<Record<Kind, Study>> = {
  SEG: { kind: "SEG", files: [...images, fileOf("SEG/IM000", segments())] },
  RTSTRUCT: { kind: "RTSTRUCT", files: [...images, fileOf("RT/IM000", structureSet())] },
  "NIfTI mask": { kind: "NIfTI mask", files: images, mask: encodeNifti(truth.mask) },
  NIfTI: {
    kind: "NIfTI",
    files: [],
    mask: encodeNifti(truth.mask),
    images: {
      corticomedullary: encodeNifti(truth.phases.corticomedullary),
      nephrographic: encodeNifti(truth.phases.nephrographic),
    },
  },
};
