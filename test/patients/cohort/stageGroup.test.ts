import { expect, test } from "vitest";
import { stageGroup } from "../../../src/patients/cohort/stageGroup.ts";

// AJCC Cancer Staging Manual, 8th edition, kidney: prognostic stage groups.
test.each([
  ["1a", "0", "0", "I"],
  ["1b", "0", "0", "I"],
  ["2a", "0", "0", "II"],
  ["2b", "0", "0", "II"],
  ["3", "0", "0", "III"],
  ["3a", "1", "0", "III"],
  ["1a", "1", "0", "III"],
  ["2", "1", "0", "III"],
  ["4", "0", "0", "IV"],
  ["4", "1", "0", "IV"],
  ["1a", "0", "1", "IV"],
  ["3", "1", "1", "IV"],
] as const)("T%s N%s M%s is %s", (t, n, m, group) => {
  expect(stageGroup(t, n, m)).toBe(group);
});

test.each([
  ["not assessed counts as 0", "1a", "x", "x", "I"],
  ["na and empty too", "2a", "na", undefined, "II"],
  ["X in capitals, prefixes", "pT3b", "pNX", "cM0", "III"],
  ["M1 decides without T", undefined, "x", "1", "IV"],
  ["no T", undefined, "0", "0", undefined],
  ["T not assessed", "x", "0", "0", undefined],
  ["T na", "na", "na", "na", undefined],
  ["T0 has no group", "0", "1", "0", undefined],
  ["Ta of urothelial tumours", "a", "0", "0", undefined],
] as const)("%s", (_, t, n, m, group) => {
  expect(stageGroup(t, n, m)).toBe(group);
});
