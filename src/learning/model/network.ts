import {
  concat,
  constant,
  frozen,
  input,
  mul,
  type ParameterSource,
  positive,
  relu,
  type Shape,
  sigmoid,
  slice,
  sub,
  sumOfSquares,
  type Tensor,
  upsample,
} from "../../numerics/graph/index.ts";
import { cubes, masksOf, shared } from "./cubes.ts";
import { deepFeatures, places } from "./deepFeatures.ts";
import { dense, leakyRelu } from "./dense.ts";
import type { PleConfig } from "./gates.ts";
import { type GeometryFeature, geometryFeatures, maskGeometry } from "./maskGeometry.ts";
import { masksAt, outlines } from "./outlines.ts";
import { type Gate, progressiveLayeredExtraction } from "./ple.ts";
import { type RegionFeature, regionFeatures, regionStatistics } from "./regionStatistics.ts";
import { type ResNetConfig, resnet, spread } from "./resnet.ts";

/** What a network answers from: what it learns from the image, what is measured on image and masks, or both. */
type FeatureSource = "learnt" | "measured" | "both";

export interface NetworkConfig {
  /** One: a single-task model (STDL). Several: multi-task (MTDL). Nothing else differs. */
  readonly tasks: readonly string[];
  /** What is measured needs masks, or outlines of the network's own beside what is learnt. */
  readonly features: FeatureSource;
  /** Of all cubes together. A cube's are its phases, then the two mask channels (kidney, tumour) where `masks`. */
  readonly channels: number;
  /** Cubes of a crop, the wider one last, whose channels follow each other. */
  readonly cubes: number;
  /** A cube's last two channels are occupancies in 0…1 of the kidney and of the tumour. */
  readonly masks: boolean;
  /** Without masks: it outlines kidney and tumour itself, as it has learnt in pretraining. */
  readonly outlines: boolean;
  /** Edge of the cubic crop. */
  readonly voxels: number;
  readonly backbone: ResNetConfig;
  /** Units that the deep features are brought down to: the learnt features. */
  readonly embedding: number;
  readonly ple: PleConfig;
  /** Units of each tower's hidden layer. */
  readonly tower: number;
}

export interface Network {
  /** `[N, C, V, V, V]`, named `image`. */
  readonly image: Tensor;
  /** `[N, F]`, named `dropout`: 0, or 1 / (1 − rate); only in training. */
  readonly dropout: Tensor | undefined;
  /** What the backbone makes of each cube; none where nothing is learnt from the image. */
  readonly encoded: readonly Encoded[];
  /** `[N, P]`, what is measured and the deep features, before they are standardised. */
  readonly pooled: Tensor;
  /** `[N, F]`, what is measured, then what is learnt, before its activation; {@link networkFeatures} tells what they are. */
  readonly features: Tensor;
  /** `[N, T]` */
  readonly logits: Tensor;
  /** `[N, T]` */
  readonly probabilities: Tensor;
  readonly gates: readonly Gate[];
}

/** A cube behind the backbone. */
export interface Encoded {
  /** Each stage's output `[N, C, D, H, W]`, finest first. */
  readonly stages: readonly Tensor[];
  /** What the features are pooled over, `[N, 2, D, H, W]` on the finest stage's grid; undefined where nothing tells. */
  readonly regions: Tensor | undefined;
}

/**
 * What a network is built for: to be trained, it standardises the weights it learns and has an input `dropout`; deployed,
 * it has their final values.
 */
export type Use = "training" | "deployment";

/** Logits start near 0: a guess of ½ costs less than random confidence, which the first epochs would only unlearn. */
const logitGain = 0.01;

/**
 * Crop to one logit a task: what a 3D ResNet learns from all phases, what is measured on the crop itself, PLE, towers.
 * The backbone sees the phases alone. Masks say where its features are pooled: as channels beside them they drown
 * enhancement (histology 0.49 instead of 0.85 in one fold of the development centre).
 */
export function network(config: NetworkConfig, batch: number, source: ParameterSource, use: Use): Network {
  const { channels, voxels } = config;
  const image = input("image", [batch, channels, voxels, voxels, voxels]);
  const own = shared(source);
  const read = config.features === "measured" ? [] : cubes(image, config);
  const encoded = read.map((cube) => encode(cube, config, own, use));
  return { image, encoded, ...behindBackbone(image, encoded, config, source, use) };
}

/** The backbone's stages of a cube's phases; every cube is read with the same weights. @param cube `[N, C, V, V, V]` */
export function encoder(cube: Tensor, config: NetworkConfig, source: ParameterSource, use: Use): Tensor[] {
  const phases = config.masks ? slice(cube, 1, 0, cube.shape[1] - 2) : cube;
  return resnet(withSteps(phases), config.backbone, { source, folded: use === "deployment" });
}

/** How much louder a step from phase to phase is than the phases themselves. */
const stepGain = 4;

/**
 * The phases, and the steps from each to the next (subtraction images): wash-in and wash-out. Phases are so alike that a
 * network hardly hears what tells them apart. A step from or to a phase that is missing, all 0, is 0.
 * @param phases `[N, P, V, V, V]`
 * @returns `[N, 2P − 1, V, V, V]`
 */
function withSteps(phases: Tensor): Tensor {
  const count = phases.shape[1];
  const phase = (p: number) => slice(phases, 1, p, p + 1);
  const present = (p: number) => positive(sumOfSquares(phase(p), [1, 2, 3, 4], true));
  const steps = Array.from({ length: count - 1 }, (_, p) =>
    mul(sub(phase(p + 1), phase(p)), mul(mul(present(p), present(p + 1)), stepGain)),
  );
  return concat([phases, ...steps], 1);
}

/** The backbone's stages of a cube, and where their features are pooled. @param cube `[N, C, V, V, V]` */
function encode(cube: Tensor, config: NetworkConfig, source: ParameterSource, use: Use): Encoded {
  const stages = encoder(cube, config, source, use);
  const regions = config.masks
    ? masksAt(masksOf(cube), stages[0].shape[2])
    : config.outlines
      ? sigmoid(outlines(stages, source))
      : undefined;
  return { stages, regions };
}

/** The part of the network behind the backbone. @param image `[N, C, V, V, V]` */
export function behindBackbone(
  image: Tensor,
  encoded: Network["encoded"],
  config: NetworkConfig,
  source: ParameterSource,
  use: Use,
): Omit<Network, "image" | "encoded"> {
  const outlined = () => cubes(image, config).map((cube, c) => withOutlines(cube, config, encoded[c]));
  const measured = config.features === "learnt" ? [] : measurements(outlined(), config);
  const deep = encoded.map(({ stages, regions }) => deepFeatures(stages, regions));
  const pooled = concat([...measured, ...deep], 1);
  return { pooled, ...behindPooling(pooled, config, source, use) };
}

/** The part of the network behind what is measured and pooled. @param pooled `[N, P]` */
export function behindPooling(
  pooled: Tensor,
  config: NetworkConfig,
  source: ParameterSource,
  use: Use,
): Omit<Network, "image" | "encoded" | "pooled"> {
  const [first, all] = [measuredFeatures(config).length, pooled.shape[1]];
  const measured = first > 0 ? [slice(pooled, 1, 0, first)] : [];
  const learnt = first < all ? [embedded(slice(pooled, 1, first, all), config, source)] : [];
  const features = concat([...measured, ...learnt], 1);
  const dropout = use === "training" ? input("dropout", features.shape) : undefined;
  return { dropout, features, ...heads(features, config, source, dropout) };
}

/**
 * Deep features brought down to what is learnt, before its activation. A step of the optimiser would move so many weights too
 * far at once, and with them what a few quiet features say: so the weights start from the backbone's deviation, and the
 * features are made as much smaller.
 * @param deep `[N, D]`
 * @returns `[N, embedding]`
 */
export function embedded(deep: Tensor, { embedding }: NetworkConfig, source: ParameterSource): Tensor {
  const features = deep.shape[1];
  const small = Math.sqrt(2 / features) / spread;
  const gain = features * spread ** 2;
  return dense(mul(standardized(deep, "deep", source), small), embedding, "embedding", source, gain);
}

/** What is measured on, `[N, …, V, V, V]`. */
interface Outlined {
  readonly phases: Tensor;
  /** Occupancies by the kidney with its tumours and by the tumours, 0…1. */
  readonly masks: Tensor;
}

/** A cube with the masks that come with it or, where none do, the network's own outlines. */
function withOutlines(cube: Tensor, { masks }: Pick<NetworkConfig, "masks">, encoded?: Encoded): Outlined {
  if (masks) return { phases: slice(cube, 1, 0, cube.shape[1] - 2), masks: masksOf(cube) };
  const own = encoded?.regions;
  if (!own) throw new RangeError("nothing to measure on: neither masks nor outlines");
  return { phases: cube, masks: upsample(own, cube.shape[2] / own.shape[2]) };
}

/**
 * The tumour's HU in each phase on the finer cube, and the masks' geometry on the wider one, which holds the kidney. Of its
 * own outlines a network measures HU alone: these agree with HU within masks (r 0.95 to 0.98), shapes do not (0.5 to 0.7).
 */
function measurements(cubes: readonly Outlined[], { masks }: Pick<NetworkConfig, "masks">): Tensor[] {
  const [finer, wider] = [cubes[0], cubes.at(-1)!];
  const hu = regionStatistics(finer.phases, slice(finer.masks, 1, 1, 2));
  return masks ? [hu, maskGeometry(wider.masks)] : [hu];
}

/** The same of an input `image` of that shape, of so many cubes with mask channels. @returns `[N, F]` */
export const measured = (shape: Shape, count: number): Tensor =>
  concat(
    measurements(
      cubes(input("image", shape), { channels: shape[1], cubes: count }).map((cube) =>
        withOutlines(cube, { masks: true }),
      ),
      { masks: true },
    ),
    1,
  );

/**
 * What is measured, standardised, and what is learnt through a leaky ReLU. A case unlike all others shows in what lies
 * below 0 too, so features are without it.
 */
function activated(features: Tensor, config: NetworkConfig, source: ParameterSource): Tensor {
  const [first, all] = [measuredFeatures(config).length, features.shape[1]];
  const measured = () => standardized(slice(features, 1, 0, first), "measured", source);
  const learnt = () => leakyRelu(slice(features, 1, first, all));
  return concat([...(first > 0 ? [measured()] : []), ...(first < all ? [learnt()] : [])], 1);
}

/** The part of the network behind the features. @param features `[N, F]` @returns logits and probabilities `[N, T]` */
export function heads(
  features: Tensor,
  config: NetworkConfig,
  source: ParameterSource,
  dropout?: Tensor,
): Pick<Network, "logits" | "probabilities" | "gates"> {
  const { tasks } = config;
  const scaled = mul(activated(features, config, source), emphasis(config));
  const heard = dropout ? mul(scaled, dropout) : scaled;
  const { outputs, gates } = progressiveLayeredExtraction(heard, tasks, config.ple, source);
  const logits = concat(
    outputs.map((output, t) => {
      const hidden = relu(dense(output, config.tower, `tower.${tasks[t]}.hidden`, source));
      return dense(hidden, 1, `tower.${tasks[t]}.logit`, source, logitGain);
    }),
    1,
  );
  return { logits, probabilities: sigmoid(logits), gates };
}

/**
 * (x − mean) / deviation by feature, both of the training cases before the first step (after Salimans & Kingma 2016):
 * enhancement differs by a tenth of the window between histologies, and would stay unheard beside larger features.
 * They stay as they are: a step that suits other parameters is many deviations of the quietest features.
 */
function standardized(
  pooled: Tensor,
  of: (typeof standardizedBlocks)[number],
  source: ParameterSource,
): Tensor {
  const columns = pooled.shape[1];
  const { mean, gain } = standardization(of);
  return mul(sub(pooled, source(frozen(mean, columns, 0))), source(frozen(gain, columns, 1)));
}

/** What is standardised, in the order of {@link Network.pooled}. */
export const standardizedBlocks = ["measured", "deep"] as const;

/** Names of the parameters set from the data: mean, and 1 / deviation. */
export const standardization = (of: (typeof standardizedBlocks)[number]) =>
  ({ mean: `${of}.mean`, gain: `${of}.gain` }) as const;

/** A feature: measured within the tumour, measured on the masks, or a unit (from 1) of what is learnt. */
export type Feature =
  | ({ readonly kind: "region" } & RegionFeature)
  | { readonly kind: "geometry"; readonly measure: GeometryFeature }
  | { readonly kind: "learnt"; readonly unit: number };

/** The levels of features, in order: the tumour's enhancement in each phase, the masks' geometry, what is learnt. */
function levelsOf(config: NetworkConfig): Feature[][] {
  const { features, channels, cubes, masks, embedding } = config;
  const phases = channels / cubes - (masks ? 2 : 0);
  const region = () => regionFeatures(phases).map((f): Feature => ({ kind: "region", ...f }));
  const geometry = () => geometryFeatures.map((measure): Feature => ({ kind: "geometry", measure }));
  const learnt = () =>
    Array.from({ length: embedding }, (_, u): Feature => ({ kind: "learnt", unit: u + 1 }));
  return [
    ...(features === "learnt" ? [] : masks ? [region(), geometry()] : [region()]),
    ...(features === "measured" ? [] : [learnt()]),
  ];
}

/** What each of the features is, `[F]`. */
export const networkFeatures = (config: NetworkConfig): Feature[] => levelsOf(config).flat();

/** P of {@link Network.pooled}. */
export function pooledFeatures(config: NetworkConfig): number {
  const { features, backbone, cubes, masks } = config;
  const channels = backbone.width * (2 ** backbone.stages - 1);
  const pooledOver = masks || config.outlines ? places : 2;
  return measuredFeatures(config).length + (features === "measured" ? 0 : cubes * pooledOver * channels);
}

const measuredFeatures = (config: NetworkConfig): Feature[] =>
  networkFeatures(config).filter(({ kind }) => kind !== "learnt");

/** Factor by feature: every level is as loud as any other however many features it has, √(F / (levels · its features)). */
function emphasis(config: NetworkConfig): Tensor {
  const sizes = levelsOf(config).map((level) => level.length);
  const features = sizes.reduce((a, b) => a + b);
  const factors = sizes.flatMap((size) => new Array(size).fill(Math.sqrt(features / (sizes.length * size))));
  return constant(Float32Array.from(factors), [1, features]);
}
