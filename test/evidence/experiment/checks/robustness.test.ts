import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import {
  perturb,
  perturbationApplies,
  robustnessRows,
} from "../../../../src/evidence/experiment/checks/robustness.ts";
import type { Perturbation } from "../../../../src/evidence/experiment/plan.ts";
import type { Crop, CropSettings } from "../../../../src/learning/crop/cropInput.ts";
import { studyTasks } from "../../../../src/patients/cohort/tasks.ts";
import { drawnCrop, settings as of8 } from "../../../learning/train/crops.ts";
import { hasPython, python } from "../../../numerics/volume/python.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

const n = of8.voxels;
const size = n ** 3;
const crop = drawnCrop(3);
const changed = (p: Perturbation, of: Crop = crop, settings: CropSettings = of8, seed = 1) =>
  perturb(of, settings, p, seed);
const phase = (of: Crop, p: number) => of.hu.subarray(p * size, (p + 1) * size);
const mask = (of: Crop, m: number) => of.mask.subarray(m * size, (m + 1) * size);

const all: Perturbation[] = [
  { kind: "noise", sigmaHu: 20 },
  { kind: "smooth", fwhmMm: 30 },
  { kind: "sharpen", fwhmMm: 30, amount: 1 },
  { kind: "dilate", voxels: 1 },
  { kind: "erode", voxels: 1 },
  { kind: "shift", voxels: [1, 0, -2] },
  { kind: "swap", phases: ["corticomedullary", "excretory"] },
  { kind: "drop", phase: "nephrographic" },
];

test.each(all)("$kind: changes something, leaves the crop it was given, gives the same again", (p) => {
  const before = structuredClone(crop);
  const after = changed(p);
  expect(crop).toEqual(before);
  expect(after).not.toEqual(before);
  expect(changed(p)).toEqual(after);
  expect([after.case, after.hu.length, after.mask.length]).toEqual([crop.case, 3 * size, 2 * size]);
});

test.each(all)("$kind: a wider cube is changed as a crop of that edge would be", (p) => {
  const wide = { ...of8, contextMm: 2 * of8.fieldOfViewMm };
  const context = { hu: drawnCrop(9).hu, mask: drawnCrop(9).mask };
  const after = changed(p, { ...crop, context }, wide);
  const { hu, mask: moved } = changed(p);
  expect({ hu: after.hu, mask: after.mask }).toEqual({ hu, mask: moved });
  // Half a voxel is a whole one; noise goes on where it was.
  const alone: Perturbation = p.kind === "shift" ? { ...p, voxels: [1, 0, -1] } : p;
  if (p.kind === "noise") expect(after.context!.hu).not.toEqual(context.hu);
  else
    expect(after.context).toEqual(
      (({ hu, mask }) => ({ hu, mask }))(
        changed(alone, { ...crop, ...context }, { ...of8, fieldOfViewMm: wide.contextMm }),
      ),
    );
});

test("noise has its deviation, another for every case and seed, and leaves masks alone", () => {
  const flat = { ...crop, hu: new Int16Array(3 * size) };
  const noisy = changed({ kind: "noise", sigmaHu: 20 }, flat);
  const variance = noisy.hu.reduce((sum, hu) => sum + hu * hu, 0) / noisy.hu.length;
  // 1536 draws: the standard error of the deviation is 20 / √3072 = 0.36.
  expect(Math.abs(Math.sqrt(variance) - 20)).toBeLessThan(1.5);
  expect(noisy.mask).toEqual(crop.mask);
  expect(changed({ kind: "noise", sigmaHu: 20 }, { ...flat, case: "other" }).hu).not.toEqual(noisy.hu);
  expect(changed({ kind: "noise", sigmaHu: 20 }, flat, of8, 2).hu).not.toEqual(noisy.hu);
});

describe.skipIf(!hasPython("scipy.ndimage", "numpy"))("beside scipy.ndimage", () => {
  const script = `
import json, sys, numpy as np
from scipy.ndimage import gaussian_filter, grey_dilation, grey_erosion, generate_binary_structure, shift
q = json.load(sys.stdin)
cube = lambda a, t=float: np.array(a, t).reshape(8, 8, 8)
cross = generate_binary_structure(3, 1)
sigma = q["sigma"]
soft = gaussian_filter(cube(q["hu"]), sigma, mode="nearest", radius=int(np.ceil(3 * sigma)))
tumor = cube(q["tumor"], int)
print(json.dumps({
  "soft": soft.ravel().tolist(),
  "dilated": grey_dilation(grey_dilation(tumor, footprint=cross, mode="constant", cval=0), footprint=cross, mode="constant", cval=0).ravel().tolist(),
  "eroded": grey_erosion(tumor, footprint=cross, mode="constant", cval=255).ravel().tolist(),
  "shifted": shift(tumor, (-2, 0, 1), order=0, mode="constant", cval=0).ravel().tolist(),
}))`;
  const fwhmMm = 25;
  const peer = () =>
    python<Record<"soft" | "dilated" | "eroded" | "shifted", number[]>>(script, {
      hu: [...phase(crop, 1)],
      tumor: [...mask(crop, 1)],
      // Voxels of 10 mm.
      sigma: fwhmMm / 2.3548200450309493 / 10,
    });

  test("smoothing, sharpening, dilation, erosion and shift", () => {
    const { soft, dilated, eroded, shifted } = peer();
    const within = (found: Int16Array, expected: (v: number) => number) =>
      found.forEach((hu, v) => expect(Math.abs(hu - expected(v))).toBeLessThanOrEqual(0.51));
    within(phase(changed({ kind: "smooth", fwhmMm }), 1), (v) => soft[v]);
    const before = phase(crop, 1);
    within(phase(changed({ kind: "sharpen", fwhmMm, amount: 2 }), 1), (v) => 3 * before[v] - 2 * soft[v]);
    expect([...mask(changed({ kind: "dilate", voxels: 2 }), 1)]).toEqual(dilated);
    expect([...mask(changed({ kind: "erode", voxels: 1 }), 1)]).toEqual(eroded);
    expect([...mask(changed({ kind: "shift", voxels: [1, 0, -2] }), 1)]).toEqual(shifted);
  });
});

test("the kidney gains what the tumour gains and loses nothing with it", () => {
  const grown = changed({ kind: "dilate", voxels: 1 });
  mask(grown, 0).forEach((kidney, v) => expect(kidney).toBe(Math.max(mask(crop, 0)[v], mask(grown, 1)[v])));
  expect(mask(changed({ kind: "erode", voxels: 1 }), 0)).toEqual(mask(crop, 0));
});

test("a swap moves images with their presence, twice is none", () => {
  const partial = drawnCrop(4, [true, true, false]);
  const p: Perturbation = { kind: "swap", phases: ["corticomedullary", "excretory"] };
  const swapped = changed(p, partial);
  expect(swapped.present).toEqual([false, true, true]);
  expect(phase(swapped, 2)).toEqual(phase(partial, 0));
  expect(changed(p, swapped)).toEqual(partial);
});

test("a dropped phase is absent and empty; the only one stays", () => {
  const dropped = changed({ kind: "drop", phase: "nephrographic" });
  expect(dropped.present).toEqual([true, false, true]);
  expect(phase(dropped, 1).every((hu) => hu === 0)).toBe(true);
  const single = drawnCrop(5, [false, true, false]);
  expect(changed({ kind: "drop", phase: "nephrographic" }, single)).toEqual(single);
});

test("applies to crops that have what it changes", () => {
  const one: CropSettings = { ...of8, phases: ["excretory"] };
  const bare: CropSettings = { ...of8, maskChannels: false };
  expect(all.filter((p) => !perturbationApplies(p, of8))).toEqual([]);
  expect(all.filter((p) => !perturbationApplies(p, one)).map((p) => p.kind)).toEqual(["swap", "drop"]);
  const masks = ["dilate", "erode", "shift"];
  expect(all.filter((p) => !perturbationApplies(p, bare)).map((p) => p.kind)).toEqual(masks);
});

test("rows: no change has no difference, a turned model the whole of it, both on the same cases", () => {
  const draw = random(8);
  const cases = Array.from({ length: 40 }, (_, i) =>
    caseOf(`c${i}`, {
      histology: i % 2 ? "clear_cell" : "papillary",
      stage: i % 3 ? "I" : "III",
      complexity: i % 4 ? "low" : "high",
    }),
  );
  const logits = (f: (i: number) => number) =>
    new Map(cases.map((c, i) => [c.case, { histology: f(i), stage: f(i), complexity: f(i) }]));
  const noise = cases.map(() => draw.normal());
  const plain = logits((i) => (i % 2) + noise[i]);
  const turned = logits((i) => -(i % 2) - noise[i]);
  const options = { seed: 3, replicates: 500 };
  const named = [
    { name: "none", logits: plain },
    { name: "turned", logits: turned },
  ];
  const [same, other] = robustnessRows(cases, studyTasks, plain, named, options);
  expect(same).toMatchObject({ task: "histology", n: 40, positives: 20, difference: 0, ci: [0, 0], p: 1 });
  expect(other.value).toBeCloseTo(1 - other.plain, 12);
  expect(other.difference).toBeCloseTo(1 - 2 * other.plain, 12);
  expect(other.ci[0]).toBeLessThan(other.difference);
  expect(other.ci[1]).toBeGreaterThan(other.difference);
});
