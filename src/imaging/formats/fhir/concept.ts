/** A code of a code system (FHIR Coding). */
export interface Coding {
  /** URL. */
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** What codes and words say alike (FHIR CodeableConcept). */
export interface Concept {
  readonly coding: readonly Coding[];
  readonly text?: string | undefined;
}

export const coding = (system: string, code: string, display: string): Coding => ({ system, code, display });

export const concept = (codings: readonly Coding[], text?: string): Concept => ({ coding: codings, text });
