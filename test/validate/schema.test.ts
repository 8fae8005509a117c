import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resultsSchema } from "../../src/validate/schema.ts";

test("docs/schema/results.schema.json is current (`node src/validate/schema.ts` renews it)", () => {
  const committed = readFileSync(new URL("../../docs/schema/results.schema.json", import.meta.url), "utf8");
  expect(committed).toBe(resultsSchema());
});
