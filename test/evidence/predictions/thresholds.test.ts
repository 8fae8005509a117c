import { expect, test } from "vitest";
import { parseThresholds, thresholdOf } from "../../../src/evidence/predictions/thresholds.ts";
import { codeOf } from "../../numerics/stats/close.ts";

const chosen = "Youden, validation cases of A";
const given = { stage: { mtdl: { threshold: 0.3, chosen } } };

test("thresholds survive JSON, and each is found by task and model", () => {
  const read = parseThresholds(JSON.stringify(given), "thresholds.json");
  expect(read).toEqual(given);
  expect(thresholdOf(read, "stage", "mtdl")).toEqual({ threshold: 0.3, chosen });
});

test("one that is not fixed is refused, never made up", () => {
  expect(codeOf(() => thresholdOf(given, "stage", "stdl"))).toBe("E_FORMAT");
  expect(codeOf(() => thresholdOf(given, "histology", "mtdl"))).toBe("E_FORMAT");
});

test.each([["{"], ['{"grade": {}}'], ['{"stage": {"mtdl": {"threshold": "0.5", "chosen": ""}}}'], ["[]"]])(
  "%s is no thresholds file",
  (text) => {
    expect(codeOf(() => parseThresholds(text, "thresholds.json"))).toBe("E_FORMAT");
  },
);
