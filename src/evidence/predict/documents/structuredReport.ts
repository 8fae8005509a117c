import { softwareOf } from "../../../base/version.ts";
import {
  algorithmIdentification,
  type Code,
  comprehensiveSr,
  contentItem,
  type MeasurementGroup,
  measurementReport,
  type ReferencedSegment,
  type SourceImage,
  type StudyContext,
  templateCodes,
  type WrittenObject,
} from "../../../imaging/formats/dicom/index.ts";
import { trackingUid } from "../../../imaging/formats/dicom/write/segmentation.ts";
import { sopClass } from "../../../imaging/formats/dicom/write/written.ts";
import { isStudyPhase, type Phase } from "../../../patients/cohort/case.ts";
import { taskNamed } from "../../../patients/cohort/tasks.ts";
import {
  maskOrigin,
  type PredictedAnswer,
  type Prediction,
  researchUse,
  tasksOfPrediction,
} from "../prediction.ts";
import { codes, codesOf, faces, ownCodes, privateScheme, units } from "./codes.ts";
import { modelUid } from "./modelUid.ts";

const { code, num, text, yesNo } = contentItem;
type Item = contentItem.ContentItem;

export interface StructuredReportOptions {
  readonly context: StudyContext;
  /** Its description says that the report is for research use. */
  readonly series: { readonly uid: string; readonly number: number };
  /** CT images read, a phase each. Empty where there was no DICOM. */
  readonly evidence: readonly { readonly phase: Phase; readonly images: readonly SourceImage[] }[];
  /** The tumour. Undefined where the mask is not stored as DICOM: the measurements then name no region (TID 1501). */
  readonly segment?: ReferencedSegment | undefined;
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
  const { model, missingPhases } = prediction;
  const root = measurementReport({
    observer: {
      uid: modelUid(model.sha256),
      name: "trinephron",
      manufacturer: "trinephron",
      model: model.kind,
      serialNumber: model.sha256,
    },
    procedure: codes.ctAbdomen,
    comment: researchUse,
    images: evidence.map(({ phase, images }) => ({
      modality: templateCodes.ct,
      targetRegion: codes.abdomen,
      descriptors: isStudyPhase(phase) ? [text("HAS ACQ CONTEXT", ownCodes.contrastPhase, phase)] : [],
      images,
    })),
    groups: [tumor(prediction, segment, series.uid)],
    evaluations: remarks(prediction),
  });
  return comprehensiveSr(root, {
    context,
    series: { ...series, description: "trinephron: for research use only" },
    evidence: [
      ...evidence.flatMap(({ images }) => images),
      ...(segment ? [{ ...segment, sopClass: sopClass.segmentation }] : []),
    ],
    lacks: missingPhases.length === 0 ? undefined : `Missing phase: ${missingPhases.join(", ")}`,
    codingSchemes: [privateScheme],
    created,
    name,
  });
}

function tumor(
  prediction: Prediction,
  segment: ReferencedSegment | undefined,
  report: string,
): MeasurementGroup {
  const { tumor, answers } = prediction;
  return {
    tracking: { name: "Tumor", uid: trackingUid(segment?.series ?? report, "Tumor") },
    finding: codes.neoplasmOfKidney,
    segment,
    site: { code: codes.kidney, laterality: codes[tumor.side] },
    algorithm: softwareOf(prediction.software),
    content: [
      num("CONTAINS", codes.volume, tumor.volumeMl, units.mL, [
        code("HAS CONCEPT MOD", templateCodes.method, codes.sumOfVoxels),
      ]),
      num("CONTAINS", codes.diameter, tumor.maximalDiameterMm, units.mm, [
        code("HAS CONCEPT MOD", templateCodes.derivation, codes.maximum),
      ]),
      text("CONTAINS", ownCodes.maskSource, maskOrigin(tumor)),
      ...tumor.remarks.map((remark) => text("CONTAINS", ownCodes.maskNote, remark)),
      ...answers.flatMap((answer) => answerItems(answer, prediction)),
      ...nephrometry(prediction),
      ...familiarity(prediction),
    ],
  };
}

function answerItems(answer: PredictedAnswer, prediction: Prediction): Item[] {
  const { model } = prediction;
  const { task, probability, threshold, validationAuc, borderline, decision, positive } = answer;
  const named = codesOf(taskNamed(tasksOfPrediction(prediction), task));
  return [
    num("CONTAINS", named.probability, probability, units.ratio, [
      ...algorithmIdentification({ name: `trinephron ${model.kind} model`, version: model.sha256 }),
      num("HAS PROPERTIES", ownCodes.threshold, threshold, units.ratio),
      yesNo("HAS PROPERTIES", ownCodes.nearThreshold, borderline),
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

function familiarity({ familiarity }: Prediction): Item[] {
  if (!familiarity) return [];
  const { distance, nearer, unlike, unusual } = familiarity;
  return [
    num("CONTAINS", ownCodes.distance, distance, units.one),
    num("CONTAINS", ownCodes.nearer, nearer, units.ratio),
    yesNo("CONTAINS", ownCodes.unlike, unlike),
    ...unusual.map((words) => text("CONTAINS", ownCodes.unusual, words)),
  ];
}

const remarks = ({ missingPhases, warnings }: Prediction): Item[] => [
  ...missingPhases.map((phase) => text("CONTAINS", ownCodes.missingPhase, phase)),
  ...warnings.map((warning) => text("CONTAINS", ownCodes.warning, warning)),
];
