import { expect, test } from "vitest";
import { trainSettings } from "../../../src/learning/trained/settings.ts";

const needed = { tasks: ["stage"], center: "A" };
const issue = (more: object) => {
  const { error } = trainSettings.safeParse({ ...needed, ...more });
  return error && [error.issues[0].path.join("."), error.issues[0].message].join(": ");
};

test("defaults fit each other, and settings read back are the same", () => {
  const settings = trainSettings.parse(needed);
  expect(trainSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
});

test.each([
  ["no task", { tasks: [] }, /^tasks/],
  ["no task's name", { tasks: ["Grade 3"] }, /^tasks\.0/],
  ["a task twice", { tasks: ["stage", "stage"] }, /^tasks: one stands twice/],
  ["a phase twice", { crop: { phases: ["excretory", "excretory"] } }, /^crop\.phases: one stands twice/],
  ["a window upside down", { crop: { window: [350, -150] } }, /^crop\.window: the lower end first/],
  ["a window beyond 16 bits", { crop: { window: [-1e6, 350] } }, /^crop\.window\.0/],
  ["a crop the stages do not divide", { crop: { voxels: 50 } }, /^crop\.voxels: not a multiple/],
  ["what is measured, without masks", { crop: { maskChannels: false } }, /^features: what is measured needs/],
  ["a misspelt name", { learningrate: 1 }, /learningrate/],
  ["a fraction of one", { validationFraction: 1 }, /^validationFraction/],
  ["no number", { learningRate: Number.NaN }, /^learningRate/],
  ["no expert that tasks share", { ple: { sharedExperts: 0 } }, /^ple\.sharedExperts/],
  ["half a batch", { batch: 0.5 }, /^batch/],
])("%s is refused by name", (_, more, says) => {
  expect(issue(more)).toMatch(says);
});
