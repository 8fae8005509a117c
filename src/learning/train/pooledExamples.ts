import { derivedSeed, random } from "../../base/random.ts";
import type { Work } from "../../base/work.ts";
import type { BaseModel } from "../trained/baseModel.ts";
import type { TrainSettings } from "../trained/settings.ts";
import { type BatchData, labelsOf } from "./batches/batches.ts";
import { epochBatches } from "./batches/sampler.ts";
import type { DevelopmentData } from "./development.ts";
import type { Examples } from "./examples.ts";
import { copies, type PooledCase, pooledCases } from "./pooledCases.ts";

/**
 * What a backbone that stays as it is pools of the cases: computed once, so that an epoch takes no convolution.
 * @throws as {@link pooledCases}
 */
export async function pooledExamples(
  data: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel,
  cacheFolder: string,
  work: Work,
): Promise<Examples> {
  const pooled = await pooledCases(data.crops, settings, base, cacheFolder, work);
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
  pooled: readonly PooledCase[],
  data: BatchData,
  cases: readonly number[],
  copy?: () => number,
) {
  const length = pooled[0].plain.length;
  const input = new Float32Array(cases.length * length);
  cases.forEach((c, i) => {
    const { plain, augmented } = pooled[c];
    const at = copy ? copy() * length : 0;
    input.set(copy ? augmented.subarray(at, at + length) : plain, i * length);
  });
  return { input, ...labelsOf(data, cases) };
}

function drawnCopies({ seed }: TrainSettings, epoch: number, index: number): () => number {
  const r = random(derivedSeed(seed, "copies", epoch, index));
  return () => r.integer(copies);
}
