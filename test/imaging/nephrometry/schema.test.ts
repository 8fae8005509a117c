import { expect, test } from "vitest";
import { readTumors, refined, uncertainty } from "../../../src/imaging/nephrometry/index.ts";
import { tumorJson } from "../../../src/imaging/nephrometry/json.ts";
import { nephrometrySchema } from "../../../src/imaging/nephrometry/schema.ts";
import { phantom } from "./phantom.ts";

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
