import { expect, test } from "vitest";
import { z } from "zod";
import { parseSettings } from "../../src/base/parseSettings.ts";

const schema = z.strictObject({ crop: z.strictObject({ voxels: z.int().min(1).default(48) }).prefault({}) });
const parse = (input: unknown) => parseSettings(schema, input, "settings of fast.json", "docs/training.md");

test("defaults are filled in; the first that does not fit is named, with where it lies and where it is told of", () => {
  expect(parse({})).toEqual({ crop: { voxels: 48 } });
  expect(() => parse({ crop: { voxels: 0 } })).toThrow(
    expect.objectContaining({
      code: "E_USAGE",
      message: expect.stringMatching(/^settings of fast\.json: crop: voxels: /),
      hint: "see docs/training.md",
    }),
  );
});
