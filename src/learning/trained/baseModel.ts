import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole } from "../../base/files.ts";
import { merged } from "../../base/merged.ts";
import { readArrayFile, writeArrayFile } from "../crop/arrayFile.ts";
import { parseTrainSettings, type TrainSettings, trainSettings } from "./settings.ts";

const { crop, backbone, embedding } = trainSettings.shape;

/** What a base model's file says of itself. */
const baseConfig = z.object({
  format: z.literal("trinephron-base/2"),
  software: z.string(),
  /** A model that starts from it has these. */
  network: z.object({ crop, backbone, embedding }),
  seed: z.int(),
  /** Simulated images it has seen, each so many times. */
  samples: z.int(),
  passes: z.int(),
  /** What it was pretrained to tell, and how well it does on phantoms it has not seen. */
  targets: z.array(
    z.object({
      name: z.string(),
      mean: z.number(),
      deviation: z.number(),
      /** Share of the variance explained, R²: pooled over the masks, and over its own outlines; null where there is none. */
      explained: z.object({ masks: z.number().nullable(), outlines: z.number().nullable() }),
    }),
  ),
  /** Dice of its outlines on these phantoms. */
  dice: z.object({ kidney: z.number(), tumor: z.number() }),
  validation: z.int(),
  parameters: z.int(),
});
/** What a base model is, was taught, and how well it does that: the header of its `base.bin`. */
export type BaseConfig = z.infer<typeof baseConfig>;

/** Weights that models may start from, pretrained on simulated images alone. */
export interface BaseModel {
  readonly config: BaseConfig;
  /** By the parameters' names. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Of its file. */
  readonly sha256: string;
}

export const baseFile = "base.bin";
const magic = "trinephron-base/2";

/** Where the base model that comes with this package lies. */
const shipped = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "base");

/** The folder that `init` names. */
const baseFolder = (init: string): string => (init === "base" ? shipped : init);

/** Writes a base model's weights in half precision. */
export async function writeBaseModel(
  folder: string,
  config: BaseConfig,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  const arrays = Object.fromEntries([...weights].map(([name, values]) => [name, new Float16Array(values)]));
  await writeArrayFile(join(folder, baseFile), magic, { header: config, arrays });
}

/** @throws E_FILE_MISSING, E_MODEL where it is no base model or a damaged one */
export async function readBaseModel(folder: string): Promise<BaseModel> {
  const path = join(folder, baseFile);
  const file = await readArrayFile(path, magic);
  if (file === "missing")
    throw new TrinephronError(
      "E_FILE_MISSING",
      `${path}: not there`,
      "init is none, base or a folder of pretrain",
    );
  const parsed = file === "damaged" ? undefined : baseConfig.safeParse(file.header);
  if (file === "damaged" || !parsed?.success)
    throw new TrinephronError("E_MODEL", `${path}: damaged or no base model`, "run pretrain again");
  const sha256 = createHash("sha256")
    .update(await readWhole(path))
    .digest("hex");
  const weights = new Map(
    Object.entries(file.arrays).map(([name, values]) => [name, Float32Array.from(values)]),
  );
  return { config: parsed.data, weights, sha256 };
}

/** The base model that settings start from; undefined where they start from random weights. @throws as {@link readBaseModel} */
export const baseOf = async ({ init }: Pick<TrainSettings, "init">): Promise<BaseModel | undefined> =>
  init === "none" ? undefined : readBaseModel(baseFolder(init));

/**
 * Settings that go with `init` where a user gives no others: the base model's crop and network, all of it as it is, and
 * learnt features alone. None for random weights.
 * @throws as {@link readBaseModel}
 */
export async function baseDefaults(init: unknown): Promise<Readonly<Record<string, unknown>>> {
  const named = trainSettings.shape.init.safeParse(init);
  return defaultsOf(named.success ? await baseOf({ init: named.data }) : undefined);
}

function defaultsOf(base: BaseModel | undefined): Readonly<Record<string, unknown>> {
  if (!base) return {};
  const { network } = base.config;
  return { ...network, frozenStages: network.backbone.stages, ...headDefaults };
}

/** What suits the part behind a backbone that knows what to look for already; chosen within centre A of phantoms. */
const headDefaults = {
  features: "learnt",
  learningRate: 4e-3,
  optimizer: { kind: "adamw", weightDecay: 0.3 },
  augmentation: { noiseHu: 4, intensity: 0.01 },
} as const;

/**
 * Settings with their defaults; those that start from a base model have its crop and network.
 * @throws E_USAGE naming the first that does not fit; as {@link readBaseModel}
 */
export async function completeSettings(
  input: Readonly<Record<string, unknown>>,
  where?: string,
): Promise<TrainSettings> {
  const settings = parseTrainSettings(merged(await baseDefaults(input.init), input), where);
  const base = await baseOf(settings);
  if (base) mustFit(settings, base);
  return settings;
}

/** @throws E_USAGE where settings and base model differ in what the base model's weights are for */
export function mustFit(
  { crop, backbone, embedding, init }: TrainSettings,
  { config: { network } }: BaseModel,
): void {
  const own = { crop: { ...crop, maskChannels: network.crop.maskChannels }, backbone, embedding };
  for (const part of ["crop", "backbone", "embedding"] as const)
    if (JSON.stringify(own[part]) !== JSON.stringify(network[part]))
      throw new TrinephronError(
        "E_USAGE",
        `settings: ${part}: not that of the model ${init} it starts from`,
        `leave it out: it is ${JSON.stringify(network[part])}`,
      );
}
