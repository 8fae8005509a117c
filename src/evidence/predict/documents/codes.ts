import { createHash } from "node:crypto";
import { type Code, type CodingScheme, dcm, sct, ucum } from "../../../imaging/formats/dicom/index.ts";
import { kidneyCode } from "../../../imaging/formats/dicom/write/segmentCodes.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { definitions, isStudyTask, type studyNames } from "../../../patients/cohort/tasks.ts";

/** Of codes that no public terminology has; docs/outputs.md says why each is ours. */
export const privateScheme: CodingScheme = {
  designator: "99TRINEPHRON",
  uid: "2.25.317641120235499652895647765795804555855",
  name: "trinephron",
};

const own = (value: string, meaning: string): Code => [value, privateScheme.designator, meaning];

/** Anatomy, findings and measurements that public terminologies have. */
export const codes = {
  ctAbdomen: ["41806-1", "LN", "CT Abdomen"] as Code,
  abdomen: sct("113345001", "Abdomen"),
  kidney: kidneyCode,
  leftKidney: sct("18639004", "Left kidney structure"),
  rightKidney: sct("9846003", "Right kidney structure"),
  left: sct("7771000", "Left"),
  right: sct("24028007", "Right"),
  neoplasmOfKidney: sct("126880001", "Neoplasm of kidney"),
  volume: sct("118565006", "Volume"),
  sumOfVoxels: dcm("126030", "Sum of segmented voxel volumes"),
  diameter: sct("81827009", "Diameter"),
  maximum: sct("56851009", "Maximum"),
} as const;

export const units = {
  mL: ucum("mL", "milliliter"),
  mm: ucum("mm", "millimeter"),
  ratio: ucum("{ratio}", "ratio"),
  score: ucum("{score}", "score"),
  one: ucum("1", "no units"),
} as const;

/** What no public terminology was found to have. */
export const ownCodes = {
  contrastPhase: own("contrast-phase", "Contrast phase"),
  threshold: own("threshold", "Threshold of the decision"),
  validationAuc: own("validation-auc", "AUC on the development centre's validation cases"),
  nearThreshold: own("near-threshold", "Probability near the threshold"),
  renalTotal: own("renal-total", "R.E.N.A.L. total"),
  renalComplexity: own("renal-complexity", "R.E.N.A.L. complexity"),
  low: own("low", "low"),
  moderate: own("moderate", "moderate"),
  high: own("high", "high"),
  renalR: own("renal-r", "R.E.N.A.L. R: radius"),
  renalE: own("renal-e", "R.E.N.A.L. E: exophytic or endophytic"),
  renalN: own("renal-n", "R.E.N.A.L. N: nearness to sinus or collecting system"),
  renalL: own("renal-l", "R.E.N.A.L. L: location to the polar lines"),
  renalA: own("renal-a", "R.E.N.A.L. A: face of the kidney"),
  anterior: own("a", "anterior"),
  posterior: own("p", "posterior"),
  neither: own("x", "neither anterior nor posterior"),
  renalDiameter: own("renal-r-mm", "Diameter scored by R"),
  endophyticFraction: own("endophytic-part", "Part of the tumour inside the kidney"),
  sinusDistance: own("sinus-distance", "Distance to sinus or collecting system"),
  polarFraction: own("between-lines", "Part of the tumour between the polar lines"),
  scoreNote: own("score-note", "Note on the scores"),
  maskSource: own("outline", "How the tumour was outlined"),
  maskNote: own("outline-note", "Note on the outline"),
  distance: own("mahalanobis", "Mahalanobis distance from the training cases"),
  nearer: own("cases-nearer", "Part of the validation cases nearer to the training cases"),
  unlike: own("unlike", "Unlike all validation cases"),
  unusual: own("unusual", "Unusual for the model"),
  missingPhase: own("missing-phase", "Missing phase"),
  warning: own("warning", "Warning"),
} as const;

/** Faces of the kidney, by the suffix of R.E.N.A.L. */
export const faces = { a: ownCodes.anterior, p: ownCodes.posterior, x: ownCodes.neither } as const;

/** Of one task: what its probability and decision are called, and the two decisions there are. */
export interface TaskCodes {
  readonly probability: Code;
  readonly decision: Code;
  readonly positive: Code;
  readonly negative: Code;
}

/** Of the study's three. */
export const taskCodes: Readonly<Record<(typeof studyNames)[number], TaskCodes>> = {
  histology: {
    probability: own("prob-histology", "Probability of clear cell RCC"),
    decision: own("class-histology", "Histology, as the model decides"),
    positive: own("clear-cell", definitions.histology.positive.words),
    negative: own("not-clear-cell", definitions.histology.negative.words),
  },
  stage: {
    probability: own("prob-stage", "Probability of stage III/IV"),
    decision: own("class-stage", "Stage, as the model decides"),
    positive: own("stage-3-4", definitions.stage.positive.words),
    negative: own("stage-1-2", definitions.stage.negative.words),
  },
  complexity: {
    probability: own("prob-complexity", "Probability of high anatomical complexity"),
    decision: own("class-complexity", "Anatomical complexity, as the model decides"),
    positive: own("high-complexity", definitions.complexity.positive.words),
    negative: own("not-high", definitions.complexity.negative.words),
  },
};

/** The study's codes, or those made of a task's name and words. */
export function codesOf(task: TaskDefinition): TaskCodes {
  if (isStudyTask(task.name)) return taskCodes[task.name as keyof typeof taskCodes];
  const { title, positive, negative } = task;
  return {
    probability: own(madeOf("prob", task.name), `Probability of ${positive.words}`),
    decision: own(madeOf("class", task.name), `${title}, as the model decides`),
    positive: own(madeOf("yes", task.name), positive.words),
    negative: own(madeOf("no", task.name), negative.words),
  };
}

/** A code value has 16 characters: a longer name is cut, and six digits of its SHA-256 tell it from others. */
function madeOf(kind: string, name: string): string {
  const whole = `${kind}-${name}`;
  if (whole.length <= 16) return whole;
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${whole.slice(0, 9)}-${digits}`;
}
