import {
  type Box,
  boundingBox,
  boxSize,
  close,
  connectedComponents,
  dilate,
  fillHolesBySlice,
  open,
  type Volume,
  voxelVolumeMl,
} from "../../volume/index.ts";

/** Millimetres: bone and what touches it is taken away this far around. */
const boneMargin = 6;
/** Thresholds tried, HU, from the highest: with contrast medium kidneys are the brightest organs. */
const thresholds = [170, 145, 125, 110, 95];

/**
 * Finds enhanced kidneys by classical means: the brightest compact pieces of a kidney's size, apart from bone, vessels
 * (thinner) and liver (larger). For unenhanced images there are none.
 * @param image axes along L, P, S, about 2.5 mm apart
 * @returns 1 within the filled outlines of one or two kidneys; undefined where nothing looks like one
 */
export function enhancedKidneys(image: Volume<Float32Array>): Uint8Array | undefined {
  const { size, spacing, data } = image;
  const bone = skeleton(image);
  for (const threshold of thresholds) {
    const bright = Uint8Array.from(data, (hu, v) => (hu >= threshold && hu < 1500 && !bone[v] ? 1 : 0));
    const parts = connectedComponents(open(bright, size, spacing, 2.6), size);
    const pieces = parts.sizes
      .map((n, i) => ({ label: i + 1, ml: n * voxelVolumeMl(image) }))
      .filter(({ ml }) => ml > 25 && ml < 700)
      .sort((a, b) => b.ml - a.ml)
      .slice(0, 8)
      .map(({ label }) => Uint8Array.from(parts.labels, (l) => (l === label ? 1 : 0)))
      .filter((piece) => kidneyLike(piece, image));
    if (pieces.length === 0) continue;
    const kidneys = new Uint8Array(data.length);
    for (const piece of pieces.slice(0, 2)) {
      const filled = fillHolesBySlice(close(piece, size, spacing, 5), size);
      for (let v = 0; v < kidneys.length; v++) if (filled[v] && data[v] > 30 && !bone[v]) kidneys[v] = 1;
    }
    return kidneys;
  }
  return undefined;
}

/** Bone: large pieces of more than 300 HU whose brightness lies at the rim. Opacified collecting systems are smaller. */
function skeleton({ data, size, spacing, ...rest }: Volume<Float32Array>): Uint8Array {
  const dense = Uint8Array.from(data, (hu) => (hu > 320 ? 1 : 0));
  const { labels, sizes } = connectedComponents(dense, size);
  const ml = voxelVolumeMl({ size, spacing, ...rest });
  const large = Uint8Array.from(labels, (label) => (label > 0 && sizes[label - 1] * ml > 30 ? 1 : 0));
  return dilate(large, size, spacing, boneMargin);
}

/** A kidney's extent in mm along L, P, S, cut kidneys and those with a tumour included, and not a plate or a tube. */
function kidneyLike(piece: Uint8Array, image: Volume<Float32Array>): boolean {
  const { size, spacing } = image;
  const box = boundingBox(piece, size);
  if (!box) return false;
  const [x, y, z] = boxSize(box).map((n, a) => n * spacing[a]);
  const filled = piece.reduce((n, v) => n + v, 0) / boxSize(box).reduce((a, b) => a * b);
  const long = Math.max(x, y, z);
  if (!inFat(piece, image)) return false;
  return (
    x > 25 && y > 25 && z > 30 && x < 130 && y < 130 && long < 190 && filled > 0.15 && !leavesSide(box, size)
  );
}

/** Fat lies around a kidney; around bone and spleen muscle and other organs. */
function inFat(piece: Uint8Array, { size, spacing, data }: Volume<Float32Array>): boolean {
  const [near, far] = [3, 8].map((mm) => dilate(piece, size, spacing, mm));
  let [shell, fat] = [0, 0];
  for (let v = 0; v < data.length; v++)
    if (far[v] && !near[v]) {
      shell++;
      if (data[v] < -20) fat++;
    }
  return fat > 0.35 * shell;
}

/** Pieces cut by the image in front or behind are no kidneys: table, liver, bowel. */
const leavesSide = ({ start, end }: Box, size: Volume["size"]): boolean =>
  start[1] === 0 || end[1] === size[1];
