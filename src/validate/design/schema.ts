import { fileURLToPath } from "node:url";
import { z } from "zod";
import { writeWhole } from "../../files.ts";
import { plan } from "./plan.ts";
import { studyResults } from "./studyResults.ts";

const text = (title: string, schema: object): string => `${JSON.stringify({ title, ...schema }, null, 2)}\n`;

/** JSON Schemas (2020-12) by file name; `node src/validate/design/schema.ts` writes them to docs/schema/. */
export const designSchemas = (): Readonly<Record<string, string>> => ({
  "study.schema.json": text("trinephron study.json", z.toJSONSchema(studyResults)),
  "plan.schema.json": text("trinephron plan.json", z.toJSONSchema(plan, { io: "input" })),
});

if (import.meta.main)
  for (const [name, schema] of Object.entries(designSchemas()))
    await writeWhole(fileURLToPath(new URL(`../../../docs/schema/${name}`, import.meta.url)), schema);
