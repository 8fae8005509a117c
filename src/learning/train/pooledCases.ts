import { createHash } from "node:crypto";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { derivedSeed, random } from "../../base/random.ts";
import type { Work } from "../../base/work.ts";
import { encodeOnnx, openModel, type Session } from "../../numerics/graph/index.ts";
import { readArrayFile, writeArrayFile } from "../crop/arrayFile.ts";
import { type Crop, channels, cropInput, cubesOf } from "../crop/cropInput.ts";
import { poolingModel } from "../model/model.ts";
import { pooledFeatures } from "../model/network.ts";
import type { BaseModel } from "../trained/baseModel.ts";
import { networkConfig } from "../trained/networkConfig.ts";
import type { TrainSettings } from "../trained/settings.ts";
import { augment } from "./batches/augment.ts";

/** What is pooled of a case as it is, and of augmented copies of it. */
export interface PooledCase {
  /** `[P]` of {@link pooledFeatures} */
  readonly plain: Float32Array;
  /** `[copies][P]` */
  readonly augmented: Float32Array;
}

/** Augmented copies of a case; each epoch draws one of them. */
export const copies = 8;

const magic = "trinephron-pooled/2";

/**
 * What a backbone that stays as it is pools of each crop. Kept in the cache, a case a file under a hash of all that it
 * follows from: neither tasks nor seed nor the other cases, so that all models of a base model share it.
 * @throws E_INTERRUPTED; what is computed by then is kept
 */
export async function pooledCases(
  crops: readonly Crop[],
  settings: TrainSettings,
  base: BaseModel,
  cacheFolder: string,
  { threads = 1, signal, progress }: Work,
): Promise<PooledCase[]> {
  const { device } = settings;
  const pooled: PooledCase[] = [];
  const lanes: Lane[] = [];
  try {
    for (const [c, one] of crops.entries()) {
      if (signal?.aborted) throw interrupted();
      const key = keyOf(one, settings, base);
      const path = join(cacheFolder, `${key}.pooled`);
      const file = await readArrayFile(path, magic);
      if (typeof file !== "string") {
        const { plain, augmented } = file.arrays as Record<string, Float32Array>;
        pooled.push({ plain, augmented });
        continue;
      }
      if (lanes.length === 0) {
        const onnx = encodeOnnx(poolingModel(networkConfig(settings), base.weights), { shapes: true });
        for (let lane = 0; lane < threads; lane++)
          lanes.push({ session: await openModel(onnx, { threads: 1, device }), busy: Promise.resolve() });
      }
      const arrays = await pool(one, settings, lanes, key);
      await writeArrayFile(path, magic, { header: {}, arrays });
      pooled.push(arrays);
      progress?.("features of the base model", c + 1, crops.length, one.case);
    }
  } finally {
    await Promise.allSettled(lanes.map(({ busy }) => busy));
    for (const { session } of lanes) await session.close();
  }
  return pooled;
}

/** One thread of ONNX Runtime: copies of a case share nothing, so each runs on one alone. */
interface Lane {
  readonly session: Session;
  /** Until then it runs. */
  busy: Promise<void>;
}

async function pool(
  one: Crop,
  settings: TrainSettings,
  lanes: readonly Lane[],
  key: string,
): Promise<{ plain: Float32Array; augmented: Float32Array }> {
  const { crop, augmentation } = settings;
  const shape = [1, channels(crop), crop.voxels, crop.voxels, crop.voxels];
  const length = pooledFeatures(networkConfig(settings));
  // The case as it is, then its copies; the next is moved while those before it run.
  const all = new Float32Array((1 + copies) * length);
  for (let n = 0; n <= copies; n++) {
    const data =
      n === 0 ? cropInput(one, crop) : augment(one, crop, augmentation, random(derivedSeed(1, key, n - 1)));
    const lane = lanes[n % lanes.length];
    await lane.busy;
    lane.busy = lane.session
      .run({ image: { data, shape } })
      .then(({ pooled }) => all.set(pooled, n * length));
  }
  await Promise.all(lanes.map(({ busy }) => busy));
  return { plain: all.slice(0, length), augmented: all.slice(length) };
}

function keyOf(one: Crop, settings: TrainSettings, { sha256 }: BaseModel): string {
  const { crop, features, augmentation, device } = settings;
  const hash = createHash("sha256").update(
    JSON.stringify([magic, copies, sha256, crop, features, augmentation, device, one.present]),
  );
  for (const { hu, mask } of cubesOf(one)) hash.update(hu).update(mask);
  return hash.digest("hex");
}

const interrupted = () =>
  new TrinephronError("E_INTERRUPTED", "stopped before the first epoch", "run the same command again");
