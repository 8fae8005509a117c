import { extname } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { runPool } from "../../base/threads.ts";
import type { Work } from "../../base/work.ts";
import {
  type AffineMap,
  apply,
  type Geometry,
  gridAround,
  indexToPoint,
  isotropic,
  resample,
  type Vec3,
  type Volume,
} from "../../numerics/volume/index.ts";
import type { ElastixJob } from "./elastix.ts";
import { normalizedMutualInformation } from "./mutualInformation.ts";
import { placed, rotationDegrees } from "./rigid.ts";

/** A ball of the patient that must come to fit: the kidneys move with the breath, the spine does not. */
export interface Region {
  /** LPS mm. */
  readonly center: Vec3;
  readonly radiusMm: number;
}

/** Which part of the images must come to fit. */
export interface RegisterOptions extends Work {
  /** Default: all of the fixed image. */
  readonly around?: Region | undefined;
}

/**
 * What became of a registration: the image is moved; or it is left as scanned, because nothing was gained, because the
 * images hardly overlap, because it moved farther than a body does, or because elastix gave up.
 */
export const outcomes = ["used", "no better", "no overlap", "astray", "failed"] as const;
/** One of {@link outcomes}. */
export type Outcome = (typeof outcomes)[number];

/** How one image lies to the fixed one, and whether that is to be used. */
export interface Registration {
  /** From points of the fixed image to points of the moving one, LPS mm. */
  readonly transform: AffineMap;
  /** At the region's centre. */
  readonly translationMm: Vec3;
  readonly rotationDegrees: number;
  /** {@link measure} within the region as scanned and after the registration; NaN where nothing overlaps. */
  readonly before: number;
  readonly after: number;
  readonly measure: typeof measure;
  readonly outcome: Outcome;
  /** Only where the outcome is `used`. False: leave the image as scanned. */
  readonly used: boolean;
  /** The outcome in words. */
  readonly remark: string;
}

/** What a registration is judged by. */
export const measure = "normalised mutual information";

/** Further than breath and a turn on the table move a kidney, a registration went astray. */
const most = { mm: 60, degrees: 15 };
/** A gain below this is noise: the image lies where it should. */
const leastGain = 1e-3;
/** Share of the region that must be inside the moving image for the measure to mean something. */
const leastOverlap = 0.5;
/** How far around the region the moving image is read, mm. */
const reach = 50;
const [finest, mostVoxels] = [1.25, 150];

/** Images are read one at a time, and only the part around the region is kept. */
export type Loaded = () => Volume | Promise<Volume>;

/**
 * Registers images rigidly to a fixed one, each on a thread, and judges each by a measure elastix has no part in.
 * @throws E_INTERRUPTED; a registration that elastix gives up, or that made things worse, is no error: it is not used
 */
export async function registerRigid(
  fixed: Volume,
  moving: readonly Loaded[],
  { around = whole(fixed), threads, signal, progress }: RegisterOptions = {},
): Promise<Registration[]> {
  const mm = Math.max(finest, Math.min(...fixed.spacing), (2 * around.radiusMm) / mostVoxels);
  const part = (volume: Volume, radius: number) =>
    resample(volume, clipped(volume, around.center, radius, mm), { antialias: true, fill: -1024 });
  const target = part(fixed, around.radiusMm);
  const jobs: ElastixJob[] = [];
  for (const load of moving) {
    signal?.throwIfAborted();
    jobs.push({ fixed: target, moving: part(await load(), around.radiusMm + reach) });
  }
  const results: Registration[] = [];
  let done = 0;
  await runPool<ElastixJob, AffineMap>(jobs, {
    worker: new URL(`./elastix.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      results[index] = judged(jobs[index], outcome, around.center);
      progress?.("aligning series", ++done, jobs.length);
    },
  });
  return results;
}

function judged(
  { fixed, moving }: ElastixJob,
  found: AffineMap | TrinephronError,
  center: Vec3,
): Registration {
  const identity: AffineMap = { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] };
  const transform = found instanceof TrinephronError ? identity : found;
  const to = apply(transform, center);
  const translationMm: Vec3 = [to[0] - center[0], to[1] - center[1], to[2] - center[2]];
  const turned = rotationDegrees(transform);
  const [before, after] = [identity, transform].map((t) => similarity(fixed, moving, t));
  const facts = { transform, translationMm, rotationDegrees: turned, before, after, measure } as const;
  const refused = (outcome: Exclude<Outcome, "used">, why: string): Registration => ({
    ...facts,
    outcome,
    used: false,
    remark: `${why}: left as scanned`,
  });
  if (found instanceof TrinephronError) return refused("failed", found.message);
  const moved = Math.hypot(...translationMm);
  if (moved > most.mm || turned > most.degrees)
    return refused(
      "astray",
      `moved by ${moved.toFixed(0)} mm and ${turned.toFixed(0)}°, more than a body moves`,
    );
  if (Number.isNaN(after)) return refused("no overlap", "the images hardly overlap");
  // As scanned nothing overlaps where the table moved: any fit is then better than none.
  if (after < before + leastGain)
    return refused("no better", `no better than as scanned (moved by ${moved.toFixed(1)} mm)`);
  const remark = `moved by ${moved.toFixed(1)} mm and ${turned.toFixed(1)}°`;
  return { ...facts, outcome: "used", used: true, remark };
}

function similarity(fixed: ElastixJob["fixed"], moving: ElastixJob["moving"], transform: AffineMap): number {
  const there = resample(placed(moving, transform), fixed, { fill: Number.NaN }).data;
  const overlap = there.reduce((n, hu) => n + (Number.isNaN(hu) ? 0 : 1), 0) / there.length;
  return overlap < leastOverlap ? Number.NaN : normalizedMutualInformation(fixed.data, there);
}

/** The part of a ball's box that an image covers, `mm` apart, axes along L, P, S. */
function clipped(image: Geometry, center: Vec3, radius: number, mm: number): Geometry {
  const corners = Array.from({ length: 8 }, (_, c) =>
    indexToPoint(image, [0, 1, 2].map((a) => (c & (1 << a) ? image.size[a] - 1 : 0)) as unknown as Vec3),
  );
  const range = ([0, 1, 2] as const).map((a) => {
    const own = corners.map((corner) => corner[a]);
    const low = Math.max(Math.min(...own), center[a] - radius);
    return [low, Math.max(low, Math.min(Math.max(...own), center[a] + radius))] as const;
  });
  const size = range.map(([low, high]) => Math.max(2, Math.floor((high - low) / mm) + 1));
  const middle = range.map(([low, high]) => (low + high) / 2);
  return gridAround([middle[0], middle[1], middle[2]], [size[0], size[1], size[2]], [mm, mm, mm]);
}

function whole(image: Geometry): Region {
  const { size, spacing } = isotropic(image, 1);
  const center = indexToPoint(image, [
    (image.size[0] - 1) / 2,
    (image.size[1] - 1) / 2,
    (image.size[2] - 1) / 2,
  ]);
  return { center, radiusMm: Math.max(...size.map((n, a) => (n * spacing[a]) / 2)) };
}
