/** Words beside a resource (FHIR Annotation). */
export interface Note {
  readonly text: string;
}

/** A note a line; undefined where there is none, since FHIR has no empty lists. */
export const notes = (lines: readonly string[]): Note[] | undefined =>
  lines.length === 0 ? undefined : lines.map((text) => ({ text }));
