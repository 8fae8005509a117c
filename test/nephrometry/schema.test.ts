import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  nephrometryJsonSchema,
  nephrometrySchema,
  readTumors,
  refined,
  tumorJson,
  uncertainty,
} from "../../src/nephrometry/index.ts";
import { phantom } from "./phantom.ts";

test("docs/schema/nephrometry.schema.json is current (`node src/nephrometry/schema.ts` renews it)", () => {
  const committed = readFileSync(
    new URL("../../docs/schema/nephrometry.schema.json", import.meta.url),
    "utf8",
  );
  expect(committed).toBe(nephrometryJsonSchema());
});

test("what is written is what it describes, with and without a sinus", () => {
  const mask = phantom({ spacing: [2, 2, 2], tumors: [{ center: [-75, 0, 6], radius: 8 }] });
  const [reading] = readTumors(mask, refined);
  const written = JSON.parse(
    JSON.stringify({ tumors: [tumorJson(reading.scores, uncertainty(reading, refined))] }),
  );
  expect(nephrometrySchema.parse(written)).toEqual(written);
  const ct = { ...mask, data: new Int16Array(mask.data.length) };
  const [blind] = readTumors(mask, refined, { ct });
  const { tumors } = nephrometrySchema.parse({ tumors: [tumorJson(blind.scores)] });
  expect(tumors[0].renal.N.mm).toBeNull();
});
