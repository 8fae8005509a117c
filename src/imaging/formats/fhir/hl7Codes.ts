import { coding } from "./concept.ts";

const category = "http://terminology.hl7.org/CodeSystem/observation-category";
const section = "http://terminology.hl7.org/CodeSystem/v2-0074";
const interpretation = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/** Codes of HL7's own code systems. */
export const hl7Codes = {
  /** Category of a DiagnosticReport. */
  ct: coding(section, "CT", "CAT Scan"),
  /** Category of an Observation. */
  imaging: coding(category, "imaging", "Imaging"),
  /** Interpretations of an Observation. */
  positive: coding(interpretation, "POS", "Positive"),
  negative: coding(interpretation, "NEG", "Negative"),
} as const;
