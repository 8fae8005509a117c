import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { type Classes, exclusiveClasses, overlappingClasses } from "../run/classes.ts";
import { type IntensityProperties, type Scheme, schemes } from "./normalize.ts";

/** How a grid is brought to another one: the keywords of nnU-Net's `resample_data_or_seg_to_shape`. */
export interface Resampling {
  readonly order: 0 | 1 | 3;
  readonly orderZ: 0 | 1;
  /** Whether the axis of the thickest slices is resampled by itself; null where the spacings decide. */
  readonly separateZ: boolean | null;
}

/** One channel of the network's input. */
interface Channel {
  readonly name: string;
  readonly scheme: Scheme;
  readonly masked: boolean;
  readonly properties?: IntensityProperties | undefined;
}

/** What plans.json and dataset.json of a trained nnU-Net v2 say of how it reads an image. */
export interface NnunetPlan {
  readonly configuration: string;
  /** The axis of nnU-Net's array (slices, rows, columns) that is each axis of the network. */
  readonly transpose: readonly [number, number, number];
  /** Axis codes that images are brought to before, as `NibabelIOWithReorient` does. */
  readonly orientation?: string | undefined;
  /** Two lengths for a network that reads slices. */
  readonly patch: readonly number[];
  /** mm, as many as `patch`. */
  readonly spacing: readonly number[];
  readonly channels: readonly Channel[];
  readonly data: Resampling;
  readonly logits: Resampling & { readonly order: 0 | 1 };
  readonly classes: Classes;
}

const kwargs = z.object({
  order: z.int().default(3),
  order_z: z.int().default(0),
  force_separate_z: z.boolean().nullable().default(false),
});

const configurationSchema = z.object({
  patch_size: z.array(z.int().positive()).min(2).max(3),
  spacing: z.array(z.number().positive()).min(2).max(3),
  normalization_schemes: z.array(z.string()),
  use_mask_for_norm: z.array(z.boolean()),
  preprocessor_name: z.string().default("DefaultPreprocessor"),
  resampling_fn_data: z.string(),
  resampling_fn_data_kwargs: kwargs,
  resampling_fn_probabilities: z.string(),
  resampling_fn_probabilities_kwargs: kwargs,
  previous_stage: z.string().nullable().optional(),
});

const properties = z.object({
  mean: z.number(),
  std: z.number(),
  percentile_00_5: z.number(),
  percentile_99_5: z.number(),
});

const axis = z.int().min(0).max(2);
const plansSchema = z.object({
  transpose_forward: z
    .tuple([axis, axis, axis])
    .refine((axes) => new Set(axes).size === 3, "not each axis once"),
  image_reader_writer: z.string(),
  label_manager: z.string().default("LabelManager"),
  configurations: z.record(z.string(), z.record(z.string(), z.unknown())),
  foreground_intensity_properties_per_channel: z.record(z.string(), properties).optional(),
  foreground_intensity_properties_by_modality: z.record(z.string(), properties).optional(),
});

const names = z.record(z.string(), z.string());
const label = z.int().min(0).max(255);
const datasetSchema = z
  .object({
    channel_names: names.optional(),
    modality: names.optional(),
    labels: z.record(z.string(), z.union([label, z.array(label)])),
    regions_class_order: z.array(label).optional(),
  })
  .refine(({ channel_names, modality }) => channel_names ?? modality, "neither channel_names nor modality");

/** Readers that hand nnU-Net the voxels as they lie in the file, and one that reorients them. */
const readers: Readonly<Record<string, string | undefined>> = {
  SimpleITKIO: undefined,
  NibabelIO: undefined,
  NibabelIOWithReorient: "RAS",
};

/**
 * Reads `plans.json` and `dataset.json` of a trained nnU-Net v2.
 *
 * @param wanted configuration; by default the only one, else `3d_fullres`
 * @throws E_FILE_MISSING, E_FORMAT; E_USAGE for a configuration it has not; E_MODEL for a plan that asks for what is not
 * done here: a cascade, another resampler, preprocessor, reader or normalisation
 */
export async function readNnunetPlan(folder: string, wanted?: string): Promise<NnunetPlan> {
  const path = join(folder, "plans.json");
  const plans = await parsed(plansSchema, path);
  const dataset = await parsed(datasetSchema, join(folder, "dataset.json"));
  const configuration = nameOf(Object.keys(plans.configurations), wanted, path);
  const at = `${path}: configuration ${configuration}`;
  const found = configurationSchema.safeParse(inherited(plans.configurations, configuration, path));
  if (!found.success) {
    const [{ path: place, message }] = found.error.issues;
    throw new TrinephronError("E_MODEL", `${at}: ${place.join(".")}: ${message}`);
  }
  const config = found.data;
  if (config.previous_stage)
    throw unsupported(at, `a cascade on ${config.previous_stage}`, "export 3d_fullres or 3d_lowres");
  if (config.preprocessor_name !== "DefaultPreprocessor")
    throw unsupported(at, `the preprocessor ${config.preprocessor_name}`);
  if (plans.label_manager !== "LabelManager")
    throw unsupported(path, `the label manager ${plans.label_manager}`);
  if (!Object.hasOwn(readers, plans.image_reader_writer))
    throw unsupported(path, `the image reader ${plans.image_reader_writer}`);
  if (config.patch_size.length !== config.spacing.length)
    throw new TrinephronError("E_MODEL", `${at}: patch_size and spacing of different lengths`);
  const { order, ...logits } = resamplingOf(
    config.resampling_fn_probabilities,
    config.resampling_fn_probabilities_kwargs,
    at,
  );
  // Slices are brought back as they come: a spline would need all of them.
  if (order === 3) throw unsupported(at, "resampling of probabilities of order 3");
  const titles = Object.values(dataset.channel_names ?? dataset.modality!);
  const intensities =
    plans.foreground_intensity_properties_per_channel ?? plans.foreground_intensity_properties_by_modality;
  return {
    configuration,
    transpose: plans.transpose_forward,
    orientation: readers[plans.image_reader_writer],
    patch: config.patch_size,
    spacing: config.spacing,
    channels: titles.map((name, c) => ({
      name,
      scheme: schemeOf(config.normalization_schemes[c], at),
      masked: config.use_mask_for_norm[c] ?? false,
      properties: intensities?.[String(c)],
    })),
    data: resamplingOf(config.resampling_fn_data, config.resampling_fn_data_kwargs, at),
    logits: { ...logits, order },
    classes: classesOf(dataset, join(folder, "dataset.json")),
  };
}

const parsed = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
  parseJson(schema, (await readWhole(path)).toString("utf8"), path);

const unsupported = (where: string, what: string, hint = "docs/segmentation-models.md lists what is read") =>
  new TrinephronError("E_MODEL", `${where}: ${what} is not supported`, hint);

function nameOf(known: readonly string[], wanted: string | undefined, path: string): string {
  const name = wanted ?? (known.length === 1 ? known[0] : "3d_fullres");
  if (known.includes(name)) return name;
  throw new TrinephronError(
    "E_USAGE",
    `${path}: no configuration ${name}`,
    `name one of ${known.join(", ")} by --configuration`,
  );
}

type Configurations = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A configuration with what it inherits. */
function inherited(all: Configurations, name: string, path: string, below: readonly string[] = []): object {
  const own = all[name];
  if (!own || below.includes(name))
    throw new TrinephronError(
      "E_MODEL",
      `${path}: configuration ${below.at(-1)} inherits from ${name} in vain`,
    );
  const parent = own.inherits_from;
  return typeof parent === "string" ? { ...inherited(all, parent, path, [...below, name]), ...own } : own;
}

function schemeOf(name: string | undefined, at: string): Scheme {
  const known = schemes.find((scheme) => scheme === name);
  if (known) return known;
  throw unsupported(
    at,
    name === undefined ? "a channel without normalisation scheme" : `the normalisation ${name}`,
  );
}

function resamplingOf(
  name: string,
  { order, order_z, force_separate_z }: z.infer<typeof kwargs>,
  at: string,
): Resampling {
  if (name !== "resample_data_or_seg_to_shape") throw unsupported(at, `the resampler ${name}`);
  if (order !== 0 && order !== 1 && order !== 3) throw unsupported(at, `resampling of order ${order}`);
  if (order_z !== 0 && order_z !== 1) throw unsupported(at, `resampling of order_z ${order_z}`);
  return { order, orderZ: order_z, separateZ: force_separate_z };
}

/** nnU-Net's `LabelManager`: regions where any label has several values, else one class a value. */
function classesOf(
  { labels, regions_class_order: order }: z.infer<typeof datasetSchema>,
  path: string,
): Classes {
  const used = Object.entries(labels).filter(([name]) => name !== "ignore");
  const values = new Set(used.flatMap(([, value]) => value));
  if (!used.some(([, value]) => Array.isArray(value) && value.length > 1)) {
    if (!values.has(0) || Math.max(...values) !== values.size - 1)
      throw new TrinephronError("E_MODEL", `${path}: labels are not 0, 1, 2 and so on`);
    const named = used.map(([name, value]): [number, string] => [[value].flat()[0], name]);
    return exclusiveClasses(values.size, new Map(named.filter(([value]) => value !== 0)));
  }
  const regions = used.filter(([, value]) => [value].flat().some((v) => v !== 0));
  if (order?.length !== regions.length)
    throw new TrinephronError(
      "E_MODEL",
      `${path}: ${regions.length} regions, but regions_class_order has ${order?.length ?? "none"}`,
    );
  // The logistic function is above a half where its argument is above 0.
  const named = new Map(regions.map(([name], n) => [order[n], name] as const));
  return overlappingClasses(order, named, (logit) => logit > 0);
}
