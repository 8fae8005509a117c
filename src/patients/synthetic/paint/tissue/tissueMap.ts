import type { Random } from "../../../../base/random.ts";
import { close, distanceTransform, type Vec3 } from "../../../../numerics/volume/index.ts";
import type { PaintedPatient, TumorDraw } from "./enhancement.ts";
import type { Region } from "./region.ts";
import { smoothField } from "./smoothField.ts";
import { paintSurroundings } from "./surroundings.ts";
import type { TissueMap } from "./tissues.ts";
import { tissueCode } from "./tissues.ts";
import { paintTumor } from "./tumorTexture.ts";

/** The concavity of a kidney narrower than twice this, mm, is its sinus. */
const sinusRadius = 12;

/** Builds the anatomy of a region; of the patient it takes necrosis and calcification, of the mask its shapes. */
export function tissueMap(
  region: Region,
  patient: PaintedPatient,
  tumor: TumorDraw,
  random: Random,
): TissueMap {
  const { data: mask, size, spacing } = region.mask;
  const solid = mask.map((v) => (v === 0 ? 0 : 1));
  // Of the kidney alone: furrows of the tumour are no sinus.
  const filled = close(
    mask.map((v) => (v === 1 || v === 3 ? 1 : 0)),
    size,
    spacing,
    sinusRadius,
  ).map((v, n) => v | solid[n]);
  const outside = distanceTransform(solid, size, spacing);
  const depth = distanceTransform(
    filled.map((v) => (v === 0 ? 1 : 0)),
    size,
    spacing,
  );
  const map: TissueMap = { tissue: new Uint8Array(mask.length), detail: new Float32Array(mask.length) };
  paintSurroundings(map, region, { filled, outside }, random);
  paintSinus(map, mask, filled, outside, depth, size, spacing, random);
  paintKidney(map, mask, depth, size, spacing, random);
  if (region.structures) paintStructures(map, mask, region.structures);
  paintTumor(map, region.mask, patient, tumor, random);
  return map;
}

/** Cortex as a rim of 6–8 mm and as columns between the pyramids; medulla within; cysts as drawn. */
function paintKidney(
  { tissue, detail }: TissueMap,
  mask: Uint8Array,
  depth: Float32Array,
  size: Vec3,
  spacing: Vec3,
  random: Random,
): void {
  const rim = 6 + 2 * random.uniform();
  const pyramids = smoothField(size, spacing, 8, random);
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 3) tissue[n] = tissueCode.cyst;
    if (mask[n] !== 1) continue;
    const edge = (rim + 0.8 * pyramids[n] - depth[n]) / 1.5;
    const column = (pyramids[n] - 0.6) / 0.3;
    tissue[n] = tissueCode.cortex;
    detail[n] = Math.min(Math.max(edge, column, 0), 1);
  }
}

/** Fat, the collecting system in its middle, and branches of the renal vein. */
function paintSinus(
  { tissue }: TissueMap,
  mask: Uint8Array,
  filled: Uint8Array,
  outside: Float32Array,
  depth: Float32Array,
  size: Vec3,
  spacing: Vec3,
  random: Random,
): void {
  const wide = 0.15 + 0.25 * random.normal();
  const branches = smoothField(size, spacing, 9, random);
  for (let n = 0; n < mask.length; n++) {
    if (filled[n] === 0 || mask[n] !== 0) continue;
    const inside = Math.min(depth[n], 14) / 14;
    const calyx = branches[n] + 1.2 * inside - 0.55 > 0.3 - wide;
    tissue[n] =
      depth[n] > 4 && outside[n] > 0.8 && calyx
        ? tissueCode.collecting
        : depth[n] > 3 && branches[n] < -1
          ? tissueCode.vein
          : tissueCode.fat;
  }
}

function paintStructures({ tissue }: TissueMap, mask: Uint8Array, structures: Uint8Array): void {
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] !== 0) continue;
    if (structures[n] === 1 && tissue[n] === tissueCode.fat) tissue[n] = tissueCode.strand;
    else if (structures[n] === 2) tissue[n] = tissueCode.vein;
  }
}
