import { join } from "node:path";
import { encode } from "fast-png";
import { readNifti } from "../../imaging/formats/nifti/index.ts";
import { reorient, type Volume } from "../../numerics/volume/index.ts";
import type { Case, Phase } from "../../patients/cohort/case.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import { type Thresholds, thresholdOf } from "../predictions/thresholds.ts";
import type { Results } from "./results.ts";

type Example = Results["examples"][number];

/** HU of a kidney shown as black and as white. */
const kidneyWindow = [-160, 340] as const;
const tumor = 2;
/** Kidney, tumour, cyst: RGBA. */
const tints: Readonly<Record<number, readonly number[]>> = {
  1: [0, 114, 178, 60],
  2: [230, 159, 0, 110],
  3: [86, 180, 233, 90],
};

/**
 * The cases to print: the one answered best and the one answered worst in all tasks together, and for each task the
 * worst of those left, so that failures are shown, not hidden.
 */
export function chooseExamples(
  predictions: readonly PredictionRow[],
  model: string,
  tasks: readonly Task[],
): { case: string; caption: string }[] {
  const errors = new Map<string, Partial<Record<Task, number>>>();
  for (const p of predictions) {
    if (p.label === undefined) continue;
    errors.set(p.case, { ...errors.get(p.case), [p.task]: Math.abs(p.label - p.probabilities[model]) });
  }
  const mean = (e: Partial<Record<Task, number>>) => {
    const values = Object.values(e).filter((error) => error !== undefined);
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  const ranked = [...errors].toSorted(([a, x], [b, y]) => mean(x) - mean(y) || a.localeCompare(b));
  const chosen: { case: string; caption: string }[] = [];
  const choose = (found: [string, unknown] | undefined, caption: string) => {
    if (found && !chosen.some((c) => c.case === found[0])) chosen.push({ case: found[0], caption });
  };
  choose(ranked[0], "answered best in all tasks together");
  choose(ranked[Math.floor(ranked.length / 2)], "the median case");
  for (const task of tasks) {
    const left = ranked.filter(([id, e]) => e[task] !== undefined && !chosen.some((c) => c.case === id));
    choose(
      left.toSorted(([, x], [, y]) => y[task]! - x[task]!)[0],
      `the largest error in ${task} of the cases left`,
    );
  }
  return chosen;
}

/** What is shown of a case. */
interface Shown {
  readonly phases: readonly Phase[];
  /** Black and white. */
  readonly window?: readonly [number, number];
}

/** Pictures of one case at the axial slice of largest tumour area, with the model's answers. */
export async function example(
  folder: string,
  c: Case,
  caption: string,
  predictions: readonly PredictionRow[],
  thresholds: Thresholds,
  model: string,
  { phases, window = kidneyWindow }: Shown,
): Promise<Example> {
  const mask = c.mask === undefined ? undefined : reorient(await readNifti(join(folder, c.mask)));
  const slice = mask ? largestTumorSlice(mask) : undefined;
  const images: Example["images"] = {};
  for (const phase of phases) {
    const path = c.images[phase];
    if (path === undefined) continue;
    const volume = reorient(await readNifti(join(folder, path)));
    images[phase] = gray(volume, slice ?? volume.size[2] >> 1, window);
  }
  return {
    case: c.case,
    center: c.center,
    caption,
    images,
    mask: mask && slice !== undefined ? tinted(mask, slice) : null,
    answers: predictions
      .filter((p) => p.case === c.case)
      .map((p) => ({
        task: p.task,
        label: p.label ?? null,
        probability: p.probabilities[model],
        threshold: thresholdOf(thresholds, p.task, model).threshold,
      })),
  };
}

function largestTumorSlice({ data, size: [nx, ny, nz] }: Volume): number {
  const areas = Array.from(
    { length: nz },
    (_, k) =>
      Array.from(data.subarray(k * nx * ny, (k + 1) * nx * ny)).filter((label) => label === tumor).length,
  );
  return areas.indexOf(Math.max(...areas));
}

const plane = ({ data, size: [nx, ny] }: Volume, k: number) => data.subarray(k * nx * ny, (k + 1) * nx * ny);

// The first row is the front and the first column the patient's right, as radiologists look at axial slices.
function gray(volume: Volume, k: number, [low, high]: readonly [number, number]): string {
  const data = Uint8Array.from(plane(volume, k), (hu) =>
    Math.round((255 * Math.min(Math.max(hu - low, 0), high - low)) / (high - low)),
  );
  return png(data, volume, 1);
}

function tinted(mask: Volume, k: number): string {
  const labels = plane(mask, k);
  const data = new Uint8Array(4 * labels.length);
  labels.forEach((label, i) => data.set(tints[label] ?? [0, 0, 0, 0], 4 * i));
  return png(data, mask, 4);
}

function png(data: Uint8Array, { size: [width, height] }: Volume, channels: 1 | 4): string {
  return `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels })).toString("base64")}`;
}
