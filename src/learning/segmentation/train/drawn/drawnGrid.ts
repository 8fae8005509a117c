import { derivedSeed, random } from "../../../../base/random.ts";
import { type Geometry, lpsDirection, type Vec3 } from "../../../../numerics/volume/volume.ts";
import type { AbdomenLandmark, AbdomenPlan } from "../../../../patients/synthetic/abdomen/abdomen.ts";
import type { SegmentSettings } from "../segmentSettings.ts";

type Where = Pick<SegmentSettings["drawn"], "extent" | "jitter" | "empty">;
type Range = Pick<AbdomenPlan, "low" | "high">;

/** Places tried for a part without a kidney. */
const tries = 40;

/**
 * The voxels of one simulated patient that are drawn: all that the scan covers, or a part of it around a kidney, tumour
 * or cyst (each kind as likely), or away from them. It ends where the scan ends.
 * @param seed of the patient, which the place follows from
 * @param spacing mm along D, H, W
 */
export function drawnGrid(
  seed: number,
  plan: AbdomenPlan,
  spacing: Vec3,
  { extent, jitter, empty }: Where,
): Geometry {
  if (extent === "scan") return gridBetween(plan, spacing);
  const half: Vec3 = [extent[2] / 2, extent[1] / 2, extent[0] / 2];
  const { uniform, integer } = random(derivedSeed(seed, "part"));
  const within = ({ center }: AbdomenLandmark) =>
    center.every((mm, a) => mm > plan.low[a] && mm < plan.high[a]);
  const seen = plan.landmarks.filter(within);
  let middle: Vec3;
  if (uniform() < empty || seen.length === 0) middle = awayFrom(plan, half, uniform);
  else {
    const kinds = [...new Set(seen.map(({ kind }) => kind))];
    const kind = kinds[integer(kinds.length)];
    const chosen = seen.filter((landmark) => landmark.kind === kind);
    const { center } = chosen[integer(chosen.length)];
    middle = vec3((a) => center[a] + jitter * (2 * uniform() - 1));
  }
  return gridBetween(
    {
      low: vec3((a) => Math.max(middle[a] - half[a], plan.low[a])),
      high: vec3((a) => Math.min(middle[a] + half[a], plan.high[a])),
    },
    spacing,
  );
}

/** The middle of a part that no kidney or lesion reaches into, or of the one that lies farthest from them. */
function awayFrom({ low, high, landmarks }: AbdomenPlan, half: Vec3, uniform: () => number): Vec3 {
  let [best, farthest]: [Vec3, number] = [vec3((a) => (low[a] + high[a]) / 2), -Infinity];
  for (let n = 0; n < tries && farthest <= 0; n++) {
    const middle = vec3((a) => {
      const room = Math.max(high[a] - low[a] - 2 * half[a], 0);
      return (low[a] + high[a]) / 2 + room * (uniform() - 0.5);
    });
    const gaps = landmarks.map(
      ({ center, radius }) =>
        Math.hypot(...center.map((mm, a) => Math.max(Math.abs(mm - middle[a]) - half[a], 0))) - radius,
    );
    const gap = Math.min(Infinity, ...gaps);
    if (gap > farthest) [best, farthest] = [middle, gap];
  }
  return best;
}

/** Voxels that fill what lies between two corners, to half a voxel. */
function gridBetween({ low, high }: Range, [d, h, w]: Vec3): Geometry {
  const spacing: Vec3 = [w, h, d];
  const size = vec3((a) => Math.max(1, Math.round((high[a] - low[a]) / spacing[a])));
  const origin = vec3((a) => (low[a] + high[a]) / 2 - ((size[a] - 1) / 2) * spacing[a]);
  return { size, spacing, origin, direction: lpsDirection };
}

const vec3 = (of: (axis: 0 | 1 | 2) => number): Vec3 => [of(0), of(1), of(2)];
