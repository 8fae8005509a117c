import { encode } from "fast-png";
import { type Random, random } from "../../src/base/random.ts";
import type { Reading } from "../../src/evidence/readers/readings.ts";
import { simulateReaders } from "../../src/evidence/readers/simulateReaders.ts";
import type { Results } from "../../src/evidence/validate/results.ts";
import { validatePredictions } from "../../src/evidence/validate/validatePredictions.ts";
import { trainSettings } from "../../src/learning/trained/settings.ts";
import { phases } from "../../src/patients/cohort/case.ts";
import type { Task } from "../../src/patients/cohort/taskDefinition.ts";
import { studyNames as tasks } from "../../src/patients/cohort/tasks.ts";
import { drawnPredictions, studyOf } from "../evidence/validate/study.ts";

/**
 * Test data: results of no study. Every number is drawn, or computed from drawn numbers by `validatePredictions`; the
 * pictures are discs. It has every part that a report can show, and text that would break unescaped HTML.
 */
export function drawnResults(seed = 5, more: Partial<Results> = {}): Results {
  const draw = random(seed);
  const predictions = drawnPredictions(160, seed);
  const drawn = studyOf(predictions, {
    study: {
      title: "Test data: a drawn study of two centres",
      development: "A",
      external: ["B"],
      sources: ["painted"],
      stageLabel: "pathological (pTNM)",
      notes: ["Test data: drawn numbers, about no patient & no hospital."],
    },
    models: [
      { id: "mtdl", name: "Multi-task (MTDL)", kind: "mtdl" },
      { id: "stdl", name: "Single-task (STDL)", kind: "stdl" },
      { id: "size", name: "Tumour size alone", kind: "baseline" },
    ],
    readers: readings(predictions, seed),
    replicates: 20,
    flow: [
      {
        step: "KiTS23 cases",
        in: 489,
        out: 452,
        excluded: [
          { reason: "benign tumour", n: 31 },
          { reason: "no pathology report", n: 6 },
        ],
      },
      {
        step: "with a mask",
        in: 452,
        out: 431,
        excluded: [
          { reason: "mask without a tumour, or of another orientation than its header says", n: 21 },
        ],
      },
      { step: "split by centre", in: 431, out: 431, excluded: [] },
    ],
    table1: drawnTable1,
    efficiency: {
      counted:
        "3 single-task models together against one multi-task model, float32, 2 threads, batch 1; test data, drawn",
      rows: [
        {
          model: "mtdl",
          parameters: 2_310_455,
          fileBytes: 9_420_331,
          inferenceMsPerCase: 41.27,
          peakMemoryBytes: 61_300_000,
          trainingSeconds: 1843,
        },
        {
          model: "stdl",
          parameters: 5_930_122,
          fileBytes: 24_100_420,
          inferenceMsPerCase: 104.9,
          peakMemoryBytes: 171_800_000,
          trainingSeconds: 4310,
        },
      ],
    },
    gates: drawnGates(draw),
    training: ["mtdl", ...tasks.map((task) => `stdl ${task}`)].map((model) => drawnTraining(model, draw)),
    cards: [...[tasks], ...tasks.map((task) => [task])].map(drawnCard),
    examples: [1, 7, 30].map((i, nth) => drawnExample(i, nth, predictions)),
  });
  return { ...validatePredictions(drawn), ...more };
}

/** Five simulated readers, and one whose decisions are on file as a human reader's would be. */
function readings(predictions: ReturnType<typeof drawnPredictions>, seed: number): Reading[] {
  const draw = random(seed + 1);
  const human = predictions
    .filter((p) => Number(p.case.slice(5)) < 80)
    .map((p): Reading => {
      const score = Math.round(2 + (p.label === 1 ? 1.2 : 0) + draw.normal());
      return {
        case: p.case,
        reader: "Reader <6>",
        experience: "senior",
        task: p.task,
        score,
        decision: score > 2 ? 1 : 0,
        simulated: false,
      };
    });
  return [...simulateReaders(predictions, seed), ...human];
}

const drawnTable1: Results["table1"] = {
  centers: [
    { center: "A", n: 271 },
    { center: "B", n: 160 },
  ],
  rows: [
    {
      characteristic: "Age, years, mean ± SD",
      level: null,
      cells: ["58.9 ± 13.1", "60.4 ± 12.2"],
      p: 0.231,
      test: "Welch’s t",
    },
    {
      characteristic: "Sex, n (%)",
      level: "female",
      cells: ["101 (37.3)", "64 (40.0)"],
      p: 0.571,
      test: "Pearson’s χ²",
    },
    { characteristic: "Sex, n (%)", level: "male", cells: ["170 (62.7)", "96 (60.0)"], p: null, test: null },
    {
      characteristic: "Histology, n (%)",
      level: "clear cell",
      cells: ["196 (72.3)", "113 (70.6)"],
      p: 0.0004,
      test: "Pearson’s χ²",
    },
    {
      characteristic: "Histology, n (%)",
      level: "papillary",
      cells: ["30 (11.1)", "28 (17.5)"],
      p: null,
      test: null,
    },
    {
      characteristic: "Histology, n (%)",
      level: "chromophobe",
      cells: ["27 (10.0)", "11 (6.9)"],
      p: null,
      test: null,
    },
    {
      characteristic: "Histology, n (%)",
      level: "other",
      cells: ["18 (6.6)", "8 (5.0)"],
      p: null,
      test: null,
    },
    {
      characteristic: "Tumour size, mm, median [IQR]",
      level: null,
      cells: ["41.2 [27.6–65.0]", "39.0 [26.1–61.8]"],
      p: 0.412,
      test: "Mann–Whitney U",
    },
  ],
};

function drawnGates(draw: Random): Results["gates"] {
  return [1, 2].flatMap((level) =>
    [...tasks, ...(level === 1 ? ["shared"] : [])].map((gate) => {
      const owners = gate === "shared" ? [...tasks, "shared"] : [gate, "shared"];
      const experts = owners.flatMap((owner) => [`${owner} 1`, `${owner} 2`]);
      const raw = experts.map(() => 0.2 + draw.uniform());
      const sum = raw.reduce((a, b) => a + b, 0);
      return { level, gate, experts, weights: raw.map((w) => w / sum) };
    }),
  );
}

function drawnTraining(model: string, draw: Random): Results["training"][number] {
  const own = tasks.filter((task) => model === "mtdl" || model.endsWith(task));
  const epochs = Array.from({ length: 30 }, (_, i) => ({
    epoch: i + 1,
    learningRate: 0.001 * (1 - i / 30),
    trainLoss: 0.75 * Math.exp(-i / 18) + 0.02 * draw.normal(),
    validationLoss: 0.72 * Math.exp(-i / 30) + 0.004 * i + 0.03 * draw.normal(),
    validationAuc: Object.fromEntries(
      own.map((task) => [task, Math.min(0.99, 0.86 - 0.3 * Math.exp(-i / 6) + 0.015 * draw.normal())]),
    ),
  }));
  return { model, epochs, best: 21 };
}

function drawnCard(own: readonly Task[]): Results["cards"][number] {
  const several = own.length > 1;
  const each = <T>(value: T) => Object.fromEntries(own.map((task) => [task, value]));
  return {
    model: several ? "mtdl" : `stdl ${own[0]}`,
    config: {
      format: "trinephron-model/2",
      software: "trinephron 0.0.0-test",
      kind: several ? "mtdl" : "stdl",
      tasks: [...own],
      phases: [...phases],
      settings: trainSettings.parse({ tasks: own, center: "A", balanced: several }),
      parameters: several ? 2_310_455 : 1_976_707,
      thresholds: each(0.5),
      thresholdChosen: "Youden's index on 54 validation cases of centre A",
      calibration: each({ slope: 1.1, intercept: -0.2 }),
      dataHash: "0123456789abcdef".repeat(4),
      cases: { train: 217, validation: 54 },
      bestEpoch: 21,
      validationAuc: each(0.84),
    },
  };
}

function drawnExample(
  index: number,
  nth: number,
  predictions: ReturnType<typeof drawnPredictions>,
): Results["examples"][number] {
  const id = `case_${index}`;
  const images = Object.fromEntries(phases.map((phase, p) => [phase, disc(70 + 30 * p + 10 * nth, nth)]));
  return {
    case: nth === 0 ? `${id}<script>alert("x")</script>` : id,
    center: "B",
    caption: ["answered best in all tasks together", "the median case", "the largest error in stage"][nth],
    images,
    mask: discMask(nth),
    answers: predictions
      .filter((p) => p.case === id)
      .map((p) => ({
        task: p.task,
        label: nth === 2 && p.task === "stage" ? null : (p.label ?? null),
        probability: p.probabilities.mtdl,
        threshold: 0.5,
      })),
  };
}

const side = 96;
const inside = (i: number, radius: number, shift: number) =>
  Math.hypot((i % side) - 48 - shift, Math.floor(i / side) - 48) < radius;
const png = (data: Uint8Array, channels: 1 | 4) =>
  `data:image/png;base64,${Buffer.from(encode({ width: side, height: side, data, channels })).toString("base64")}`;

function disc(brightness: number, nth: number): string {
  const draw = random(brightness);
  return png(
    Uint8Array.from({ length: side * side }, (_, i) => {
      const tissue = inside(i, 18 + 3 * nth, 12) ? brightness : inside(i, 34, 0) ? brightness + 60 : 35;
      return Math.max(0, Math.min(255, tissue + 9 * draw.normal()));
    }),
    1,
  );
}

function discMask(nth: number): string {
  const data = new Uint8Array(4 * side * side);
  for (let i = 0; i < side * side; i++)
    if (inside(i, 18 + 3 * nth, 12)) data.set([230, 159, 0, 110], 4 * i);
    else if (inside(i, 34, 0)) data.set([0, 114, 178, 60], 4 * i);
  return png(data, 4);
}
