import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";

/** Arguments of a MONAI class as its bundle has them, references followed. */
export interface Component {
  /** `Spacing` of `monai.transforms.Spacingd`. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The parts of a MONAI bundle that say how it segments. */
export interface Bundle {
  /** `configs/inference.json`, named in errors. */
  readonly path: string;
  readonly preprocessing: readonly Component[];
  readonly inferer: Component;
  readonly postprocessing: readonly Component[];
  readonly channels: readonly string[];
  /** What each channel of its answer is called; empty where metadata.json does not say. */
  readonly classes: readonly string[];
}

const definitions = z.record(z.string(), z.string());
const format = z.object({ num_channels: z.int().positive(), channel_def: definitions.optional() });
const metadataSchema = z.object({
  network_data_format: z.object({
    inputs: z.record(z.string(), format),
    outputs: z.record(z.string(), z.object({ channel_def: definitions.optional() })),
  }),
});

const configSchema = z.record(z.string(), z.unknown());
type Config = z.infer<typeof configSchema>;

/**
 * Reads `configs/metadata.json` and `configs/inference.json` of a MONAI bundle. References (`@id`) are followed;
 * Python expressions (`$…`) are not run: a part that needs one is refused where it is read.
 *
 * @throws E_FILE_MISSING, E_FORMAT; E_MODEL where it does not say what is needed
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const path = join(folder, "configs", "inference.json");
  const yaml = join(folder, "configs", "inference.yaml");
  if (!(await exists(path)) && (await exists(yaml)))
    throw new TrinephronError("E_MODEL", `${yaml}: YAML is not read`, "write it as inference.json");
  const config = await parsed(configSchema, path);
  const metadataPath = join(folder, "configs", "metadata.json");
  const { inputs, outputs } = (await parsed(metadataSchema, metadataPath)).network_data_format;
  const [[, input], ...others] = Object.entries(inputs);
  const [output] = Object.values(outputs);
  if (!input || others.length > 0 || !output)
    throw new TrinephronError("E_MODEL", `${metadataPath}: not one input and at least one output`);
  return {
    path,
    preprocessing: transformsOf(config, "preprocessing", path),
    inferer: component(config, required(config, "inferer", path), path),
    postprocessing: transformsOf(config, "postprocessing", path),
    channels: Array.from({ length: input.num_channels }, (_, c) => input.channel_def?.[c] ?? `channel ${c}`),
    classes: Object.entries(output.channel_def ?? {})
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, name]) => name),
  };
}

const parsed = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
  parseJson(schema, (await readWhole(path)).toString("utf8"), path);

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

function required(config: Config, key: string, path: string): unknown {
  if (config[key] !== undefined) return config[key];
  throw new TrinephronError("E_MODEL", `${path}: no ${key}`, "the bundle must say how it reads images");
}

/** The transforms of a `Compose`, those disabled left out. */
function transformsOf(config: Config, key: string, path: string): Component[] {
  const { name, args } = component(config, required(config, key, path), path);
  if (name !== "Compose" || !Array.isArray(args.transforms))
    throw new TrinephronError("E_MODEL", `${path}: ${key} is not a Compose of transforms`);
  return args.transforms
    .map((transform) => followed(config, transform, path))
    .filter((transform) => (transform as Partial<Config> | undefined)?._disabled_ !== true)
    .map((transform) => component(config, transform, path));
}

function component(config: Config, value: unknown, path: string): Component {
  const whole = followed(config, value, path);
  if (whole === undefined) throw new TrinephronError("E_MODEL", `${path}: ${value} refers to nothing`);
  const found = configSchema.safeParse(whole);
  const target = found.data?._target_;
  if (!found.success || typeof target !== "string")
    throw new TrinephronError("E_MODEL", `${path}: ${JSON.stringify(whole)} is no component with a _target_`);
  const args = Object.entries(found.data)
    .filter(([key]) => !/^_.*_$/.test(key))
    // What refers to nothing stays as it is: it matters only to who asks for it.
    .map(([key, arg]) => [key, followed(config, arg, path) ?? arg]);
  // Spacing and Spacingd do the same, the latter to some of several images.
  return {
    name: target.replace(/^.*\./, "").replace(/(?<=[a-z])(d|D|Dict)$/, ""),
    args: Object.fromEntries(args),
  };
}

/**
 * What a value that is a reference alone refers to: `@id`, `@a#b#0`, `@a::b` or `$@id`; undefined where it refers to
 * nothing. Any other value is itself.
 */
function followed(config: Config, value: unknown, path: string, before: readonly string[] = []): unknown {
  const [, id] = (typeof value === "string" && /^\$?@([\w#:]+)$/.exec(value)) || [];
  if (id === undefined) return value;
  if (before.includes(id)) throw new TrinephronError("E_MODEL", `${path}: @${id} refers to itself`);
  const way = [...before, id];
  const found = id
    .split(/#|::/)
    .reduce<unknown>((part, key) => (followed(config, part, path, way) as Config | undefined)?.[key], config);
  return followed(config, found, path, way);
}
