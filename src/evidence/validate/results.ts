import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { efficiency } from "../../learning/deploy/efficiencyResults.ts";
import { modelConfig } from "../../learning/trained/modelFolder.ts";
import { devices } from "../../numerics/graph/index.ts";
import { sources } from "../../patients/cohort/case.ts";
import { flowStep } from "../../patients/cohort/flow.ts";
import { table1 } from "../../patients/cohort/table1.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { studyTasks, taskList } from "../../patients/cohort/tasks.ts";
import { readerAnalyses, readerRow } from "../readers/analysis/readerResults.ts";
import { calibrationRow } from "./calibrationResults.ts";

const task = z.string();
const interval = z.tuple([z.number(), z.number()]).describe("95 % confidence interval");
const proportion = z.object({
  value: z.number().nullable(),
  ci: interval.nullable(),
  numerator: z.int(),
  denominator: z.int(),
});

const auc = z.object({
  task,
  model: z.string(),
  n: z.int(),
  positives: z.int(),
  value: z.number(),
  ci: interval,
  method: z.string().describe("e.g. `DeLong`"),
});

/**
 * Everything a validation found: what `validate` writes and `report` reads.
 * Model ids: `mtdl`, `stdl`, `measured` and `size` (baselines without a network); a `reader` is no model.
 */
export const results = z.object({
  format: z.literal("trinephron-results/1"),
  software: z.string(),
  created: z.string().describe("ISO 8601"),
  seed: z.int(),
  study: z.object({
    title: z.string(),
    development: z.string().describe("name of the centre trained on"),
    external: z.array(z.string()).describe("names of the centres tested on"),
    sources: z.array(z.enum(sources)).describe("of the images of the cohort"),
    stageLabel: z.string().describe("pathological, clinical or simulated"),
    device: z.enum(devices).optional().describe("the models ran on"),
    notes: z.array(z.string()).describe("caveats to print where the figures stand"),
  }),
  flow: z.array(flowStep),
  table1,
  tasks: taskList
    .optional()
    .describe("what was asked, in the order of every table; absent: histology, stage and complexity"),
  models: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["mtdl", "stdl", "baseline"]) })),
  unlabeled: z
    .array(z.object({ task, n: z.int() }))
    .default([])
    .describe("of each task the external cases without its label, which are left out of it"),
  auc: z.array(auc),
  comparisons: z.array(
    z.object({
      task,
      a: z.string(),
      b: z.string(),
      difference: z.number().describe("AUC of a minus AUC of b"),
      ci: interval,
      z: z.number(),
      p: z.number(),
      method: z.string(),
    }),
  ),
  roc: z.array(
    z.object({
      task,
      model: z.string(),
      points: z.array(z.tuple([z.number(), z.number()])).describe("[1 − specificity, sensitivity]"),
    }),
  ),
  operating: z.array(
    z.object({
      task,
      model: z.string(),
      threshold: z.number(),
      chosen: z.string().describe("how and on which cases the threshold was fixed"),
      sensitivity: proportion,
      specificity: proportion,
      ppv: proportion,
      npv: proportion,
      accuracy: proportion.optional().describe("absent in results from before it was reported"),
    }),
  ),
  decision: z.array(
    z.object({
      task,
      thresholds: z.array(z.number()),
      curves: z.array(
        z.object({
          model: z.string().describe("a model id, `all` or `none`"),
          netBenefit: z.array(z.number()),
          ci: z.array(interval).optional().describe("pointwise; of models only"),
        }),
      ),
      differences: z
        .array(
          z.object({
            a: z.string(),
            b: z.string(),
            difference: z.array(z.number()).describe("net benefit of a less that of b"),
            ci: z.array(interval).describe("pointwise, both models on the same bootstrap samples"),
          }),
        )
        .default([]),
      method: z.string().default("").describe("of the intervals"),
    }),
  ),
  calibration: z.array(calibrationRow).default([]),
  readers: z.array(readerRow),
  readerAnalyses: readerAnalyses.default({ againstMtdl: [], aid: [], agreement: [] }),
  efficiency: efficiency.nullable(),
  gates: z.array(
    z.object({
      level: z.int().describe("extraction level, from 1"),
      gate: z.string().describe("a task, or `shared`"),
      experts: z.array(z.string()),
      weights: z.array(z.number()).describe("mean over the external cases; sums to 1"),
    }),
  ),
  training: z.array(
    z.object({
      model: z.string(),
      epochs: z.array(
        z.object({
          epoch: z.int(),
          learningRate: z.number(),
          trainLoss: z.number(),
          validationLoss: z.number(),
          validationAuc: z.partialRecord(task, z.number()),
        }),
      ),
      best: z.int().describe("the epoch whose weights were kept"),
    }),
  ),
  cards: z
    .array(z.object({ model: z.string(), config: modelConfig }))
    .default([])
    .describe("each model's config.json: `mtdl`, `stdl histology` …"),
  examples: z.array(
    z.object({
      case: z.string(),
      center: z.string(),
      caption: z.string(),
      images: z
        .partialRecord(z.string(), z.string())
        .describe("PNG data URIs of the slice of largest tumour area"),
      mask: z.string().nullable().describe("PNG data URI, transparent where empty"),
      answers: z.array(
        z.object({
          task,
          label: z.union([z.literal(0), z.literal(1)]).nullable(),
          probability: z.number(),
          threshold: z.number(),
        }),
      ),
    }),
  ),
});
/** `results.json`: all numbers of a validation; docs/schema/results.schema.json describes every field. */
export type Results = z.infer<typeof results>;

/**
 * Results of the text of a `results.json`.
 * @throws E_FORMAT for text that is no JSON, or JSON that does not fit: names the first place that does not
 */
export function parseResults(text: string, path: string): Results {
  const found = parseJson(results, text, path);
  const names = new Set(tasksOfResults(found).map(({ name }) => name));
  for (const [place, name] of namedTasks(found))
    if (!names.has(name))
      throw new TrinephronError(
        "E_FORMAT",
        `${path}: ${place}: ${JSON.stringify(name)} is none of ${[...names].join(", ")}`,
      );
  return found;
}

/** What was asked, in the order of every table. */
export const tasksOfResults = ({ tasks }: Pick<Results, "tasks">): readonly TaskDefinition[] =>
  tasks ?? studyTasks;

/** Every place that names a task, and the name. */
function namedTasks(found: Results): (readonly [place: string, name: string])[] {
  const { againstMtdl, aid, agreement } = found.readerAnalyses;
  const lists = {
    ...{ unlabeled: found.unlabeled, auc: found.auc, comparisons: found.comparisons, roc: found.roc },
    ...{ operating: found.operating, decision: found.decision, calibration: found.calibration },
    ...{ readers: found.readers, "readerAnalyses.againstMtdl": againstMtdl },
    ...{ "readerAnalyses.aid": aid, "readerAnalyses.agreement": agreement },
    ...Object.fromEntries(found.examples.map(({ answers }, e) => [`examples.${e}.answers`, answers])),
  };
  return [
    ...Object.entries(lists).flatMap(([name, rows]) =>
      rows.map((row, i) => [`${name}.${i}.task`, row.task] as const),
    ),
    ...found.cards.flatMap(({ config }, c) =>
      config.tasks.map((name, t) => [`cards.${c}.config.tasks.${t}`, name] as const),
    ),
  ];
}
