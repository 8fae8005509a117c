import { derivedSeed, random } from "../../../base/random.ts";
import {
  type Crop,
  type CropSettings,
  type Cube,
  cubesOf,
  edgesMm,
} from "../../../learning/crop/cropInput.ts";
import { aucReplicates, auc as aucValue, bootstrapDifference } from "../../../numerics/stats/index.ts";
import type { Case } from "../../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { RobustnessRow } from "../experimentResults.ts";
import { type Logits, sampleOf, scoresOf } from "../logits.ts";
import type { Perturbation } from "../plan.ts";

/** Full width at half maximum of a Gaussian, over its standard deviation. */
const fwhmOverSigma = 2 * Math.sqrt(2 * Math.LN2);

/** E.g. `noise 10 HU`. */
export function perturbationName(p: Perturbation): string {
  switch (p.kind) {
    case "noise":
      return `noise ${p.sigmaHu} HU`;
    case "smooth":
      return `smoother, FWHM ${p.fwhmMm} mm`;
    case "sharpen":
      return `sharper, ${p.amount} × detail under ${p.fwhmMm} mm`;
    case "dilate":
      return `tumour mask + ${p.voxels} voxel${p.voxels > 1 ? "s" : ""}`;
    case "erode":
      return `tumour mask − ${p.voxels} voxel${p.voxels > 1 ? "s" : ""}`;
    case "shift":
      return `masks moved by ${p.voxels.join(", ")} voxels`;
    case "swap":
      return `${p.phases.join(" and ")} swapped`;
    case "drop":
      return `without ${p.phase}`;
  }
}

/** Whether crops of these settings have what it changes. */
export function perturbationApplies(p: Perturbation, { phases, maskChannels }: CropSettings): boolean {
  if (p.kind === "swap") return p.phases.every((phase) => phases.includes(phase));
  if (p.kind === "drop") return phases.length > 1 && phases.includes(p.phase);
  return maskChannels || !(p.kind === "dilate" || p.kind === "erode" || p.kind === "shift");
}

/**
 * A crop as it might have come instead; its place and extent stay, as if only the network's input had changed. All is
 * done on the crop's own grid: noise is of its voxels, not of the scanner's, which averaging makes smaller.
 *
 * - `noise`: Gaussian, of standard deviation `sigmaHu`.
 * - `smooth`: Gaussian of `fwhmMm`; `sharpen`: adds `amount` of what that Gaussian takes away.
 * - `dilate`, `erode`: largest or smallest occupancy of the tumour among a voxel and its six neighbours, `voxels`
 *   times; kidney gains what the tumour gains.
 * - `shift`: both masks, by voxels along L, P, S; empty where nothing was. Of a wider cube the nearest whole voxels are
 *   taken, as with `dilate` and `erode`: masks moved by less than half of one stay as they are there.
 * - `swap`: two phases change places; `drop`: a phase is absent, unless it is the only one.
 * @param seed of the noise; a draw of its own for each case
 */
export function perturb(crop: Crop, settings: CropSettings, p: Perturbation, seed: number): Crop {
  const { present } = crop;
  if (p.kind === "drop") {
    const kept = present.map((there, i) => there && settings.phases[i] !== p.phase);
    if (!kept.includes(true)) return crop;
    return withCubes({ ...crop, present: kept }, (cube) => ({
      ...cube,
      hu: perPhase(cube.hu, settings, (phase, i) => (kept[i] ? phase : phase.fill(0))),
    }));
  }
  if (p.kind === "swap") {
    const [a, b] = p.phases.map((phase) => settings.phases.indexOf(phase));
    const from = settings.phases.map((_, i) => (i === a ? b : i === b ? a : i));
    const swapped = { ...crop, present: from.map((source) => present[source]) };
    return withCubes(swapped, (cube) => {
      const size = settings.voxels ** 3;
      const phase = (i: number) => cube.hu.subarray(i * size, (i + 1) * size);
      return { ...cube, hu: perPhase(cube.hu, settings, (_, i) => phase(from[i])) };
    });
  }
  const { normal } = random(derivedSeed(seed, "noise", crop.case));
  const edges = edgesMm(settings);
  return withCubes(crop, (cube, c) => {
    const n = settings.voxels;
    switch (p.kind) {
      case "noise":
        return { ...cube, hu: cube.hu.map((hu) => toInt16(hu + p.sigmaHu * normal())) };
      case "smooth":
      case "sharpen": {
        const sigma = p.fwhmMm / fwhmOverSigma / (edges[c] / n);
        const hu = perPhase(cube.hu, settings, (phase, i) => {
          if (!present[i]) return phase;
          const image = Float32Array.from(phase);
          const soft = blur(image, n, sigma);
          const changed =
            p.kind === "smooth" ? soft : image.map((value, v) => value + p.amount * (value - soft[v]));
          return Int16Array.from(changed, toInt16);
        });
        return { ...cube, hu };
      }
      default:
        return { ...cube, mask: perturbedMask(cube.mask, n, p, edges[0] / edges[c]) };
    }
  });
}

function withCubes(crop: Crop, change: (cube: Cube, index: number) => Cube): Crop {
  const [own, context] = cubesOf(crop).map(change);
  return { ...crop, hu: own.hu, mask: own.mask, ...(context && { context }) };
}

/** A copy, each phase changed. */
function perPhase(
  hu: Int16Array,
  { voxels, phases }: CropSettings,
  change: (phase: Int16Array, index: number) => Int16Array,
): Int16Array {
  const size = voxels ** 3;
  const out = new Int16Array(hu.length);
  for (const i of phases.keys()) out.set(change(hu.slice(i * size, (i + 1) * size), i), i * size);
  return out;
}

/** @param scale of `voxels`, to whole ones: a wider cube has larger voxels */
function perturbedMask(
  mask: Uint8Array,
  n: number,
  p: Extract<Perturbation, { readonly kind: "dilate" | "erode" | "shift" }>,
  scale: number,
): Uint8Array {
  const size = n ** 3;
  const out = new Uint8Array(2 * size);
  if (p.kind === "shift") {
    const by = p.voxels.map((v) => Math.round(v * scale)) as [number, number, number];
    for (let m = 0; m < 2; m++) out.set(moved(mask.subarray(m * size, (m + 1) * size), n, by), m * size);
    return out;
  }
  const kidney = mask.slice(0, size);
  let tumor = mask.slice(size);
  for (let step = 0; step < Math.round(p.voxels * scale); step++)
    tumor = extreme(tumor, n, p.kind === "dilate" ? Math.max : Math.min);
  out.set(p.kind === "dilate" ? kidney.map((value, v) => Math.max(value, tumor[v])) : kidney);
  out.set(tumor, size);
  return out;
}

/**
 * Change of each task's AUC under each perturbation: paired bootstrap by case, stratified by class, percentile
 * interval; p is normal, of the difference over the replicates' standard deviation.
 */
export function robustnessRows(
  cases: readonly Case[],
  tasks: readonly TaskDefinition[],
  plain: Logits,
  perturbed: readonly { readonly name: string; readonly logits: Logits }[],
  options: { readonly seed: number; readonly replicates: number },
): RobustnessRow[] {
  return tasks.flatMap((definition) => {
    const sample = sampleOf(cases, definition);
    const { task, labels, positives } = sample;
    const before = scoresOf(sample, plain);
    return perturbed.map(({ name, logits }): RobustnessRow => {
      const after = scoresOf(sample, logits);
      const [value, plainValue] = [aucValue(labels, after), aucValue(labels, before)];
      const [a, b] = aucReplicates(labels, [after, before], options);
      const { difference, ci, p, standardError } = bootstrapDifference(value - plainValue, a, b);
      return {
        perturbation: name,
        task,
        n: labels.length,
        positives,
        plain: plainValue,
        value,
        difference,
        ci: [ci[0], ci[1]],
        p: standardError === 0 ? 1 : p,
      };
    });
  });
}

const toInt16 = (hu: number): number => Math.round(Math.min(Math.max(hu, -32768), 32767));

/** Separable Gaussian along i, j, k, the outermost voxel repeated beyond the edge. @param sigma in voxels, > 0 */
function blur(image: Float32Array, n: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const raw = Array.from({ length: 2 * radius + 1 }, (_, t) =>
    Math.exp(-((t - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = raw.reduce((a, b) => a + b);
  let from = image;
  for (const stride of [1, n, n * n]) {
    const to = new Float32Array(from.length);
    for (let v = 0; v < from.length; v++) {
      const at = Math.floor(v / stride) % n;
      let sum = 0;
      for (let t = -radius; t <= radius; t++)
        sum += raw[t + radius] * from[v + (Math.min(Math.max(at + t, 0), n - 1) - at) * stride];
      to[v] = sum / total;
    }
    from = to;
  }
  return from;
}

/** Of each voxel and its six neighbours, those outside left out. */
function extreme(
  mask: Uint8Array<ArrayBuffer>,
  n: number,
  pick: (a: number, b: number) => number,
): Uint8Array<ArrayBuffer> {
  return mask.map((value, v) => {
    let found = value;
    for (const stride of [1, n, n * n]) {
      const at = Math.floor(v / stride) % n;
      if (at > 0) found = pick(found, mask[v - stride]);
      if (at < n - 1) found = pick(found, mask[v + stride]);
    }
    return found;
  });
}

function moved(mask: Uint8Array, n: number, [di, dj, dk]: readonly [number, number, number]): Uint8Array {
  const out = new Uint8Array(mask.length);
  const inside = (x: number) => x >= 0 && x < n;
  for (let k = 0, v = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, v++)
        if (inside(i - di) && inside(j - dj) && inside(k - dk))
          out[v] = mask[i - di + n * (j - dj + n * (k - dk))];
  return out;
}
