import { TrinephronError } from "../../../../base/errors.ts";
import {
  type Geometry,
  gridAround,
  indexToPoint,
  pointToIndex,
  resample,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../../numerics/volume/index.ts";
import type { GrownSource, Pointed, StudyMask } from "../../assembled.ts";
import { otherRemark } from "../../remark.ts";
import { type BoxFound, boxSearch, goesOnBeyond, type PatientBox } from "./boxSearch.ts";
import { growKidney } from "./growKidney.ts";
import { scaleSearch, searchReach } from "./scaleSearch.ts";

/** Distance between voxels that tumours and kidneys are grown on, mm. */
const [fine, coarse] = [1.5, 2];
/** How far from the tumour's middle its kidney may reach, mm. */
const kidneyReach = 110;
/** Tumours of 8 mm to 20 cm, mL. */
const [smallest, largest] = [0.25, 4000];
/** Median of a tumour with or without contrast medium, HU: not fat or lung, not bone. */
const [darkest, brightest] = [-20, 350];
/** Median Dice of the tumour on ten painted cases in the nephrographic phase, `bench/growMask.ts`. */
const measured: Readonly<Record<GrownSource, number>> = {
  "grown from a point": 0.76,
  "grown from a box": 0.92,
};
/** Below it the best size of a tumour does not stand out from what surrounds it. */
const leastScore = 0.3;

/** Whether it says where the tumour lies. */
export const isPointed = ({ point, box }: Pointed): boolean => point !== undefined || box !== undefined;

/** The tumour that is pointed at, grown with its kidney. @throws E_MASK as {@link growFromPoint} and {@link growFromBox} */
export const growFrom = (volume: Volume, { point, box }: Pointed): StudyMask =>
  point ? growFromPoint(volume, point) : growFromBox(volume, box!);

/**
 * A tumour of up to about 9 cm grown from a point in its middle, and the enhanced parenchyma of its kidney.
 *
 * @param volume of the reference phase, HU
 * @param point LPS mm
 * @throws E_MASK where the point lies outside the images or in fat, air or bone, or where nothing around it stands out
 */
export function growFromPoint(volume: Volume, point: Vec3): StudyMask {
  const what = `a tumour at ${written(point)}`;
  mustBeWithin(volume, point, what);
  const n = Math.ceil((2 * searchReach) / fine);
  const image = imageAround(volume, point, [n, n, n], fine);
  const found = scaleSearch(image, point);
  if (!found || found.score < leastScore)
    throw nothing(what, "nothing stands out from its surroundings there");
  const doubts = [
    "from a point, tumours with necrosis or cysts are often found in part: draw a box where the outline is too small",
    ...(found.score < 0.5 ? ["the tumour hardly stands out from its surroundings"] : []),
  ];
  return finished(volume, found, what, "grown from a point", doubts);
}

/**
 * A tumour grown within a box drawn around it, and the enhanced parenchyma of its kidney.
 *
 * @param volume of the reference phase, HU
 * @throws E_MASK where the box is empty, too large or outside the images, or nothing in it differs from its surroundings
 */
export function growFromBox(volume: Volume, [one, other]: PatientBox): StudyMask {
  const low = one.map((mm, axis) => Math.min(mm, other[axis])) as unknown as Vec3;
  const high = one.map((mm, axis) => Math.max(mm, other[axis])) as unknown as Vec3;
  const size = low.map((mm, axis) => high[axis] - mm);
  const what = `a tumour within ${written(low)} to ${written(high)}`;
  if (!size.every((mm) => mm >= 5 && mm <= 250)) throw nothing(what, "edges of 5 to 250 mm are needed");
  const middle = low.map((mm, axis) => (mm + high[axis]) / 2) as unknown as Vec3;
  mustBeWithin(volume, middle, what);
  const found = boxSearch(volume, [low, high]);
  const doubts = goesOnBeyond(found, [low, high])
    ? ["the tumour may go on beyond the box: check its edges, or draw the box larger"]
    : [];
  return finished(volume, found, what, "grown from a box", doubts);
}

function finished(
  volume: Volume,
  { image, mask }: BoxFound,
  what: string,
  source: GrownSource,
  doubts: readonly string[],
): StudyMask {
  const tumor = { ...image, data: mask };
  const values = image.data.filter((_, v) => tumor.data[v] !== 0).sort();
  const ml = values.length * voxelVolumeMl(tumor);
  const median = Math.round(values[values.length >> 1] ?? 0);
  if (ml < smallest || ml > largest) throw nothing(what, `what grew there has ${ml.toFixed(1)} mL`);
  if (median < darkest || median > brightest)
    throw nothing(what, `what grew there has ${median} HU, which is no soft tissue`);
  const middle = indexToPoint(image, image.size.map((n) => (n - 1) / 2) as unknown as Vec3);
  const n = Math.ceil((2 * kidneyReach) / coarse);
  const wide = imageAround(volume, middle, [n, n, n], coarse);
  const kidney = growKidney(wide, onto(tumor, wide));
  const labels = onto(tumor, volume);
  const parenchyma = kidney && onto({ ...wide, data: kidney }, volume);
  for (let v = 0; v < labels.length; v++) labels[v] = labels[v] ? 2 : (parenchyma?.[v] ?? 0);
  return {
    volume: { ...volume, data: labels },
    source,
    remarks: [
      {
        about: "grown mask",
        text: `tumour (${ml.toFixed(1)} mL)${kidney ? " and kidney" : ""} grown from the image, not drawn: check the outlines`,
      },
      ...[
        `tumours ${source} had a median Dice of ${measured[source]} on painted CT; on real renal tumours it is unknown`,
        ...doubts,
        ...(kidney ? [] : ["no enhanced kidney found beside the tumour: the mask has the tumour alone"]),
      ].map(otherRemark),
    ],
  };
}

const imageAround = (volume: Volume, middle: Vec3, size: Vec3, mm: number): Volume<Float32Array> =>
  resample(volume, gridAround(middle, size, [mm, mm, mm]), { antialias: true, fill: -1024 });

/** A mask on another grid, its edge where linear interpolation crosses one half. */
function onto(mask: Volume<Uint8Array>, grid: Geometry): Uint8Array<ArrayBuffer> {
  const share = resample(mask, grid, { antialias: true }).data;
  const data = new Uint8Array(share.length);
  for (let v = 0; v < data.length; v++) data[v] = share[v] >= 0.5 ? 1 : 0;
  return data;
}

function mustBeWithin(geometry: Geometry, point: Vec3, what: string): void {
  const index = pointToIndex(geometry, point);
  if (!index.every((at, axis) => at >= -0.5 && at <= geometry.size[axis] - 0.5))
    throw new TrinephronError(
      "E_MASK",
      `${what}: outside the images`,
      "give LPS millimetres, as Image Position (Patient) does",
    );
}

const nothing = (what: string, why: string): TrinephronError =>
  new TrinephronError("E_MASK", `${what}: ${why}`, "draw a box around the tumour, or give a mask");

const written = (point: Vec3): string => `(${point.map((mm) => mm.toFixed(1)).join(", ")}) mm`;
