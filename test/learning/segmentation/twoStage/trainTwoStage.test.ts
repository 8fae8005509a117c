import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trainTwoStage } from "../../../../src/learning/segmentation/twoStage/trainTwoStage.ts";
import { parseTwoStageTraining } from "../../../../src/learning/segmentation/twoStage/twoStageTraining.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "two-stage-"));
});
afterAll(() => rm(out, { recursive: true, force: true }));

const tiny = {
  ...{ scans: 3, patch: [8, 8, 8], backbone: { width: 4, stages: 2 }, threads: 1 },
  ...{ stepsPerEpoch: 2, epochs: 2, validationFraction: 0.4 },
};
const training = parseTwoStageTraining({
  coarse: { ...tiny, spacing: [16, 16, 16], drawn: { finer: 1 } },
  fine: { ...tiny, spacing: [8, 8, 8], drawn: { extent: [64, 64, 64] } },
});
const cacheFolder = () => join(out, "cache");

/** Trains until a step of one of the networks begins, and is stopped there. */
async function stoppedAt(folder: string, name: string, at: number): Promise<void> {
  const stop = new AbortController();
  const run = trainTwoStage(training, {
    ...{ folder, cacheFolder: cacheFolder(), signal: stop.signal },
    progress: (step, done) => {
      if (step === `training (${name})` && done === at) stop.abort();
    },
  });
  await expect(run).rejects.toMatchObject({ code: "E_INTERRUPTED" });
}

test("stopped in either network, it goes on to the same bits", async () => {
  const [whole, parts] = [join(out, "whole"), join(out, "parts")];
  await trainTwoStage(training, { folder: whole, cacheFolder: cacheFolder() });
  await stoppedAt(parts, "coarse", 3);
  await stoppedAt(parts, "fine", 3);
  await trainTwoStage(training, { folder: parts, cacheFolder: cacheFolder() });
  for (const file of ["coarse/segmentation.onnx", "fine/segmentation.onnx", "two-stage.json"])
    expect(await readFile(join(parts, file))).toEqual(await readFile(join(whole, file)));
});
