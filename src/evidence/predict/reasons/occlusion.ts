import type { Work } from "../../../base/work.ts";
import { type Crop, type CropSettings, type Cube, edgesMm } from "../../../learning/crop/cropInput.ts";
import type { Predictor } from "../../../learning/trained/predictor.ts";
import type { Task } from "../../../patients/cohort/taskDefinition.ts";

export interface OcclusionOptions extends Omit<Work, "threads"> {
  /** Edge of the cube covered at a time, and from one to the next; shares of the crop's edge. */
  readonly cube?: number;
  readonly step?: number;
}

/**
 * Occlusion sensitivity (Zeiler & Fergus, ECCV 2014): how much a task's probability falls where a cube is covered in
 * every phase by that phase's mean HU over the kidney. Masks stay, so a map shows what the image says, not the shape.
 * Only cubes that touch the kidney or its tumours are covered.
 * @returns by task, `[D, H, W]` of the crop's grid: mean fall of the probability over the cubes that cover a voxel
 */
export async function occlusion(
  predictor: Predictor,
  crop: Crop,
  settings: CropSettings,
  tasks: readonly Task[],
  { cube = 1 / 4, step = 1 / 6, signal, progress }: OcclusionOptions = {},
): Promise<Partial<Record<Task, Float32Array>>> {
  const { voxels, phases } = settings;
  const edge = Math.max(1, Math.round(cube * voxels));
  const stride = Math.max(1, Math.round(step * voxels));
  const size = voxels ** 3;
  const kidney = crop.mask.subarray(0, size);
  const cubes = starts(voxels, edge, stride).filter((start) => touches(kidney, start, edge, voxels));
  const means = phases.map((_, p) => meanWithin(crop.hu.subarray(p * size, (p + 1) * size), kidney));
  const { probabilities } = await predictor.answer(crop);
  const sums = new Map(tasks.map((task) => [task, new Float32Array(size)]));
  const counts = new Uint16Array(size);
  for (const [n, start] of cubes.entries()) {
    signal?.throwIfAborted();
    const hu = crop.hu.slice();
    each(start, edge, voxels, (v) => {
      for (let p = 0; p < phases.length; p++) hu[p * size + v] = means[p];
    });
    const around = crop.context && coveredContext(crop.context, start, edge, means, settings);
    const covered = (await predictor.answer({ ...crop, hu, ...around })).probabilities;
    each(start, edge, voxels, (v) => {
      counts[v]++;
      for (const task of tasks) sums.get(task)![v] += probabilities[task]! - covered[task]!;
    });
    progress?.("explaining", n + 1, cubes.length);
  }
  return Object.fromEntries(
    tasks.map((task) => [task, sums.get(task)!.map((sum, v) => (counts[v] > 0 ? sum / counts[v] : 0))]),
  );
}

/** The wider cube with the same place covered: its voxels whose centres lie there. */
function coveredContext(
  context: Cube,
  start: Start,
  edge: number,
  means: readonly number[],
  settings: CropSettings,
): Pick<Crop, "context"> {
  const { voxels } = settings;
  const [own, wide] = edgesMm(settings);
  const hu = context.hu.slice();
  const wider = (at: number) => ((at / voxels - 0.5) * own) / wide + 0.5;
  const first = start.map((at) => Math.ceil(wider(at) * voxels - 0.5)) as [number, number, number];
  const last = start.map((at) => Math.ceil(wider(at + edge) * voxels - 0.5));
  for (let k = first[2]; k < last[2]; k++)
    for (let j = first[1]; j < last[1]; j++)
      for (let i = first[0]; i < last[0]; i++)
        means.forEach((mean, p) => (hu[p * voxels ** 3 + i + voxels * (j + voxels * k)] = mean));
  return { context: { ...context, hu } };
}

type Start = readonly [number, number, number];

/** Corners of cubes that cover the crop; the last along an axis ends at its end. */
function starts(voxels: number, edge: number, stride: number): Start[] {
  const along: number[] = [];
  for (let at = 0; at < voxels - edge; at += stride) along.push(at);
  along.push(voxels - edge);
  return along.flatMap((k) => along.flatMap((j) => along.map((i): Start => [i, j, k])));
}

function each([i0, j0, k0]: Start, edge: number, voxels: number, visit: (v: number) => void): void {
  for (let k = k0; k < k0 + edge; k++)
    for (let j = j0; j < j0 + edge; j++)
      for (let i = i0; i < i0 + edge; i++) visit(i + voxels * (j + voxels * k));
}

function touches(mask: Uint8Array, start: Start, edge: number, voxels: number): boolean {
  let found = false;
  each(start, edge, voxels, (v) => {
    if (mask[v] > 127) found = true;
  });
  return found;
}

function meanWithin(hu: Int16Array, mask: Uint8Array): number {
  let [sum, n] = [0, 0];
  for (let v = 0; v < hu.length; v++)
    if (mask[v] > 127) {
      sum += hu[v];
      n++;
    }
  return n > 0 ? Math.round(sum / n) : 0;
}
