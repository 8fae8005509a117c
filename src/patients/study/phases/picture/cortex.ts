import { quantile } from "../../../../numerics/stats/index.ts";
import { distanceTransform, fillHolesBySlice, type Volume } from "../../../../numerics/volume/index.ts";

/** How the cortex stands out from the rest of a kidney. */
export interface Cortex {
  /** 95th percentile of the parenchyma down to a depth of 9 mm, HU. */
  readonly hu: number;
  /** Median near the surface minus median deep inside, HU; undefined where little of either is to be seen. */
  readonly aboveMedulla: number | undefined;
  /**
   * Depth of the parenchyma as bright as that, mm (90th percentile): of cortex alone some 3 mm, of all parenchyma 8 mm
   * and more. Unlike the difference it holds where a tumour fills the kidney.
   */
  readonly depth: number;
}

/** Depth below the kidney's outline, mm: of cortex, and from where on mostly medulla. */
const rim = [1.5, 6] as const;
const core = 9;
/** HU of parenchyma, enhanced or not: no fat or urine of the sinus, no opacified collecting system. */
const parenchyma = [20, 300] as const;
/** As bright as the cortex, HU below it: more than noise, less than what medulla lacks. */
const alike = 50;

/**
 * @param kidney 1 kidney, 2 tumour, 3 cyst, nothing of the other kidney
 * @param image HU, on the kidney's grid
 * @returns undefined where less than 150 voxels of parenchyma are to be seen
 */
export function cortexOf(kidney: Volume<Uint8Array>, image: Float32Array): Cortex | undefined {
  const { data, size, spacing } = kidney;
  const solid = data.map((v, n) => (v === 1 && image[n] > parenchyma[0] && image[n] < parenchyma[1] ? 1 : 0));
  const outline = fillHolesBySlice(data, size);
  const depth = distanceTransform(
    outline.map((v) => (v ? 0 : 1)),
    size,
    spacing,
  );
  // Deep inside an opacified collecting system adds to its neighbours.
  const shallow = image.filter((_, n) => solid[n] === 1 && depth[n] < core);
  if (shallow.length < 150) return undefined;
  const hu = quantile(shallow, 0.95);
  const outer = image.filter((_, n) => solid[n] === 1 && depth[n] > rim[0] && depth[n] < rim[1]);
  const inner = image.filter((_, n) => solid[n] === 1 && depth[n] >= core);
  const bright = distanceTransform(
    solid.map((v, n) => (v && image[n] > hu - alike ? 0 : 1)),
    size,
    spacing,
  );
  return {
    hu,
    aboveMedulla:
      Math.min(outer.length, inner.length) < 60 ? undefined : quantile(outer, 0.5) - quantile(inner, 0.5),
    depth: quantile(
      bright.filter((mm) => mm > 0),
      0.9,
    ),
  };
}
