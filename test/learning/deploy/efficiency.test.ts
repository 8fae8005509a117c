import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { measureEfficiency } from "../../../src/learning/deploy/efficiency.ts";
import { deploy } from "../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import { type ModelFolder, writeModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import type { TrainSettings } from "../../../src/learning/trained/settings.ts";
import { parametersIn } from "../../../src/numerics/graph/index.ts";
import { tinyData, tinySettings } from "../train/tinyRun.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-efficiency-"));
afterAll(() => rm(folder, { recursive: true }));

async function model(
  name: string,
  tasks: TrainSettings["tasks"],
  seconds: readonly number[],
): Promise<ModelFolder> {
  const settings = tinySettings({ tasks });
  const { layout, vectors, close } = await openLearner(settings);
  const data = tinyData();
  const logits = new Float32Array(data.validation.length * tasks.length);
  const { config, onnx } = deploy(
    { weights: parametersIn(vectors.theta, layout), logits, validationAuc: {}, bestEpoch: 1 },
    {
      ...data,
      classWeights: data.classWeights.slice(0, tasks.length),
      labels: data.labels.map((l) => l.slice(0, tasks.length)),
    },
    settings,
  );
  await close();
  const own = { folder: join(folder, name), config, onnx };
  await writeModelFolder(own);
  await writeFile(join(own.folder, "history.json"), JSON.stringify(seconds.map((s) => ({ seconds: s }))));
  return own;
}

test("counts both sides alike: parameters, bytes and seconds of the single-task models together", async () => {
  const mtdl = await model("mtdl", ["histology", "stage"], [1, 2, 3]);
  const stdl = [await model("one", ["histology"], [4]), await model("two", ["stage"], [5, 6])];
  // A process begins with the maximum of the one that began it, which must not count.
  const held = new Uint8Array(300e6).fill(1);
  const { rows, counted } = await measureEfficiency(mtdl, stdl, { threads: 1 });
  const bytes = async (models: readonly ModelFolder[]) =>
    (await Promise.all(models.map((m) => stat(join(m.folder, "model.onnx"))))).reduce(
      (n, { size }) => n + size,
      0,
    );
  expect(rows).toEqual([
    {
      model: "mtdl",
      parameters: mtdl.config.parameters,
      fileBytes: await bytes([mtdl]),
      inferenceMsPerCase: expect.any(Number),
      peakMemoryBytes: expect.any(Number),
      trainingSeconds: 6,
    },
    {
      model: "stdl",
      parameters: stdl[0].config.parameters + stdl[1].config.parameters,
      fileBytes: await bytes(stdl),
      inferenceMsPerCase: expect.any(Number),
      peakMemoryBytes: expect.any(Number),
      trainingSeconds: 15,
    },
  ]);
  for (const { inferenceMsPerCase, peakMemoryBytes } of rows) {
    expect(inferenceMsPerCase).toBeGreaterThan(0);
    expect(peakMemoryBytes).toBeGreaterThan(0);
    expect(peakMemoryBytes).toBeLessThan(held.length / 2);
  }
  expect(counted).toContain("2 single-task models together");

  await writeFile(join(stdl[1].folder, "model.onnx"), "no model");
  await expect(measureEfficiency(mtdl, stdl, { threads: 1 })).rejects.toMatchObject({ code: "E_RUNTIME" });
});
