/** States of a study, in the order it goes through them. */
export const studyStates = [
  /** Its first image has come. */
  "received",
  /** More images may come. */
  "waiting",
  /** All that came in time is there; it waits for a worker. */
  "queued",
  /** A worker reads it. */
  "reading",
  /** The result is there. */
  "answered",
  /** It cannot be read, as a study without a kidney; the reason is given. */
  "not read",
  /** Reading it failed for a reason that is not the study's. */
  "failed",
  /** A user stopped it. */
  "canceled",
] as const;

/** State of a study. */
export type StudyState = (typeof studyStates)[number];

/** A state, or what happened, as people read it. */
export const stateText = (state: string): string => (state === "canceled" ? "cancelled" : state);
