import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outlineWith } from "../../../../src/learning/segmentation/outline/outlineWith.ts";
import { segmentationFolder } from "../../../../src/learning/segmentation/outline/shipped.ts";
import { dices } from "../../../../src/learning/segmentation/train/meanDice.ts";
import { boundingBox, indexToPoint, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import { maskOf } from "../../../../src/numerics/volume/maskOf.ts";
import { byLabel, phantomMask, phantomModel } from "./phantomModel.ts";

/** LPS mm of the middle of a label. */
function centerOf(mask: Volume<Uint8Array>, label: number): Vec3 {
  const { start, end } = boundingBox(
    maskOf(mask.data, (value) => value === label),
    mask.size,
  )!;
  const middle = (a: number) => (start[a] + end[a] - 1) / 2;
  return indexToPoint(mask, [middle(0), middle(1), middle(2)]);
}

let made: Awaited<ReturnType<typeof phantomModel>>;
beforeAll(async () => {
  made = await phantomModel();
});
afterAll(() => rm(made.folder, { recursive: true, force: true }));

test("a study's kidney and tumour are outlined, with the program's name and how steady it is", async () => {
  const truth = phantomMask(5, 3);
  const steps = new Set<string>();
  const outline = outlineWith(made.model, { threads: 1, progress: (step) => steps.add(step) });
  const found = await outline(byLabel(truth), "nephrographic");
  for (const dice of dices(found.volume.data, truth.data, 2)) expect(dice).toBeGreaterThan(0.8);
  expect(found.source).toBe("outlined by a program");
  const { program, sha256, phase, agreement } = found.outline!;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(program).toBe(`trinephron segmentation model ${sha256.slice(0, 12)}`);
  expect(phase).toBe("nephrographic");
  for (const dice of Object.values(agreement)) {
    expect(dice).toBeGreaterThan(0.85);
    expect(dice).toBeLessThan(1);
  }
  expect(found.remarks[0]).toMatchObject({
    about: "outlined mask",
    text: expect.stringContaining(program),
  });
  expect([...steps]).toEqual(["segmenting (as scanned)", "segmenting (mirrored)"]);
});

test("what it does not find, and what it doubts, is E_MASK, in words and with a way out", async () => {
  const outline = outlineWith(made.model, { threads: 1 });
  const truth = phantomMask(5, 4);
  const only = (labels: (label: number) => number) => ({ ...truth, data: truth.data.map(labels) });
  for (const [mask, words] of [
    [only(() => 0), /^no kidney found, as trinephron segmentation model \w+ outlines the excretory phase/],
    [only((label) => Math.min(label, 1)), /^no tumour found/],
    [only((label) => (label === 1 ? 0 : label)), /without a kidney|no kidney found|very small/],
  ] as const) {
    const refused = outline(byLabel(mask), "excretory");
    await expect(refused).rejects.toMatchObject({
      code: "E_MASK",
      message: expect.stringMatching(words),
      hint: expect.stringMatching(/--point.*--mask/),
    });
  }
});

test("where it is pointed at, the tumour is outlined there, else grown; what is elsewhere is none", async () => {
  const outline = outlineWith(made.model, { threads: 1 });
  const truth = phantomMask(5, 3);
  const image = byLabel(truth);
  const center = centerOf(truth, 2);
  const shared = (found: Uint8Array) => dices(found, truth.data, 2)[1]!;

  const clicked = await outline(image, "nephrographic", { point: center });
  expect(shared(clicked.volume.data)).toBeGreaterThan(0.8);
  expect(clicked.source).toBe("outlined by a program");
  expect(clicked.remarks[0].text).toMatch(/likewise where it was pointed at/);

  // Enhanced like the kidney, the program does not see it.
  const alike = byLabel({ ...truth, data: truth.data.map((label) => Math.min(label, 1)) });
  const bright = { ...alike, data: alike.data.map((hu, v) => (truth.data[v] === 2 ? hu - 60 : hu)) };
  await expect(outline(bright, "nephrographic")).rejects.toMatchObject({ code: "E_MASK" });
  const grown = await outline(bright, "nephrographic", { point: center });
  expect(shared(grown.volume.data)).toBeGreaterThan(0.6);
  expect(grown.remarks[0].text).toMatch(/grown from a point, for the program outlines none there/);
});

test("the model named, else the one that comes with the package where one does", async () => {
  expect(await segmentationFolder(made.model)).toBe(made.model);
  const none = join(made.folder, "none");
  await expect(segmentationFolder(none)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  expect(await segmentationFolder(undefined, none)).toBeUndefined();
  expect(await segmentationFolder("none", made.model)).toBeUndefined();
  expect(await segmentationFolder(undefined, made.model)).toBe(made.model);
});
