import type { Random } from "../../../../base/random.ts";
import { cropInto } from "../../../../numerics/volume/crop.ts";
import { boundingBox, boxSize, distanceTransform, type Volume } from "../../../../numerics/volume/index.ts";
import type { PaintedPatient, TumorDraw } from "./enhancement.ts";
import { smoothField } from "./smoothField.ts";
import type { TissueMap } from "./tissues.ts";
import { tissueCode } from "./tissues.ts";

/** Share of a calcified tumour that is calcium. */
const calciumShare = 0.006;

/**
 * Fills label 2: viable tumour with a texture of two grains, a necrotic core where pathology found necrosis
 * (a larger share of larger tumours), and clumps of calcium in some.
 */
export function paintTumor(
  map: TissueMap,
  mask: Volume<Uint8Array>,
  { necrosis }: PaintedPatient,
  { calcified }: TumorDraw,
  random: Random,
): void {
  const { size, spacing } = mask;
  const tumor = mask.data.map((v) => (v === 2 ? 1 : 0));
  const tight = boundingBox(tumor, size);
  if (!tight) return;
  const box = {
    start: [tight.start[0] - 1, tight.start[1] - 1, tight.start[2] - 1] as const,
    end: [tight.end[0] + 1, tight.end[1] + 1, tight.end[2] + 1] as const,
  };
  const part = boxSize(box);
  const inside = new Uint8Array(part[0] * part[1] * part[2]);
  cropInto(inside, tumor, size, box);
  const at = voxelsOf(inside);
  const volume = (at.length * spacing[0] * spacing[1] * spacing[2]) / 1000;
  /** Diameter of a ball of the tumour's volume, mm. */
  const diameter = 10 * Math.cbrt((6 * volume) / Math.PI);

  const coarse = smoothField(part, spacing, Math.min(Math.max(0.22 * diameter, 5), 12), random);
  const fine = smoothField(part, spacing, 3.5, random);
  const texture = standardized(at, (n) => 0.8 * coarse[n] + 0.5 * fine[n]);
  const share = (0.06 + 0.16 * random.uniform()) * (1 + Math.min(diameter / 60, 2));
  const core = smoothField(part, spacing, Math.max(0.3 * diameter, 6), random);
  const target = (n: number) => {
    const i = n % part[0];
    const j = Math.floor(n / part[0]) % part[1];
    const k = Math.floor(n / (part[0] * part[1]));
    return box.start[0] + i + size[0] * (box.start[1] + j + size[1] * (box.start[2] + k));
  };
  const dead = necrosis ? highest(at, necrosisScore(inside, part, spacing, core), share) : new Set<number>();
  const calcium = calcified
    ? highest(
        at,
        fine.map((f, n) => f - 0.5 * coarse[n]),
        calciumShare,
      )
    : new Set<number>();
  for (let v = 0; v < at.length; v++) {
    const n = target(at[v]);
    map.tissue[n] = calcium.has(at[v])
      ? tissueCode.calcification
      : dead.has(at[v])
        ? tissueCode.necrosis
        : tissueCode.tumor;
    map.detail[n] = texture[v];
  }
}

/** High in the middle of the tumour, with irregular edges. */
function necrosisScore(
  inside: Uint8Array,
  size: readonly [number, number, number],
  spacing: readonly [number, number, number],
  core: Float32Array,
): Float32Array {
  const depth = distanceTransform(
    inside.map((v) => v ^ 1),
    size,
    spacing,
  );
  const deepest = depth.reduce((a, b) => Math.max(a, b), 0);
  return depth.map((d, n) => d / deepest + 0.45 * core[n]);
}

function voxelsOf(inside: Uint8Array): Int32Array {
  let count = 0;
  for (let n = 0; n < inside.length; n++) count += inside[n];
  const at = new Int32Array(count);
  for (let n = 0, v = 0; n < inside.length; n++) if (inside[n]) at[v++] = n;
  return at;
}

/** The voxels with the highest scores, `share` of all. */
function highest(at: Int32Array, score: Float32Array, share: number): ReadonlySet<number> {
  const scores = Float32Array.from(at, (n) => score[n]).sort();
  const threshold = scores[Math.floor((scores.length - 1) * (1 - share))];
  return new Set(at.filter((n) => score[n] > threshold));
}

/** Values at the given voxels shifted and scaled to mean 0, SD 1, so that a tumour's mean HU is the one drawn. */
function standardized(at: Int32Array, value: (n: number) => number): Float32Array {
  const values = Float32Array.from(at, value);
  let sum = 0;
  let squares = 0;
  for (const v of values) {
    sum += v;
    squares += v * v;
  }
  const mean = sum / values.length;
  const sd = Math.sqrt(Math.max(squares / values.length - mean * mean, 1e-6));
  return values.map((v) => (v - mean) / sd);
}
