import { type Code, uid } from "../../../imaging/formats/dicom/index.ts";
import { type PredictedAnswer, type Prediction, researchUse } from "../prediction.ts";
import { codes, faces, ownCodes, privateScheme, taskCodes, units } from "./codes.ts";
import { conclusion } from "./conclusion.ts";
import { modelUid } from "./modelUid.ts";

export interface FhirResource {
  readonly resourceType: string;
  readonly [element: string]: unknown;
}

export interface FhirBundle extends FhirResource {
  readonly resourceType: "Bundle";
  readonly type: "collection";
  readonly entry: readonly { readonly fullUrl: string; readonly resource: FhirResource }[];
}

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
    category: [concept([coding("http://terminology.hl7.org/CodeSystem/v2-0074", "CT", "CAT Scan")])],
    code: coded(codes.ctAbdomen),
    subject: about.subject,
    effectiveDateTime: about.effectiveDateTime,
    issued: prediction.created,
    result: observations.map(({ fullUrl }) => ({ reference: fullUrl })),
    imagingStudy: about.derivedFrom,
    conclusion: conclusion(prediction).join("\n"),
  };
  const bundle: FhirBundle = {
    resourceType: "Bundle",
    identifier: { system: "urn:ietf:rfc:3986", value: urn(seed, "bundle") },
    type: "collection",
    timestamp: prediction.created,
    entry: [entry(seed, "report", report), ...observations, device],
  };
  // Without what is undefined, as the file will be.
  return JSON.parse(JSON.stringify(bundle)) as FhirBundle;
}

const entry = (seed: string, key: string, resource: FhirResource) => ({ fullUrl: urn(seed, key), resource });

/** A UUID that follows from the seed. */
function urn(seed: string, key: string): string {
  const hex = BigInt(uid(`${seed} ${key}`).slice("2.25.".length))
    .toString(16)
    .padStart(32, "0");
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
}

const systems: Readonly<Record<string, string>> = {
  DCM: "http://dicom.nema.org/resources/ontology/DCM",
  LN: "http://loinc.org",
  SCT: "http://snomed.info/sct",
  UCUM: "http://unitsofmeasure.org",
  [privateScheme.designator]: `urn:oid:${privateScheme.uid}`,
};

const coding = (system: string, code: string, display: string) => ({ system, code, display });
const concept = (codings: readonly object[], text?: string) => ({ coding: codings, text });
const codingOf = ([value, scheme, meaning]: Code) => coding(systems[scheme], value, meaning);
const coded = (code: Code, text = code[2]) => concept([codingOf(code)], text);
const quantity = (value: number, [code, scheme, meaning]: Code) => ({
  value,
  unit: /^[a-z]+$/i.test(code) ? code : meaning,
  system: systems[scheme],
  code,
});
const component = (code: Code, value: number | null | undefined, unit: Code) =>
  value === undefined || value === null ? [] : [{ code: coded(code), valueQuantity: quantity(value, unit) }];
const notes = (lines: readonly string[]) =>
  lines.length === 0 ? undefined : lines.map((text) => ({ text }));

const dicomUid = (value: string) => ({ system: "urn:dicom:uid", value: `urn:oid:${value}` });

/** What all observations of the study share. */
const context = ({ patient, study, created }: Prediction, device: string) => ({
  status: "preliminary",
  category: [
    concept([coding("http://terminology.hl7.org/CodeSystem/observation-category", "imaging", "Imaging")]),
  ],
  subject: patient.id === undefined ? undefined : { type: "Patient", identifier: { value: patient.id } },
  effectiveDateTime: study.date?.match(/^\d{8}$/) && study.date.replace(/^(.{4})(..)/, "$1-$2-"),
  issued: created,
  device: { reference: device },
  derivedFrom:
    study.uid === undefined ? undefined : [{ type: "ImagingStudy", identifier: dicomUid(study.uid) }],
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

type Elements = Readonly<Record<string, unknown>>;

function observationsOf(prediction: Prediction): Record<string, Elements> {
  const { tumor, answers, nephrometry, familiarity } = prediction;
  const bodySite = coded(tumor.side === "left" ? codes.leftKidney : codes.rightKidney);
  return {
    volume: {
      code: coded(codes.volume, "Tumour volume"),
      bodySite,
      method: coded(codes.sumOfVoxels),
      valueQuantity: quantity(tumor.volumeMl, units.mL),
      note: notes([`Outline: ${tumor.maskSource}.`, ...tumor.remarks]),
    },
    diameter: {
      code: coded(codes.diameter, "Tumour's largest diameter in any direction"),
      bodySite,
      valueQuantity: quantity(tumor.maximalDiameterMm, units.mm),
    },
    ...Object.fromEntries(answers.map((answer) => [answer.task, { bodySite, ...answerOf(answer) }])),
    renal: { bodySite, ...renal(nephrometry) },
    ...(familiarity && { familiarity: familiarityOf(familiarity) }),
  };
}

function answerOf({ task, ...answer }: PredictedAnswer): Elements {
  const named = taskCodes[task];
  const isPositive = answer.decision === answer.positive;
  const decision = codingOf(isPositive ? named.positive : named.negative);
  const [sign, display] = isPositive ? ["POS", "Positive"] : ["NEG", "Negative"];
  const interpretation = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
  return {
    code: coded(named.probability),
    valueQuantity: quantity(answer.probability, units.ratio),
    interpretation: [concept([coding(interpretation, sign, display), decision], answer.decision)],
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
