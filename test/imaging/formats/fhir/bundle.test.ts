import { expect, test } from "vitest";
import { collection, entry } from "../../../../src/imaging/formats/fhir/bundle.ts";
import { codedIn } from "../../../../src/imaging/formats/fhir/coded.ts";
import { fhirDate } from "../../../../src/imaging/formats/fhir/date.ts";
import { dicomUid, patientById, studyByUid } from "../../../../src/imaging/formats/fhir/identifier.ts";
import { notes } from "../../../../src/imaging/formats/fhir/notes.ts";
import { faults } from "./published.ts";

const { coded, quantity, component } = codedIn();
const device = entry("s", "device", { resourceType: "Device", identifier: [dicomUid("2.25.1")] });

/** A volume of the liver. */
const bundle = (known: { readonly id?: string; readonly remarks?: readonly string[] } = {}) =>
  collection("s", "2026-10-05T09:30:15Z", [
    entry("s", "volume", {
      resourceType: "Observation",
      status: "final",
      code: coded(["118565006", "SCT", "Volume"]),
      bodySite: coded(["10200004", "SCT", "Liver"]),
      subject: known.id === undefined ? undefined : patientById(known.id),
      effectiveDateTime: fhirDate("20261004"),
      device: { reference: device.fullUrl },
      derivedFrom: [studyByUid("2.25.2")],
      valueQuantity: quantity(1250, ["mL", "UCUM", "milliliter"]),
      component: component(["81827009", "SCT", "Diameter"], 17, ["mm", "UCUM", "millimeter"]),
      note: notes(known.remarks ?? []),
    }),
    device,
  ]);

test("a bundle of what the helpers make is valid FHIR R4", () => {
  expect(faults(bundle())).toEqual([]);
  expect(faults(bundle({ id: "P1", remarks: ["blurred"] }))).toEqual([]);
});

test("each resource and the bundle have a URL of their own, the same again for the same seed", () => {
  const { entry, identifier } = bundle();
  const urls = [...entry.map(({ fullUrl }) => fullUrl), (identifier as { value: string }).value];
  expect(new Set(urls).size).toBe(3);
  expect(bundle()).toEqual(bundle());
});

test("what is undefined is left out", () => {
  const [{ resource }] = bundle().entry;
  for (const key of ["subject", "note"]) expect(resource).not.toHaveProperty(key);
  const [known] = bundle({ id: "P1", remarks: ["blurred"] }).entry;
  expect(known.resource.subject).toEqual({ type: "Patient", identifier: { value: "P1" } });
  expect(known.resource.note).toEqual([{ text: "blurred" }]);
});
