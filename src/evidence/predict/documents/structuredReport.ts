import { softwareOf } from "../../../base/version.ts";
import {
  type Code,
  commonModules,
  contentItem,
  dateAndTime,
  encodePart10,
  type NaturalDataset,
  type SourceImage,
  type StudyContext,
  sopClass,
  trackingUid,
  uid,
  type WrittenObject,
} from "../../../imaging/formats/dicom/index.ts";
import type { Phase } from "../../../patients/cohort/case.ts";
import { type PredictedAnswer, type Prediction, researchUse } from "../prediction.ts";
import { codes, ownCodes, privateScheme, taskCodes, template, units } from "./codes.ts";

const { code, container, image, num, rootContainer, text, uidref } = contentItem;
type Item = contentItem.ContentItem;

/** The tumour in a stored segmentation. */
export interface TumorSegment {
  /** SOP Instance UID of the segmentation and UID of its series. */
  readonly sopInstance: string;
  readonly series: string;
  /** Segment Number of the tumour. */
  readonly number: number;
  /** UID of the CT series it was drawn on. */
  readonly source: string;
}

export interface StructuredReportOptions {
  readonly context: StudyContext;
  /** Its description says that the report is for research use. */
  readonly series: { readonly uid: string; readonly number: number };
  /** CT images read, a phase each. Empty where there was no DICOM. */
  readonly evidence: readonly { readonly phase: Phase; readonly images: readonly SourceImage[] }[];
  /** Undefined where the mask is not stored as DICOM: the measurements then name no region (TID 1501). */
  readonly segment?: TumorSegment | undefined;
  readonly created: Date;
  /** Names the report in errors. */
  readonly name: string;
}

/**
 * One patient's result as a DICOM Comprehensive SR after TID 1500, Measurement Report (PS3.16), never verified. What is
 * unknown is left out. Its UID follows from the series' UID.
 */
export function structuredReport(prediction: Prediction, options: StructuredReportOptions): WrittenObject {
  const { context, series, evidence, segment, created, name } = options;
  const sopInstance = uid(`${series.uid} report`);
  const { date, time } = dateAndTime(created);
  const missing = prediction.missingPhases;
  const object = {
    sopClass: sopClass.comprehensiveSr,
    sopInstance,
    modality: "SR",
    series: { ...series, description: "trinephron: for research use only" },
    number: 1,
    created,
  };
  const dataset: NaturalDataset = {
    ...commonModules(context, object),
    CodingSchemeIdentificationSequence: {
      CodingSchemeDesignator: privateScheme.designator,
      CodingSchemeUID: privateScheme.uid,
      CodingSchemeName: privateScheme.name,
    },
    ReferencedPerformedProcedureStepSequence: null,
    PreliminaryFlag: "PRELIMINARY",
    CompletionFlag: missing.length === 0 ? "COMPLETE" : "PARTIAL",
    CompletionFlagDescription: missing.length === 0 ? undefined : `Missing phase: ${missing.join(", ")}`,
    VerificationFlag: "UNVERIFIED",
    ContentDate: date,
    ContentTime: time,
    PerformedProcedureCodeSequence: null,
    CurrentRequestedProcedureEvidenceSequence: evidenceOf(context.study.uid, evidence, segment),
    ...rootContainer(template.report, "1500", [
      code("HAS CONCEPT MOD", template.language, template.english),
      ...observer(prediction),
      code("HAS CONCEPT MOD", template.procedureReported, codes.ctAbdomen),
      text("CONTAINS", template.comment, researchUse),
      imageLibrary(evidence),
      container("CONTAINS", template.measurements, [tumor(prediction, segment, series.uid)]),
      remarks(prediction),
    ]),
  };
  return { sopClass: sopClass.comprehensiveSr, sopInstance, bytes: encodePart10(dataset, name) };
}

/** UID of a model as a device: the same model has the same. @param sha256 of `model.onnx` */
export const modelUid = (sha256: string): string => uid(`trinephron model ${sha256}`);

/** TID 1001 with TID 1004: the model observed. */
const observer = ({ model }: Prediction): Item[] => [
  code("HAS OBS CONTEXT", template.observerType, template.device),
  uidref("HAS OBS CONTEXT", template.deviceUid, modelUid(model.sha256)),
  text("HAS OBS CONTEXT", template.deviceName, "trinephron"),
  text("HAS OBS CONTEXT", template.deviceManufacturer, "trinephron"),
  text("HAS OBS CONTEXT", template.deviceModel, model.kind),
  text("HAS OBS CONTEXT", template.deviceSerialNumber, model.sha256),
];

/** TID 4019. */
const algorithm = (name: string, version: string): Item[] => [
  text("HAS CONCEPT MOD", template.algorithmName, name),
  text("HAS CONCEPT MOD", template.algorithmVersion, version),
];

/** TID 1600: a group a phase. */
function imageLibrary(evidence: StructuredReportOptions["evidence"]): Item | undefined {
  const groups = evidence
    .filter(({ images }) => images.length > 0)
    .map(({ phase, images }) =>
      container("CONTAINS", template.imageLibraryGroup, [
        code("HAS ACQ CONTEXT", template.modality, template.ct),
        code("HAS ACQ CONTEXT", template.targetRegion, codes.abdomen),
        text("HAS ACQ CONTEXT", ownCodes.contrastPhase, phase),
        ...images.map((reference) => image("CONTAINS", undefined, reference)),
      ]),
    );
  return groups.length === 0 ? undefined : container("CONTAINS", template.imageLibrary, groups);
}

/** TID 1411, or TID 1501 where no segment can be named. */
function tumor(prediction: Prediction, segment: TumorSegment | undefined, report: string): Item {
  const { tumor, answers } = prediction;
  const software = softwareOf(prediction.software);
  const region = segment && [
    image("CONTAINS", template.referencedSegment, {
      sopClass: sopClass.segmentation,
      sopInstance: segment.sopInstance,
      segment: segment.number,
    }),
    uidref("CONTAINS", template.sourceSeries, segment.source),
  ];
  return container(
    "CONTAINS",
    template.measurementGroup,
    [
      text("HAS OBS CONTEXT", template.trackingIdentifier, "Tumor"),
      uidref("HAS OBS CONTEXT", template.trackingUid, trackingUid(segment?.series ?? report, "Tumor")),
      code("CONTAINS", template.finding, codes.neoplasmOfKidney),
      ...(region ?? []),
      code("HAS CONCEPT MOD", template.findingSite, codes.kidney, [
        code("HAS CONCEPT MOD", template.laterality, codes[tumor.side]),
      ]),
      ...algorithm(software.name, software.version),
      num("CONTAINS", codes.volume, tumor.volumeMl, units.mL, [
        code("HAS CONCEPT MOD", template.method, codes.sumOfVoxels),
      ]),
      num("CONTAINS", codes.diameter, tumor.maximalDiameterMm, units.mm, [
        code("HAS CONCEPT MOD", template.derivation, codes.maximum),
      ]),
      text("CONTAINS", ownCodes.maskSource, tumor.maskSource),
      ...tumor.remarks.map((remark) => text("CONTAINS", ownCodes.maskNote, remark)),
      ...answers.flatMap((answer) => answerItems(answer, prediction)),
      ...nephrometry(prediction),
      ...familiarity(prediction),
    ],
    segment ? "1411" : "1501",
  );
}

const yesNo = (name: Code, value: boolean, relationship: contentItem.Relationship): Item =>
  code(relationship, name, value ? codes.yes : codes.no);

function answerItems(answer: PredictedAnswer, { model }: Prediction): Item[] {
  const { task, probability, threshold, validationAuc, borderline, decision, positive } = answer;
  const named = taskCodes[task];
  return [
    num("CONTAINS", named.probability, probability, units.ratio, [
      ...algorithm(`trinephron ${model.kind} model`, model.sha256),
      num("HAS PROPERTIES", ownCodes.threshold, threshold, units.ratio),
      yesNo(ownCodes.nearThreshold, borderline, "HAS PROPERTIES"),
      validationAuc === undefined
        ? undefined
        : num("HAS PROPERTIES", ownCodes.validationAuc, validationAuc, units.ratio),
    ]),
    code("CONTAINS", named.decision, decision === positive ? named.positive : named.negative),
  ];
}

function nephrometry({ nephrometry: { renal, caveats } }: Prediction): Item[] {
  const { R, E, N, L } = renal;
  const component = (name: Code, points: number, from: Code, value: number | null, unit: Code): Item =>
    num("CONTAINS", name, points, units.score, [
      value === null ? undefined : num("INFERRED FROM", from, value, unit),
    ]);
  return [
    num("CONTAINS", ownCodes.renalTotal, renal.total, units.score),
    code("CONTAINS", ownCodes.renalComplexity, ownCodes[renal.complexity]),
    component(ownCodes.renalR, R.points, ownCodes.renalDiameter, R.mm, units.mm),
    component(ownCodes.renalE, E.points, ownCodes.endophyticFraction, E.endophytic_fraction, units.ratio),
    component(ownCodes.renalN, N.points, ownCodes.sinusDistance, N.mm, units.mm),
    component(ownCodes.renalL, L.points, ownCodes.polarFraction, L.fraction_between_polar_lines, units.ratio),
    code("CONTAINS", ownCodes.renalA, faces[renal.suffix]),
    ...caveats.map((caveat) => text("CONTAINS", ownCodes.scoreNote, caveat)),
  ];
}

export const faces = { a: ownCodes.anterior, p: ownCodes.posterior, x: ownCodes.neither } as const;

function familiarity({ familiarity }: Prediction): Item[] {
  if (!familiarity) return [];
  const { distance, nearer, unlike, unusual } = familiarity;
  return [
    num("CONTAINS", ownCodes.distance, distance, units.one),
    num("CONTAINS", ownCodes.nearer, nearer, units.ratio),
    yesNo(ownCodes.unlike, unlike, "CONTAINS"),
    ...unusual.map((words) => text("CONTAINS", ownCodes.unusual, words)),
  ];
}

function remarks({ missingPhases, warnings }: Prediction): Item | undefined {
  const items = [
    ...missingPhases.map((phase) => text("CONTAINS", ownCodes.missingPhase, phase)),
    ...warnings.map((warning) => text("CONTAINS", ownCodes.warning, warning)),
  ];
  return items.length === 0 ? undefined : container("CONTAINS", template.qualitativeEvaluations, items);
}

/** All objects the report names, by study and series. */
function evidenceOf(
  study: string,
  evidence: StructuredReportOptions["evidence"],
  segment: TumorSegment | undefined,
): NaturalDataset | undefined {
  const objects = [
    ...evidence.flatMap(({ images }) => images),
    ...(segment ? [{ ...segment, sopClass: sopClass.segmentation }] : []),
  ];
  if (objects.length === 0) return undefined;
  return {
    ReferencedSeriesSequence: [...Map.groupBy(objects, ({ series }) => series)].map(([series, inside]) => ({
      ReferencedSOPSequence: inside.map((object) => ({
        ReferencedSOPClassUID: object.sopClass,
        ReferencedSOPInstanceUID: object.sopInstance,
      })),
      SeriesInstanceUID: series,
    })),
    StudyInstanceUID: study,
  };
}
