import { fileURLToPath } from "node:url";
import { z } from "zod";
import { writeWhole } from "../../files.ts";
import { mappingSchema } from "./mapping.ts";

/** Text of the JSON Schema (2020-12) of `mapping.json`. `node src/study/import/schema.ts` writes it to docs/schema/. */
export const mappingJsonSchema = (): string =>
  `${JSON.stringify({ title: "trinephron mapping.json", ...z.toJSONSchema(mappingSchema) }, null, 2)}\n`;

if (import.meta.main)
  await writeWhole(
    fileURLToPath(new URL("../../../docs/schema/mapping.schema.json", import.meta.url)),
    mappingJsonSchema(),
  );
