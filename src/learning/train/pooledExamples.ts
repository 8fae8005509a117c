import { createHash } from "node:crypto";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { derivedSeed, random } from "../../base/random.ts";
import type { Work } from "../../base/work.ts";
import { encodeOnnx, openModel } from "../../numerics/graph/index.ts";
import { readArrayFile, writeArrayFile } from "../crop/arrayFile.ts";
import { channels, cropInput, cubesOf } from "../crop/cropInput.ts";
import { poolingModel } from "../model/model.ts";
import { pooledFeatures } from "../model/network.ts";
import type { BaseModel } from "../trained/baseModel.ts";
import { networkConfig } from "../trained/networkConfig.ts";
import type { TrainSettings } from "../trained/settings.ts";
import { augment } from "./batches/augment.ts";
import { type BatchData, labelsOf } from "./batches/batches.ts";
import { epochBatches } from "./batches/sampler.ts";
import type { DevelopmentData } from "./development.ts";
import type { Examples } from "./examples.ts";

/** What is pooled of every case as it is, and of augmented copies of it. */
interface Pooled {
  /** P of {@link pooledFeatures}. */
  readonly length: number;
  /** `[cases][P]` */
  readonly plain: Float32Array;
  /** `[cases][copies][P]` */
  readonly augmented: Float32Array;
}

/** Augmented copies of a case; each epoch draws one of them. */
const copies = 8;

/**
 * What a backbone that stays as it is pools of the cases: computed once, so that an epoch takes no convolution. Kept in
 * the cache under a hash of all that it follows from.
 */
export async function pooledExamples(
  data: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel,
  cacheFolder: string,
  work: Work,
): Promise<Examples> {
  const pooled = await cachedPooled(data, settings, base, cacheFolder, work);
  return {
    async *training(firstEpoch) {
      for (let epoch = firstEpoch; epoch <= settings.epochs; epoch++)
        for (const [index, cases] of epochBatches(data.train, data.labels, settings, epoch).entries())
          yield { epoch, index, ...batchOf(pooled, data, cases, drawnCopies(settings, epoch, index)) };
    },
    *plain(cases) {
      for (let start = 0; start < cases.length; start += settings.batch) {
        const own = cases.slice(start, start + settings.batch);
        const filled = Array.from({ length: settings.batch }, (_, i) => own[Math.min(i, own.length - 1)]);
        const { labels, labelMask, input } = batchOf(pooled, data, filled);
        labelMask.fill(0, own.length * (labelMask.length / settings.batch));
        yield { input, labels, labelMask, count: own.length };
      }
    },
  };
}

function batchOf(
  { length, plain, augmented }: Pooled,
  data: BatchData,
  cases: readonly number[],
  copy?: () => number,
) {
  const input = new Float32Array(cases.length * length);
  cases.forEach((c, i) => {
    const [rows, row] = copy ? [augmented, c * copies + copy()] : [plain, c];
    input.set(rows.subarray(row * length, (row + 1) * length), i * length);
  });
  return { input, ...labelsOf(data, cases) };
}

function drawnCopies({ seed }: TrainSettings, epoch: number, index: number): () => number {
  const r = random(derivedSeed(seed, "copies", epoch, index));
  return () => r.integer(copies);
}

const magic = "trinephron-pooled/1";

async function cachedPooled(
  data: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel,
  cacheFolder: string,
  work: Work,
): Promise<Pooled> {
  const path = join(cacheFolder, `${keyOf(data, settings, base)}.pooled`);
  const length = pooledFeatures(networkConfig(settings));
  const file = await readArrayFile(path, magic);
  if (typeof file !== "string") {
    const { plain, augmented } = file.arrays as Record<string, Float32Array>;
    return { length, plain, augmented };
  }
  const made = await pool(data, settings, base, length, work);
  const { plain, augmented } = made;
  await writeArrayFile(path, magic, { header: {}, arrays: { plain, augmented } });
  return made;
}

/** Neither tasks nor seed: models of all of them share what is pooled. */
function keyOf({ crops }: DevelopmentData, settings: TrainSettings, { sha256 }: BaseModel): string {
  const { crop, features, augmentation, device } = settings;
  const hash = createHash("sha256").update(
    JSON.stringify([magic, copies, sha256, crop, features, augmentation, device]),
  );
  for (const one of crops) {
    hash.update(JSON.stringify(one.present));
    for (const { hu, mask } of cubesOf(one)) hash.update(hu).update(mask);
  }
  return hash.digest("hex");
}

async function pool(
  { crops }: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel,
  length: number,
  { threads, signal, progress }: Work,
): Promise<Pooled> {
  const { crop, augmentation, device } = settings;
  const config = networkConfig(settings);
  const shape = [1, channels(crop), crop.voxels, crop.voxels, crop.voxels];
  const session = await openModel(encodeOnnx(poolingModel(config, base.weights), { shapes: true }), {
    threads,
    device,
  });
  const plain = new Float32Array(crops.length * length);
  const augmented = new Float32Array(crops.length * copies * length);
  // The next crop is moved while the one before runs.
  let running: Promise<void> | undefined;
  const run = async (data: Float32Array, into: Float32Array, at: number) => {
    await running;
    running = session.run({ image: { data, shape } }).then(({ pooled }) => into.set(pooled, at * length));
  };
  try {
    for (const [c, one] of crops.entries()) {
      if (signal?.aborted)
        throw new TrinephronError(
          "E_INTERRUPTED",
          "stopped before the first epoch",
          "run the same command again",
        );
      await run(cropInput(one, crop), plain, c);
      for (let copy = 0; copy < copies; copy++) {
        const draw = random(derivedSeed(1, "copy", c, copy));
        await run(augment(one, crop, augmentation, draw), augmented, c * copies + copy);
      }
      progress?.("features of the base model", c + 1, crops.length, one.case);
    }
    await running;
  } finally {
    await session.close();
  }
  return { length, plain, augmented };
}
