import { z } from "zod";
import { nephrometrySchema } from "../../imaging/nephrometry/schema.ts";
import { outcomes } from "../../imaging/registration/index.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { studyTasks, taskList } from "../../patients/cohort/tasks.ts";
import { grownSources, outlinedSource } from "../../patients/study/assembled.ts";
import { studySubjects } from "../../patients/study/remark.ts";

/** Stands on every output of one patient. */
export const researchUse =
  "For research use only. Not a medical device; not for diagnosis or for choosing a treatment.";

const vec3 = z.tuple([z.number(), z.number(), z.number()]);

const series = z.object({
  uid: z.string().optional(),
  number: z.number().optional(),
  description: z.string().optional(),
});

const alignment = z.object({
  /** How far the phase was moved to lie on the reference, LPS mm, at the middle of the kidney. */
  translationMm: vec3,
  rotationDegrees: z.number(),
  /** Similarity to the reference, higher is more alike; what it is stands in `measure`. */
  before: z.number(),
  after: z.number(),
  measure: z.string(),
  /** False: the registration made it worse or is implausible, and the phase lies as scanned. */
  used: z.boolean(),
  /** Why it is used or not; undefined in files from before it was written. */
  outcome: z.enum(outcomes).optional(),
  remark: z.string(),
});

const phase = z.object({
  phase: z.string(),
  /** Absent where the image was no DICOM series. */
  series: series.optional(),
  /** File or folder read. */
  path: z.string(),
  slices: z.int(),
  spacingMm: vec3,
  /** Why this series is this phase, a line each. Empty where the user said so. */
  evidence: z.array(z.string()),
  /** 0 … 1; absent where the user said so. */
  confidence: z.number().min(0).max(1).optional(),
  /** Of the reference phase: absent. */
  alignment: alignment.optional(),
});

const answer = z.object({
  task: z.string(),
  /** What the probability is of: `clear cell`. */
  positive: z.string(),
  negative: z.string(),
  /** Calibrated on the development centre's validation cases. */
  probability: z.number().min(0).max(1),
  /** Positive from here on. */
  threshold: z.number().min(0).max(1),
  decision: z.string(),
  /** The probability is so close to the threshold that the decision says little; see docs/predict.md. */
  borderline: z.boolean(),
  /** AUC on the validation cases of the development centre. */
  validationAuc: z.number().optional(),
  /** Weights of the task's gate at each level, in the order of `experts`; each level sums to 1. */
  /**
   * What adds most to the calibrated logit, against a case whose features are the training cases' means; largest
   * first. All of them and `rest` sum to the logit less that case's.
   */
  reasons: z
    .object({
      features: z.array(
        z.object({
          name: z.string(),
          /** As measured here, with its unit; absent for what has none. */
          value: z.string().optional(),
          logit: z.number(),
        }),
      ),
      /** Of what the network learnt from the images by itself. */
      learnt: z.number(),
      rest: z.number(),
    })
    .optional(),
  gates: z.array(z.object({ level: z.int(), experts: z.array(z.string()), weights: z.array(z.number()) })),
});

const familiarity = z.object({
  /** Mahalanobis distance of the case's features from the training cases'. */
  distance: z.number(),
  /** Share of the development centre's validation cases that lie nearer, 0 … 1, and how many those are. */
  nearer: z.number().min(0).max(1),
  validationCases: z.int(),
  /** It lies farther than all of them. */
  unlike: z.boolean(),
  /** What is measured on the crop and lies outside of 98 % of the training cases, in words. */
  unusual: z.array(z.string()),
});

const subjects = [...studySubjects, "training images", "familiarity", "missing phase"] as const;

export type WarningSubject = (typeof subjects)[number];

/** `prediction.json`: one patient's study read by one model. */
export const predictionSchema = z.object({
  format: z.literal("trinephron-prediction/1"),
  researchUse: z.literal(researchUse),
  software: z.string(),
  /** ISO 8601. */
  created: z.string(),
  model: z.object({
    kind: z.enum(["mtdl", "stdl"]),
    /** Of `model.onnx`. */
    sha256: z.string(),
    tasks: z.array(z.string()),
    /** What the tasks ask, where not all of them are the study's; absent: the study's. */
    definitions: taskList.optional(),
    phases: z.array(z.string()),
    trainingCases: z.int(),
    center: z.string(),
    /** Where the training images came from; undefined in models that do not say. */
    sources: z.array(z.enum(["real", "painted", "procedural"])).optional(),
  }),
  /** As DICOM says; absent for NIfTI. */
  patient: z.object({
    id: z.string().optional(),
    name: z.string().optional(),
    sex: z.string().optional(),
    age: z.string().optional(),
    birthDate: z.string().optional(),
  }),
  study: z.object({
    uid: z.string().optional(),
    date: z.string().optional(),
    description: z.string().optional(),
  }),
  phases: z.array(phase),
  /** Of the model's phases, those the study lacks. */
  missingPhases: z.array(z.string()),
  tumor: z.object({
    maskSource: z.enum(["segmentation", "structure set", "NIfTI", ...grownSources, outlinedSource]),
    /** Which program outlined the mask; absent where none did. */
    outline: z
      .object({
        program: z.string(),
        /** Of its networks. */
        sha256: z.string(),
        /** Which image it looked at. */
        phase: z.string(),
        /** Dice of the outlines of the image and of its mirror image: how steady they are, not how right. */
        agreement: z.object({ kidney: z.number().min(0).max(1), tumor: z.number().min(0).max(1) }),
      })
      .optional(),
    side: z.enum(["left", "right"]),
    volumeMl: z.number(),
    /** Largest diameter in 3D, mm. */
    maximalDiameterMm: z.number(),
    /** LPS mm. */
    centerMm: vec3,
    remarks: z.array(z.string()),
  }),
  answers: z.array(answer),
  /** R.E.N.A.L., PADUA and C-index measured on the mask. */
  nephrometry: nephrometrySchema.shape.tumors.element,
  /** Absent in models that keep no record of their training cases. */
  familiarity: familiarity.optional(),
  warnings: z.array(z.string()),
  /** What each of `warnings` is about, in their order; undefined in files from before it was written. */
  warningsAbout: z.array(z.enum(subjects)).optional(),
});

/**
 * `prediction.json`: one patient's study read by one model; docs/schema/prediction.schema.json describes every field.
 */
export type Prediction = z.infer<typeof predictionSchema>;

/** The definitions that the answers' tasks are among. */
export const tasksOfPrediction = ({ model }: Pick<Prediction, "model">): readonly TaskDefinition[] =>
  model.definitions ?? studyTasks;

/** How the mask came to be, in words; where a program outlined it, which. */
export const maskOrigin = ({ maskSource, outline }: Prediction["tumor"]): string =>
  outline ? `${maskSource}, ${outline.program}` : maskSource;

export interface SaidWarning {
  /** Undefined where the file does not say. */
  readonly about: WarningSubject | undefined;
  readonly text: string;
}

/** The warnings, each with what it is about. */
export const warningsIn = ({
  warnings,
  warningsAbout,
}: Pick<Prediction, "warnings" | "warningsAbout">): SaidWarning[] =>
  warnings.map((text, n) => ({ about: warningsAbout?.[n], text }));

export type PredictedPhase = Prediction["phases"][number];
export type PredictedAnswer = Prediction["answers"][number];
