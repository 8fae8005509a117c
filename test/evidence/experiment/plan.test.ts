import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  parsePlan,
  planFor,
  planWithBase,
  settingsOf,
  usualPlan,
} from "../../../src/evidence/experiment/plan.ts";

const parse = (more: object) =>
  parsePlan(JSON.stringify({ format: "trinephron-plan/1", ...more }), "plan.json");
const refused = (more: object) => {
  try {
    parse(more);
  } catch (error) {
    return String(error);
  }
  return "taken";
};

test("the plan of the KiTS23 page fits", () => {
  const path = new URL("../../../docs/experiments/kits23-plan.json", import.meta.url);
  const { seeds, ablations } = parsePlan(readFileSync(path, "utf8"), "kits23-plan.json");
  expect(seeds?.seeds.length).toBe(5);
  expect(ablations?.variants[0].settings).toEqual({});
});

test("the plan of the learning curves fits", () => {
  const path = new URL("../../../docs/experiments/learning-curves-plan.json", import.meta.url);
  const { sizes, labeled, settings } = parsePlan(readFileSync(path, "utf8"), "learning-curves-plan.json");
  expect(sizes).toMatchObject({ models: ["mtdl", "stdl", "size"], steps: "same" });
  expect(labeled?.task).toBe("stage");
  expect(settings).toEqual({ init: "base" });
});

test.each([
  ["lidc-nodules", { masks: "tumor", phases: ["ct"] }],
  ["adrenalmnist3d", { masks: "none", phases: ["image"], intensities: [0, 255] }],
] as const)("the plan of the page %s fits, and says what its cohort would decide", (page, cohort) => {
  const path = new URL(`../../../docs/studies/${page}-plan.json`, import.meta.url);
  const own = parsePlan(readFileSync(path, "utf8"), page);
  const settings = (plan: typeof own) => settingsOf(plan, {}, ["one"], 1);
  const { phases, ...crop } = settings(planFor(own, cohort)).crop;
  expect(phases).toEqual(cohort.phases);
  const { phases: _, ...written } = settings(own).crop;
  expect(crop).toEqual(written);
});

test("an item that is not named is not done; without a plan there is one", () => {
  expect(parse({ seeds: { seeds: [3] } })).toMatchObject({ development: "A", seed: 1, settings: {} });
  expect(parse({}).seeds).toBeUndefined();
  expect(usualPlan()).toMatchObject({ crossValidation: { folds: 5 }, seeds: { seeds: [1, 2, 3] } });
});

test("a variant's settings lie over the plan's, nested ones each by itself, lists as a whole", () => {
  const plan = parse({
    settings: { epochs: 7, crop: { voxels: 32, phases: ["excretory", "nephrographic"] } },
  });
  const settings = settingsOf(plan, { crop: { phases: ["excretory"] } }, ["stage"], 4);
  expect(settings).toMatchObject({ epochs: 7, seed: 4, center: "A", tasks: ["stage"] });
  expect(settings.crop).toMatchObject({ voxels: 32, phases: ["excretory"] });
});

test("refuses what cannot be run, and says where", () => {
  const variants = (second: object) => ({ ablations: { variants: [{ name: "all" }, second] } });
  expect(refused(variants({ name: "x", settings: { crop: { voxels: 31 } } }))).toMatch(/plan\.json: x: crop/);
  expect(refused(variants({ name: "x", settings: { nothing: 1 } }))).toMatch(/x: .*nothing/);
  expect(refused(variants({ name: "all" }))).toMatch(/name stands twice/);
  expect(refused({ settings: { seed: 2 } })).toMatch(/the plan's own/);
  expect(refused({ subgroups: {} })).toMatch(/seeds/);
  expect(refused({ seeds: { seeds: [1], models: ["stdl"] }, failures: {} })).toMatch(/seeds/);
  expect(refused({ seeds: { seeds: [1, 1] } })).toMatch(/twice/);
  expect(refused({ sizes: { cases: [50], seeds: [1] } })).toMatch(/sizes.*seeds/);
  expect(refused({ sizes: { cases: [50, 50], seeds: [1, 2] } })).toMatch(/twice/);
  expect(refused({ labeled: { task: "stage", shares: [0], seeds: [1, 2] } })).toMatch(/shares/);
  const swap = { kind: "swap", phases: ["excretory", "excretory"] };
  expect(refused({ seeds: { seeds: [1] }, robustness: { perturbations: [swap] } })).toMatch(/twice/);
});

test.each(["base-plan", "base-plan-without-masks", "fifty-plan", "fifty-plan-without-base"])(
  "the plan %s fits, with the base model's crop and network",
  async (name) => {
    const path = new URL(`../../../docs/experiments/${name}.json`, import.meta.url);
    const whole = await planWithBase(parsePlan(readFileSync(path, "utf8"), name));
    const { crop, init, features, backbone } = settingsOf(whole, {}, ["stage"], 1);
    const random = name === "fifty-plan-without-base";
    const edges = [crop.fieldOfViewMm, crop.contextMm];
    expect(edges).toEqual(random ? [112, undefined] : [80, 176]);
    expect([crop.center, crop.voxels, features]).toEqual(["tumor", 32, "learnt"]);
    expect([init, backbone.width]).toEqual(random ? ["none", 8] : ["base", 16]);
  },
);
