import { fileURLToPath } from "node:url";
import { z } from "zod";
import { writeWhole } from "../files.ts";
import { predictionSchema } from "./prediction.ts";

/** Text of the JSON Schema (2020-12) of `prediction.json`. `node src/predict/schema.ts` writes it to docs/schema/. */
export const predictionJsonSchema = (): string =>
  `${JSON.stringify({ title: "trinephron prediction.json", ...z.toJSONSchema(predictionSchema) }, null, 2)}\n`;

if (import.meta.main)
  await writeWhole(
    fileURLToPath(new URL("../../docs/schema/prediction.schema.json", import.meta.url)),
    predictionJsonSchema(),
  );
