import { fileURLToPath } from "node:url";
import { z } from "zod";
import { writeWhole } from "../files.ts";
import { results } from "./results.ts";

/** Text of the JSON Schema (2020-12) of `results.json`. `node src/validate/schema.ts` writes it to docs/schema/. */
export const resultsSchema = (): string =>
  `${JSON.stringify({ title: "trinephron results.json", ...z.toJSONSchema(results) }, null, 2)}\n`;

if (import.meta.main)
  await writeWhole(
    fileURLToPath(new URL("../../docs/schema/results.schema.json", import.meta.url)),
    resultsSchema(),
  );
