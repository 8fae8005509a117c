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

/** What a state means, for whoever wonders. */
export const stateMeaning: Readonly<Record<StudyState, string>> = {
  received: "Its first image has come.",
  waiting: "More images may come: it is read when none has come for a while.",
  queued: "It waits for a worker.",
  reading: "A worker reads it.",
  answered: "The result is there.",
  "not read": "It cannot be read.",
  failed: "Reading it failed, which is not for the study’s sake.",
  canceled: "A user stopped it. Its images are kept.",
};

/** A state, or what happened, as people read it. */
export const stateText = (state: string): string => (state === "canceled" ? "cancelled" : state);
