import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { rulesFile } from "../src/apps/service/rules/rulesFile.ts";
import { writeWhole } from "../src/base/files.ts";
import { experimentResults } from "../src/evidence/experiment/experimentResults.ts";
import { plan } from "../src/evidence/experiment/plan.ts";
import { predictionSchema } from "../src/evidence/predict/prediction.ts";
import { results } from "../src/evidence/validate/results.ts";
import { nephrometrySchema } from "../src/imaging/nephrometry/schema.ts";
import { classesFileSchema } from "../src/learning/segmentation/compare/labelScheme.ts";
import { overlapResults } from "../src/learning/segmentation/compare/overlapResults.ts";
import { segmentationConfig } from "../src/learning/segmentation/own/segmentationConfig.ts";
import { foldsFile } from "../src/learning/segmentation/train/folds.ts";
import { twoStageConfig } from "../src/learning/segmentation/twoStage/twoStageConfig.ts";
import { tasksFileSchema } from "../src/patients/cohort/tasksFile.ts";
import { mappingSchema } from "../src/patients/import/clinical/mapping.ts";

const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
const titled = (file: string, schema: object): string => text({ title: `trinephron ${file}`, ...schema });

/** JSON Schemas (2020-12) of the files that trinephron reads and writes, by their names in docs/schema. */
export const schemas: Readonly<Record<string, string>> = {
  "classes.schema.json": titled("classes.json", z.toJSONSchema(classesFileSchema, { io: "input" })),
  "experiment.schema.json": titled("experiment.json", z.toJSONSchema(experimentResults)),
  "folds.schema.json": titled("folds.json", z.toJSONSchema(foldsFile)),
  "mapping.schema.json": titled("mapping.json", z.toJSONSchema(mappingSchema)),
  "nephrometry.schema.json": text(z.toJSONSchema(nephrometrySchema)),
  "plan.schema.json": titled("plan.json", z.toJSONSchema(plan, { io: "input" })),
  "prediction.schema.json": titled("prediction.json", z.toJSONSchema(predictionSchema)),
  "results.schema.json": titled("results.json", z.toJSONSchema(results)),
  "rules.schema.json": titled("rules.json", z.toJSONSchema(rulesFile, { io: "input" })),
  "scores.schema.json": titled("scores.json", z.toJSONSchema(overlapResults)),
  "segmentation.schema.json": titled(
    "config.json of a segmentation model",
    z.toJSONSchema(segmentationConfig),
  ),
  "tasks.schema.json": titled("tasks.json", z.toJSONSchema(tasksFileSchema, { io: "input" })),
  "two-stage.schema.json": titled("two-stage.json", z.toJSONSchema(twoStageConfig, { io: "input" })),
};

export const schemaFolder = resolve(import.meta.dirname, "../docs/schema");

if (import.meta.main) {
  for (const [name, schema] of Object.entries(schemas)) await writeWhole(join(schemaFolder, name), schema);
  const strangers = (await readdir(schemaFolder)).filter((name) => !(name in schemas));
  if (strangers.length > 0) console.warn(`no longer made: ${strangers.join(", ")}`);
}
