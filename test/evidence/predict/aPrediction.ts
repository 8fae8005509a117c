import { type Prediction, predictionSchema, researchUse } from "../../../src/evidence/predict/prediction.ts";
import { definitions, namesOf } from "../../../src/patients/cohort/tasks.ts";
import { parseTasks } from "../../../src/patients/cohort/tasksFile.ts";

/** Made up, as a study with all that can be known would give. */
export const fullPrediction: Prediction = predictionSchema.parse({
  format: "trinephron-prediction/1",
  researchUse,
  software: "trinephron 0.1.0",
  created: "2026-10-05T09:30:15.250Z",
  model: {
    kind: "mtdl",
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    tasks: ["histology", "stage", "complexity"],
    phases: ["corticomedullary", "nephrographic", "excretory"],
    trainingCases: 420,
    center: "A",
    sources: ["real"],
  },
  patient: { id: "P1", name: "Müller^Jörg", sex: "M", age: "064Y", birthDate: "19561231" },
  study: { uid: "1.2.826.0.1.3680043.8.498.1", date: "20261004", description: "CT Abdomen dreiphasig" },
  phases: [
    {
      phase: "corticomedullary",
      series: { uid: "1.2.826.0.1.3680043.8.498.1.1", number: 3, description: "art. 1.5" },
      path: "study/0003",
      slices: 3,
      spacingMm: [0.7, 0.7, 1.5],
      evidence: ["aorta 287 HU", "cortex 96 HU above medulla"],
      confidence: 0.94,
      alignment: {
        translationMm: [0.8, -1.1, 3.6],
        rotationDegrees: 0.7,
        before: 0.31,
        after: 0.78,
        measure: "normalised mutual information",
        outcome: "used",
        used: true,
        remark: "",
      },
    },
    {
      phase: "nephrographic",
      series: { uid: "1.2.826.0.1.3680043.8.498.1.2", number: 4 },
      path: "study/0004",
      slices: 3,
      spacingMm: [0.7, 0.7, 1.5],
      evidence: [],
    },
  ],
  missingPhases: ["excretory"],
  tumor: {
    maskSource: "segmentation",
    side: "left",
    volumeMl: 41.237812345678,
    maximalDiameterMm: 46.91284736251,
    centerMm: [-71.2, 33.9, -112.4],
    remarks: ['Segment 3 "Lesion?" was not used.'],
  },
  answers: [
    {
      task: "histology",
      positive: definitions.histology.positive.words,
      negative: definitions.histology.negative.words,
      probability: 0.87123456789012,
      threshold: 0.6234567,
      decision: definitions.histology.positive.words,
      borderline: false,
      validationAuc: 0.8612,
      gates: [],
    },
    {
      task: "stage",
      positive: definitions.stage.positive.words,
      negative: definitions.stage.negative.words,
      probability: 0.2199999,
      threshold: 0.22,
      decision: definitions.stage.negative.words,
      borderline: true,
      validationAuc: 0.81,
      gates: [],
    },
    {
      task: "complexity",
      positive: definitions.complexity.positive.words,
      negative: definitions.complexity.negative.words,
      probability: 0.0000123456789,
      threshold: 0.31,
      decision: definitions.complexity.negative.words,
      borderline: false,
      validationAuc: 0.9,
      gates: [],
    },
  ],
  nephrometry: {
    side: "left",
    volume_ml: 41.237812345678,
    maximal_diameter_mm: 46.91284736251,
    in_plane_diameter_mm: 45.1,
    contact_area_cm2: 12.2,
    renal: {
      total: 9,
      complexity: "moderate",
      suffix: "p",
      hilar_suffix: "unknown",
      R: { points: 2, mm: 44.7123 },
      E: { points: 2, endophytic_fraction: 0.612345 },
      N: { points: 3, mm: 2.25 },
      A: { mm: 14.5 },
      L: {
        points: 2,
        fraction_between_polar_lines: 0.31,
        crosses_midline: false,
        polar_lines_found: true,
      },
    },
    padua: {
      total: 10,
      complexity: "high",
      location: { points: 2, fraction_between_sinus_lines: 0.4 },
      exophytic: { points: 2, endophytic_fraction: 0.612345 },
      rim: { points: 1, mm: 12 },
      sinus: { points: 2, mm: 2.25 },
      collecting_system: { points: 1, mm: 6 },
      size: { points: 2, mm: 46.9 },
    },
    c_index: 1.6,
    sinus_source: "ct",
    caveats: ["The kidney reaches the edge of the image."],
    summary: "Left kidney, posterior: a tumour of 45 mm.",
  },
  familiarity: {
    distance: 19.2345678901,
    nearer: 1,
    validationCases: 104,
    unlike: true,
    unusual: ["tumour volume higher than usual: 41.2 mL; 98 % of training cases 2.1 mL to 38.0 mL"],
  },
  warnings: [
    "No excretory phase: the model answers without it.",
    "This case is unlike all 104 validation cases: its answers are extrapolation.",
  ],
  warningsAbout: ["missing phase", "familiarity"],
});

const { familiarity: _, ...known } = fullPrediction;

/** From NIfTI and a model of one task that keeps no record of its training cases; no sinus was found. */
export const minimalPrediction: Prediction = predictionSchema.parse({
  ...known,
  model: {
    ...known.model,
    kind: "stdl",
    tasks: ["histology"],
    phases: ["nephrographic"],
    sources: undefined,
  },
  patient: {},
  study: {},
  phases: [{ ...known.phases[1], series: undefined, path: "np.nii.gz" }],
  missingPhases: [],
  tumor: { ...known.tumor, maskSource: "NIfTI", side: "right", remarks: [] },
  answers: [{ ...known.answers[0], validationAuc: undefined }],
  nephrometry: {
    ...known.nephrometry,
    side: "right",
    renal: { ...known.nephrometry.renal, N: { points: 1, mm: null }, total: 7, suffix: "x" },
    caveats: [],
  },
  warnings: [],
  warningsAbout: [],
});

/** Of a cohort's own tasks: words as long as they may be, and not of one alphabet; names that other things have too. */
export const ownTasks = parseTasks(
  JSON.stringify({
    format: "trinephron-tasks/1",
    tasks: [
      {
        name: "volume",
        title: "Größe, 体积".padEnd(34, "x"),
        positive: { words: 'groß <&> "ja" 大'.padEnd(45, "x"), short: "groß", above: 40 },
        negative: { words: "klein 小", atMost: 40 },
      },
      {
        name: "upgrade_at_surgery_of_a_biopsied_tumour",
        positive: { words: "upgraded", values: ["1"] },
        negative: { words: "not upgraded", values: ["0"] },
      },
    ],
  }),
  "tasks.json",
).tasks;
export const ownPrediction: Prediction = predictionSchema.parse({
  ...fullPrediction,
  model: { ...fullPrediction.model, tasks: namesOf(ownTasks), definitions: ownTasks },
  answers: ownTasks.map(({ name, positive, negative }, t) => ({
    ...fullPrediction.answers[t],
    task: name,
    positive: positive.words,
    negative: negative.words,
    decision: [positive, negative][t].words,
  })),
});
