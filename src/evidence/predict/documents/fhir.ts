import { collection, entry } from "../../../imaging/formats/fhir/bundle.ts";
import { codedIn } from "../../../imaging/formats/fhir/coded.ts";
import { concept } from "../../../imaging/formats/fhir/concept.ts";
import { fhirDate } from "../../../imaging/formats/fhir/date.ts";
import { hl7Codes } from "../../../imaging/formats/fhir/hl7Codes.ts";
import { dicomUid, patientById, studyByUid } from "../../../imaging/formats/fhir/identifier.ts";
import { notes } from "../../../imaging/formats/fhir/notes.ts";
import type { Elements, FhirBundle, FhirResource } from "../../../imaging/formats/fhir/resource.ts";
import { isStudyTask, taskNamed } from "../../../patients/cohort/tasks.ts";
import {
  maskOrigin,
  type PredictedAnswer,
  type Prediction,
  researchUse,
  tasksOfPrediction,
} from "../prediction.ts";
import { codes, codesOf, faces, ownCodes, privateScheme, type TaskCodes, units } from "./codes.ts";
import { conclusion } from "./conclusion.ts";
import { modelUid } from "./modelUid.ts";

const { codingOf, coded, quantity, component } = codedIn(privateScheme);

export interface FhirOptions {
  /** All identifiers follow from it: UID of the report's series, or any text of the result's own. */
  readonly seed: string;
  /** SOP Instance UID of the structured report that says the same. */
  readonly structuredReport?: string | undefined;
}

/**
 * One patient's result in FHIR R4: a DiagnosticReport, its Observations and the model as Device. Patient and study are
 * named by their DICOM identifiers only. What is unknown is left out.
 */
export function fhirReport(prediction: Prediction, { seed, structuredReport }: FhirOptions): FhirBundle {
  const device = entry(seed, "device", deviceOf(prediction));
  const about = context(prediction, device.fullUrl);
  const observations = Object.entries(observationsOf(prediction)).map(([key, own]) =>
    entry(seed, key, { resourceType: "Observation", ...about, ...own }),
  );
  const report: FhirResource = {
    resourceType: "DiagnosticReport",
    identifier: structuredReport && [dicomUid(structuredReport)],
    status: "preliminary",
    category: [concept([hl7Codes.ct])],
    code: coded(codes.ctAbdomen),
    subject: about.subject,
    effectiveDateTime: about.effectiveDateTime,
    issued: prediction.created,
    result: observations.map(({ fullUrl }) => ({ reference: fullUrl })),
    imagingStudy: about.derivedFrom,
    conclusion: conclusion(prediction).join("\n"),
  };
  return collection(seed, prediction.created, [entry(seed, "report", report), ...observations, device]);
}

/** What all observations of the study share. */
const context = ({ patient, study, created }: Prediction, device: string) => ({
  status: "preliminary",
  category: [concept([hl7Codes.imaging])],
  subject: patient.id === undefined ? undefined : patientById(patient.id),
  effectiveDateTime: fhirDate(study.date),
  issued: created,
  device: { reference: device },
  derivedFrom: study.uid === undefined ? undefined : [studyByUid(study.uid)],
});

const deviceOf = ({ model, software }: Prediction): FhirResource => ({
  resourceType: "Device",
  identifier: [dicomUid(modelUid(model.sha256))],
  manufacturer: "trinephron",
  serialNumber: model.sha256,
  deviceName: [{ name: `trinephron ${model.kind} model`, type: "model-name" }],
  modelNumber: model.kind,
  type: { text: "Neural network that reads multiphase CT of kidney tumours" },
  version: [{ value: software }],
  note: notes([researchUse]),
});

function observationsOf(prediction: Prediction): Record<string, Elements> {
  const { tumor, answers, nephrometry, familiarity } = prediction;
  const named = (task: string) => codesOf(taskNamed(tasksOfPrediction(prediction), task));
  const bodySite = coded(tumor.side === "left" ? codes.leftKidney : codes.rightKidney);
  return {
    volume: {
      code: coded(codes.volume, "Tumour volume"),
      bodySite,
      method: coded(codes.sumOfVoxels),
      valueQuantity: quantity(tumor.volumeMl, units.mL),
      note: notes([`Outline: ${maskOrigin(tumor)}.`, ...tumor.remarks]),
    },
    diameter: {
      code: coded(codes.diameter, "Tumour's largest diameter in any direction"),
      bodySite,
      valueQuantity: quantity(tumor.maximalDiameterMm, units.mm),
    },
    ...Object.fromEntries(
      answers.map((answer) => [keyOf(answer.task), { bodySite, ...answerOf(answer, named(answer.task)) }]),
    ),
    renal: { bodySite, ...renal(nephrometry) },
    ...(familiarity && { familiarity: familiarityOf(familiarity) }),
  };
}

/** What an observation's identifier is made of. */
const keyOf = (task: string): string => (isStudyTask(task) ? task : `task ${task}`);

function answerOf(answer: PredictedAnswer, named: TaskCodes): Elements {
  const isPositive = answer.decision === answer.positive;
  const decision = codingOf(isPositive ? named.positive : named.negative);
  const sign = isPositive ? hl7Codes.positive : hl7Codes.negative;
  return {
    code: coded(named.probability),
    valueQuantity: quantity(answer.probability, units.ratio),
    interpretation: [concept([sign, decision], answer.decision)],
    component: [
      { code: coded(named.decision), valueCodeableConcept: concept([decision], answer.decision) },
      ...component(ownCodes.threshold, answer.threshold, units.ratio),
      { code: coded(ownCodes.nearThreshold), valueBoolean: answer.borderline },
      ...component(ownCodes.validationAuc, answer.validationAuc, units.ratio),
    ],
    note: notes([researchUse]),
  };
}

function renal({ renal, caveats }: Prediction["nephrometry"]): Elements {
  const { R, E, N, L } = renal;
  return {
    code: coded(ownCodes.renalTotal),
    valueQuantity: quantity(renal.total, units.score),
    interpretation: [coded(ownCodes[renal.complexity])],
    component: [
      ...component(ownCodes.renalR, R.points, units.score),
      ...component(ownCodes.renalDiameter, R.mm, units.mm),
      ...component(ownCodes.renalE, E.points, units.score),
      ...component(ownCodes.endophyticFraction, E.endophytic_fraction, units.ratio),
      ...component(ownCodes.renalN, N.points, units.score),
      ...component(ownCodes.sinusDistance, N.mm, units.mm),
      ...component(ownCodes.renalL, L.points, units.score),
      ...component(ownCodes.polarFraction, L.fraction_between_polar_lines, units.ratio),
      { code: coded(ownCodes.renalA), valueCodeableConcept: coded(faces[renal.suffix]) },
    ],
    note: notes(caveats),
  };
}

const familiarityOf = ({
  distance,
  nearer,
  unlike,
  unusual,
}: NonNullable<Prediction["familiarity"]>): Elements => ({
  code: coded(ownCodes.nearer),
  valueQuantity: quantity(nearer, units.ratio),
  component: [
    ...component(ownCodes.distance, distance, units.one),
    { code: coded(ownCodes.unlike), valueBoolean: unlike },
  ],
  note: notes(unusual),
});
