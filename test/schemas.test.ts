import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { schemaFolder, schemas } from "../scripts/schemas.ts";

test("docs/schema holds these schemas and no others", () => {
  expect(readdirSync(schemaFolder).sort()).toEqual(Object.keys(schemas).sort());
});

test.each(Object.entries(schemas))(
  "docs/schema/%s is current (npm run schemas renews it)",
  (name, schema) => {
    expect(readFileSync(join(schemaFolder, name), "utf8")).toBe(schema);
  },
);
