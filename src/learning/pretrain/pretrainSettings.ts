import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
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
  const parsed = pretrainSettings.safeParse(input);
  const [issue] = parsed.error?.issues ?? [];
  const settings = parsed.data;
  if (!settings)
    throw new TrinephronError(
      "E_USAGE",
      `${where}: ${[...issue.path, issue.message].join(": ")}`,
      "see docs/pretraining.md",
    );
  const { voxels, fieldOfViewMm, contextMm, backbone, batch, phantoms } = settings;
  const coarsest = backbone.stem.stride * 2 ** (backbone.stages - 1);
  if (voxels % coarsest !== 0)
    throw new TrinephronError(
      "E_USAGE",
      `${where}: voxels: not a multiple of ${coarsest}`,
      "see docs/pretraining.md",
    );
  if (contextMm <= fieldOfViewMm)
    throw new TrinephronError(
      "E_USAGE",
      `${where}: contextMm: not wider than fieldOfViewMm`,
      "see docs/pretraining.md",
    );
  if (phantoms < batch)
    throw new TrinephronError("E_USAGE", `${where}: phantoms: fewer than a batch`, "see docs/pretraining.md");
  return settings;
}
