import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { parseSettings } from "../../base/parseSettings.ts";
import { trainSettings } from "../trained/settings.ts";

const { backbone, embedding, device, threads } = trainSettings.shape;
const whole = z.int().min(1);

/** Everything that decides a base model's bits. */
const pretrainSettings = z.strictObject({
  seed: z.int().min(0).default(1),
  rounds: whole.default(5).describe("each with new phantoms"),
  phantoms: whole.default(600).describe("a round"),
  passes: whole.default(10).describe("over a round's phantoms, each time moved another way"),
  validation: z.int().min(2).default(200).describe("phantoms that nothing is learnt from"),
  fieldOfViewMm: z.number().positive().default(80).describe("edge of the cube around the tumour"),
  contextMm: z.number().positive().default(176).describe("edge of the wider cube around it"),
  voxels: whole.default(32),
  backbone: backbone
    .unwrap()
    .extend({ width: whole.default(16) })
    .prefault({}),
  embedding,
  batch: whole.default(8),
  learningRate: z.number().positive().default(4e-3).describe("largest; falls to zero along a cosine"),
  weightDecay: z.number().min(0).default(0.1),
  threads,
  device,
});
/** Settings of a pretraining; docs/pretraining.md lists every one. */
export type PretrainSettings = z.output<typeof pretrainSettings>;

/** Settings with their defaults. @throws E_USAGE naming the first that does not fit */
export function parsePretrainSettings(input: unknown, where = "settings"): PretrainSettings {
  const page = "docs/pretraining.md";
  const settings = parseSettings(pretrainSettings, input, where, page);
  const refused = (what: string) => new TrinephronError("E_USAGE", `${where}: ${what}`, `see ${page}`);
  const { voxels, fieldOfViewMm, contextMm, backbone, batch, phantoms } = settings;
  const coarsest = backbone.stem.stride * 2 ** (backbone.stages - 1);
  if (voxels % coarsest !== 0) throw refused(`voxels: not a multiple of ${coarsest}`);
  if (contextMm <= fieldOfViewMm) throw refused("contextMm: not wider than fieldOfViewMm");
  if (phantoms < batch) throw refused("phantoms: fewer than a batch");
  return settings;
}
