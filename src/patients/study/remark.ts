/** What a remark on a study is about: whoever shows remarks sorts them by it and reads nothing out of their words. */
export const studySubjects = [
  "doubtful phase",
  "registration",
  "grown mask",
  "outlined mask",
  "mask left out",
  "other",
] as const;

/** A line that a reader of a study must know. */
export interface Remark {
  readonly about: (typeof studySubjects)[number];
  readonly text: string;
}

export const otherRemark = (text: string): Remark => ({ about: "other", text });
