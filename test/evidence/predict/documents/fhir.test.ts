import { describe, expect, test } from "vitest";
import { fhirReport } from "../../../../src/evidence/predict/documents/fhir.ts";
import { researchUse } from "../../../../src/evidence/predict/prediction.ts";
import type { FhirBundle, FhirResource } from "../../../../src/imaging/formats/fhir/resource.ts";
import { faults, publishedCodes } from "../../../imaging/formats/fhir/published.ts";
import { fullPrediction, minimalPrediction, ownPrediction } from "../aPrediction.ts";

const full = fhirReport(fullPrediction, { seed: "full", structuredReport: "2.25.7" });
const minimal = fhirReport(minimalPrediction, { seed: "minimal" });
const bundles = [
  ["all that can be known", full],
  ["a NIfTI study and a model of one task", minimal],
  ["tasks of a cohort's own", fhirReport(ownPrediction, { seed: "own" })],
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

// The validator does not look into value sets.
test("HL7's codes are those HL7 publishes", () => {
  const systems = publishedCodes();
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

test("a date of the study that is none is left out", () => {
  const undated = { ...fullPrediction, study: { ...fullPrediction.study, date: "00000000" } };
  const bundle = fhirReport(undated, { seed: "undated" });
  expect(faults(bundle)).toEqual([]);
  expect(JSON.stringify(bundle)).not.toContain("effectiveDateTime");
});
