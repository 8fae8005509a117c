import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pretrain } from "../../../src/learning/pretrain/pretrain.ts";
import { parsePretrainSettings } from "../../../src/learning/pretrain/pretrainSettings.ts";
import { targetNames } from "../../../src/learning/pretrain/targets.ts";
import { weighted } from "../../../src/learning/train/evaluate.ts";
import { cropExamples } from "../../../src/learning/train/examples.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import { pooledExamples } from "../../../src/learning/train/pooledExamples.ts";
import { type BaseModel, completeSettings, readBaseModel } from "../../../src/learning/trained/baseModel.ts";
import { drawnCrop } from "../train/crops.ts";
import { tinyData } from "../train/tinyRun.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-pretrain-"));
afterAll(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
// Drawing the phantoms takes most of the time: with this seed they are small, and their voxels large. On one thread,
// whose code is compiled once for all of them.
const settings = parsePretrainSettings({
  seed: 341,
  threads: 1,
  rounds: 2,
  phantoms: 3,
  passes: 2,
  validation: 2,
  fieldOfViewMm: 128,
  voxels: 8,
  backbone: { width: 4, stages: 2 },
  embedding: 6,
  batch: 3,
});

let base: BaseModel;
beforeAll(async () => {
  await pretrain(settings, { folder: at("base") });
  base = await readBaseModel(at("base"));
});

describe("a pretraining", () => {
  test("leaves a base model, its card and its log, and no checkpoint", async () => {
    expect((await readdir(at("base"))).sort()).toEqual(["MODEL_CARD.md", "base.bin", "pretraining-log.csv"]);
    expect(base.config).toMatchObject({ samples: 6, passes: 2, validation: 2, seed: 341 });
    expect(base.config.targets.map(({ name }) => name)).toEqual(targetNames);
    expect([...base.weights.keys()].some((name) => name.startsWith("targets."))).toBe(false);
  });

  test("stopped after a round, goes on to the same bits", async () => {
    const stop = new AbortController();
    const stopped = pretrain(settings, {
      folder: at("again"),
      signal: stop.signal,
      progress: (step, done) => step === "pretraining" && done === 3 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect(await readdir(at("again"))).toContain("checkpoint.bin");
    await pretrain(settings, { folder: at("again") });
    const [whole, parts] = await Promise.all(
      ["base", "again"].map((name) => readFile(join(at(name), "base.bin"))),
    );
    expect(parts.equals(whole)).toBe(true);
  });

  test("where a base model is there already, where a checkpoint is of other settings or broken", async () => {
    await expect(pretrain(settings, { folder: at("base") })).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
    await rm(at("again"), { recursive: true });
  });
});

describe("a base model's file", () => {
  test("missing or damaged", async () => {
    await expect(readBaseModel(at("none"))).rejects.toMatchObject({ code: "E_FILE_MISSING" });
    const bytes = await readFile(join(at("base"), "base.bin"));
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(join(folder, "base.bin"), bytes);
    await expect(readBaseModel(folder)).rejects.toMatchObject({ code: "E_MODEL" });
  });
});

const given = { tasks: ["histology", "stage"], center: "A", batch: 4, augmentation: { phaseDropout: 0 } };

describe("settings that start from it", () => {
  test("have its crop and network; others are refused", async () => {
    const own = await completeSettings({ ...given, init: at("base") });
    expect(own).toMatchObject({ features: "learnt", frozenStages: 2, embedding: 6 });
    expect(own.crop).toMatchObject({ center: "tumor", fieldOfViewMm: 128, voxels: 8 });
    expect(own.backbone).toMatchObject({ width: 4, stages: 2 });
    const wrong = { ...given, init: at("base"), crop: { voxels: 16 } };
    await expect(completeSettings(wrong)).rejects.toMatchObject({ code: "E_USAGE" });
    await expect(completeSettings({ ...given, frozenStages: 1 })).rejects.toMatchObject({ code: "E_USAGE" });
    const unmeasurable = { ...given, features: "both", crop: { maskChannels: false } };
    await expect(completeSettings(unmeasurable)).rejects.toMatchObject({ code: "E_USAGE" });
  });
});

describe("what is pooled once", () => {
  test.each([
    { maskChannels: true, features: "learnt" },
    { maskChannels: false, features: "learnt" },
    { maskChannels: false, features: "both" },
  ])("tells a learner the same as the crops do: %j", async ({ maskChannels, features }) => {
    const own = await completeSettings({ ...given, init: at("base"), features, crop: { maskChannels } });
    const data = dataOf(own.crop.voxels);
    const once = await pooledExamples(data, own, base, at("cache"), { threads: 1 });
    const [pooled, whole] = [
      await openLearner(own, base),
      await openLearner({ ...own, frozenStages: 0 }, base),
    ];
    try {
      const learnt = {
        from: [...once.plain(data.validation)],
        whole: [...cropExamples(data, own).plain(data.validation)],
      };
      for (const [b, batch] of learnt.from.entries()) {
        const [a, expected] = [
          await pooled.evaluate(weighted(batch, data)),
          await whole.evaluate(weighted(learnt.whole[b], data)),
        ];
        a.features.forEach((x, i) => expect(x).toBeCloseTo(expected.features[i], 3));
      }
      const { layout, vectors } = pooled;
      const before = vectors.theta.slice();
      await pooled.step(weighted(learnt.from[0], data), 0.01, [1, 0]);
      const moved = layout.parameters.filter(({ name, shape }) => {
        const start = layout.offsets.get(name)!;
        const end = start + shape.reduce((x, y) => x * y, 1);
        return vectors.theta.subarray(start, end).some((x, i) => x !== before[start + i]);
      });
      const names = moved.map(({ name }) => name);
      expect(names).toContain("tower.stage.logit.weight");
      expect(names.filter((name) => /^(embedding|deep)/.test(name))).toEqual([]);
    } finally {
      await Promise.all([pooled.close(), whole.close()]);
    }
  });
});

test("stages that stay as they are keep their weights, the others move", async () => {
  const own = await completeSettings({ ...given, init: at("base"), frozenStages: 1 });
  const data = dataOf(own.crop.voxels);
  const learner = await openLearner(own, base);
  try {
    const before = learner.vectors.theta.slice();
    const [batch] = [...cropExamples(data, own).plain(data.train)];
    await learner.step(weighted(batch, data), 0.01, [1, 0]);
    for (const { name } of learner.layout.parameters.filter((p) => /^(backbone|outlines)/.test(p.name))) {
      const start = learner.layout.offsets.get(name)!;
      const same = learner.vectors.theta[start] === before[start];
      expect(same, name).toBe(/stem|stage1|outlines/.test(name) && !name.startsWith("backbone.stage2"));
    }
  } finally {
    await learner.close();
  }
});

/** The data of a tiny run in the base model's three phases. */
function dataOf(voxels: number) {
  const data = tinyData(18);
  const size = voxels ** 3;
  const cube = (seed: number) => {
    const drawn = drawnCrop(seed);
    const times = (a: Int16Array | Uint8Array, n: number) =>
      Array.from({ length: n }, (_, v) => a[v % a.length]);
    return {
      hu: Int16Array.from(times(drawn.hu, 3 * size)),
      mask: Uint8Array.from(times(drawn.mask, 2 * size)),
    };
  };
  const crops = data.crops.map((_, i) => ({
    ...drawnCrop(i),
    present: [true, true, true],
    ...cube(i),
    context: cube(100 + i),
  }));
  return { ...data, crops };
}
