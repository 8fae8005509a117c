import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outlineWith } from "../../../../src/learning/segmentation/outline/outlineWith.ts";
import { segmentationFolder } from "../../../../src/learning/segmentation/outline/shipped.ts";
import { dices } from "../../../../src/learning/segmentation/train/meanDice.ts";
import { byLabel, phantomMask, phantomModel } from "./phantomModel.ts";

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

test("the model named, else the one that comes with the package where one does", async () => {
  expect(await segmentationFolder(made.model)).toBe(made.model);
  const none = join(made.folder, "none");
  await expect(segmentationFolder(none)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  expect(await segmentationFolder(undefined, none)).toBeUndefined();
  expect(await segmentationFolder(undefined, made.model)).toBe(made.model);
});
