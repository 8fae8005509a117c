import type { PredictionPictures } from "../../../src/evidence/predict/pictures.ts";
import { type Prediction, predictionSchema } from "../../../src/evidence/predict/prediction.ts";
import { cropImages } from "../../../src/learning/crop/crop.ts";
import type { CropSettings } from "../../../src/learning/crop/cropInput.ts";
import { type StudyPhase, phases as studyPhases } from "../../../src/patients/cohort/case.ts";
import type { Task } from "../../../src/patients/cohort/taskDefinition.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";
import type { Painted } from "../../../src/patients/synthetic/paint/paint.ts";
import { fullPrediction } from "../../evidence/predict/aPrediction.ts";
import { paintedPatient } from "../../patients/study/studyFiles.ts";

const mapVoxels = 48;
const settings: CropSettings = {
  center: "kidney",
  fieldOfViewMm: 160,
  voxels: 4 * mapVoxels,
  window: [-150, 350],
  phases: ["corticomedullary", "nephrographic", "excretory"],
  maskChannels: true,
};

const made = new Map<string, Promise<PredictionPictures>>();
let patient: Painted | undefined;

/** A painted patient's pictures, made once; the maps are made up: blobs beside the crop's centre. */
export function paintedPictures(without: readonly StudyPhase[] = []): Promise<PredictionPictures> {
  const key = without.join();
  const pictures = made.get(key) ?? picturesOf(without);
  made.set(key, pictures);
  return pictures;
}

async function picturesOf(without: readonly StudyPhase[]): Promise<PredictionPictures> {
  patient ??= paintedPatient(3, 55);
  const { phases, mask } = patient;
  const images = Object.fromEntries(
    studyPhases
      .filter((phase) => !without.includes(phase))
      .map((phase) => [phase, { path: phase, read: () => phases[phase] }]),
  );
  const crop = await cropImages({ case: "P1", images, mask: { path: "mask", read: () => mask } }, settings);
  const maps = Object.fromEntries(
    tasks.map((task, t): [Task, PredictionPictures["maps"][Task]] => {
      const rises = blob([32, 18, 24], 6);
      return [
        task,
        {
          cam: blob([28 - 5 * t, 22 + 3 * t, 20 + 4 * t], 5 + t),
          occlusion: blob([20 + 4 * t, 26, 24], 7).map((falls, v) => 0.15 * falls - 0.06 * rises[v]),
        },
      ];
    }),
  );
  return { crop, settings, mapVoxels, maps };
}

function blob([i0, j0, k0]: readonly [number, number, number], sigma: number): Float32Array {
  const n = mapVoxels;
  return Float32Array.from({ length: n ** 3 }, (_, v) => {
    const [i, j, k] = [v % n, Math.floor(v / n) % n, Math.floor(v / n ** 2)];
    return Math.exp(-((i - i0) ** 2 + (j - j0) ** 2 + (k - k0) ** 2) / (2 * sigma ** 2));
  });
}

const experts = (task: Task) => [`${task} 1`, `${task} 2`, "shared 1", "shared 2"];

const reasonsOf = (sign: 1 | -1) => ({
  features: [
    { name: "mean of the tumour, corticomedullary", value: "182 HU", logit: 0.84 * sign },
    {
      name: "mean of the tumour, change from corticomedullary to nephrographic",
      value: "−41 HU",
      logit: 0.41 * sign,
    },
    { name: "unevenness of the tumour, nephrographic", value: "SD 38 HU", logit: -0.22 * sign },
    { name: "distance of the tumour from the hilum, head to foot", logit: -0.16 * sign },
    { name: "share of the tumour within the kidney", value: "61 %", logit: 0.004 },
  ],
  learnt: 0.33,
  rest: -0.12,
});

const alignment = fullPrediction.phases[0].alignment!;

/** Everything that can be known and everything that can be warned of, in long words. */
export const longPrediction: Prediction = predictionSchema.parse({
  ...fullPrediction,
  model: { ...fullPrediction.model, sources: ["real", "painted"] },
  patient: {
    ...fullPrediction.patient,
    id: "KH-2026-00481516-23",
    name: "Freifrau von Müller-Lüdenscheidt^Annemarie^Katharina^Prof. Dr.",
  },
  study: {
    ...fullPrediction.study,
    description: "CT Abdomen und Becken nativ + dreiphasig mit KM, Nierenprotokoll, Verlaufskontrolle",
  },
  phases: [
    {
      ...fullPrediction.phases[0],
      series: { number: 3, description: "Abdomen art. 1.5 Br36 axial" },
      slices: 312,
      evidence: [
        "series description says arterial (“art.”)",
        "aorta 287 HU",
        "renal cortex 96 HU above medulla",
        "28 s after the start of the injection",
      ],
    },
    {
      ...fullPrediction.phases[1],
      series: { number: 4, description: "Abdomen portalvenös 1.5 Br36 axial" },
      slices: 324,
      evidence: ["series description says portal venous", "cortex 11 HU above medulla", "aorta 148 HU"],
      confidence: 0.61,
    },
    {
      ...fullPrediction.phases[0],
      phase: "excretory",
      series: { number: 7, description: "Abdomen spät 3.0 Br36 axial" },
      slices: 160,
      spacingMm: [0.78125, 0.78125, 3],
      evidence: ["renal pelvis 412 HU, brighter than the cortex", "8 min 12 s after the first series"],
      confidence: 0.99,
      alignment: {
        ...alignment,
        outcome: "astray",
        used: false,
        remark: "moved by 74 mm and 31°, more than a body moves: left as scanned",
      },
    },
  ],
  missingPhases: [],
  tumor: {
    ...fullPrediction.tumor,
    maskSource: "grown from a point",
    remarks: ["tumour (41.2 mL) and kidney were grown from the image, not drawn: check their outlines"],
  },
  answers: fullPrediction.answers.map((answer, t) => ({
    ...answer,
    reasons: reasonsOf(t === 0 ? 1 : -1),
    gates: [1, 2].map((level) => ({
      level,
      experts: experts(answer.task),
      weights: level === 1 ? [0.31, 0.22, 0.29, 0.18] : [0.05, 0.62, 0.03, 0.3],
    })),
  })),
  nephrometry: {
    ...fullPrediction.nephrometry,
    renal: {
      ...fullPrediction.nephrometry.renal,
      total: 10,
      complexity: "high",
      N: { points: 3, mm: 3.8, margin: { by: 0.2, unit: "mm", points: 2, borderline: true } },
    },
    caveats: [
      "the kidney reaches the edge of the image: its length and its polar lines may be wrong",
      "2 tumours: the scores are the largest one’s",
    ],
  },
  familiarity: {
    ...fullPrediction.familiarity,
    unusual: [
      "volume of the tumour higher than usual: 41 mL; 98 % of training cases 2 mL to 38 mL",
      "mean of the tumour, excretory lower than usual: 12 HU; 98 % of training cases 24 HU to 131 HU",
      "nearness of the tumour to the sinus higher than usual",
    ],
  },
  warnings: [
    "series 4 Abdomen portalvenös 1.5 Br36 axial is taken for nephrographic with 61 % confidence",
    "excretory phase not registered: moved by 74 mm and 31°, more than a body moves: left as scanned",
    "tumour (41.2 mL) and kidney were grown from the image, not drawn: check their outlines",
    "no enhanced kidney was found on the right side: the tumour’s side is taken from the table position",
    "The model was trained on painted images, not on real CT alone: its answers to a patient mean nothing.",
    "This case is unlike all 104 validation cases: its answers are extrapolation.",
  ],
  warningsAbout: ["doubtful phase", "registration", "grown mask", "other", "training images", "familiarity"],
});
