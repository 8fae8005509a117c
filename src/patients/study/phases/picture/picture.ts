import {
  crop,
  type Geometry,
  pointToIndex,
  resample,
  type Vec3,
  type Volume,
} from "../../../../numerics/volume/index.ts";
import { type Enhancement, enhancement } from "../../../cohort/check/phaseOrder.ts";
import { aortaHu } from "./aorta.ts";
import { coarse } from "./coarse.ts";
import { type Cortex, cortexOf } from "./cortex.ts";
import { enhancedKidneys } from "./kidneys.ts";
import { spinePath } from "./spine.ts";

/** What a kidney shows of the contrast medium. */
interface KidneyPicture extends Enhancement {
  /** Undefined where too little of it is to be seen. */
  readonly cortex: Cortex | undefined;
}

/** What an image shows of the contrast medium. */
export interface Picture {
  /** Undefined where none was found. */
  readonly kidney?: KidneyPicture | undefined;
  /** Whether the kidney was drawn, or found by brightness (then a tumour in it counts as kidney). */
  readonly drawn: boolean;
  /** HU of the aorta, or of what else lies before the spine; undefined where none was found. */
  readonly aorta?: number | undefined;
  /** The image covers enough of a trunk that enhanced kidneys would have been found. */
  readonly trunk: boolean;
}

/** Distance between the voxels looked at, mm. */
const grid = 2.5;

/**
 * Looks for spine, aorta and kidneys by their shape, place and brightness.
 * @param volume HU
 * @param kidney 1 kidney, 2 tumour, 3 cyst, nothing of the other kidney, where it is known; on a grid of its own
 */
export function readPicture(volume: Volume, kidney?: Volume<Uint8Array>): Picture {
  const image = coarse(volume, grid);
  const spine = spinePath(image);
  const aorta = spine && aortaHu(image, spine);
  const trunk = spine !== undefined && coversTrunk(image);
  const drawn = kidney && enhancement(kidney, volume);
  if (kidney && drawn) {
    const onImage = resample(kidney, image, { interpolation: "nearest" });
    return { kidney: { ...drawn, cortex: cortexOf(onImage, image.data) }, drawn: true, aorta, trunk };
  }
  const found = enhancedKidneys(image, spine).flatMap((mask) => {
    const shown = enhancement(mask, image);
    return shown ? { ...shown, cortex: cortexOf(mask, onGrid(image, mask)) } : [];
  });
  return { kidney: found.length > 0 ? both(found) : undefined, drawn: false, aorta, trunk };
}

/** The brighter of two: a tumour, and a spleen taken for a kidney, are less bright. One opacified collecting system is enough. */
function both(kidneys: readonly KidneyPicture[]): KidneyPicture {
  const bright = kidneys.reduce((a, b) => (b.median > a.median ? b : a));
  return { ...bright, brightMl: Math.max(...kidneys.map(({ brightMl }) => brightMl)) };
}

/** The image on a grid that is part of its own. */
function onGrid(image: Volume<Float32Array>, part: Geometry): Float32Array {
  const start = pointToIndex(image, part.origin).map(Math.round) as unknown as Vec3;
  const end = start.map((n, a) => n + part.size[a]) as unknown as Vec3;
  return crop(image, { start, end }).data;
}

/** A stretch of at least 12 cm that holds more soft tissue than a limb or a neck does: 2.5 L. */
function coversTrunk({ data, size, spacing }: Volume<Float32Array>): boolean {
  const tissue = data.reduce((n, hu) => n + (hu > -30 && hu < 300 ? 1 : 0), 0);
  const ml = (tissue * spacing[0] * spacing[1] * spacing[2]) / 1000;
  return ml > 2500 && size[2] * spacing[2] > 120;
}
