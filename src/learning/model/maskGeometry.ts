import {
  add,
  concat,
  constant,
  div,
  exp,
  log,
  maximum,
  mul,
  neg,
  relu,
  reshape,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
} from "../../numerics/graph/index.ts";
import { alongAxis, axial, blurred } from "./alongAxis.ts";

/** Of {@link maskGeometry}, in order. Lengths are shares of the crop's edge. */
export const geometryFeatures = [
  "ln tumour volume",
  "ln volume of the rest of the kidney",
  "ln tumour spread along D",
  "ln tumour spread along H",
  "ln tumour spread along W",
  "share of the tumour enclosed by the kidney",
  "ln volume of the kidney's hollow",
  "ln nearness of tumour and hollow",
  "ln volume of the kidney's recesses",
  "offset of tumour and recesses along D",
] as const;
export type GeometryFeature = (typeof geometryFeatures)[number];

/** Thickness that counts as a wall: e-fold, share of the edge. 4 mm of 160. */
const wall = 1 / 40;
/** Reach of the nearness of two regions: σ of a Gaussian, share of the edge. 5 mm of 160. */
const reach = 1 / 32;
/** Floors of logarithms, shares of the crop: about 40 mm³ and 1 cm³ of (160 mm)³. */
const [small, large] = [1e-5, 2.4e-4];

/**
 * Shape and position of the tumour in its kidney, which a few hundred cases do not teach a convolution: volumes,
 * spreads (standard deviations along the crop's axes), and what walls say. A voxel is enclosed where a ray meets kidney
 * on both sides: of the tumour's voxels, the endophytic ones; of the others, the sinus. Of these the *hollow* has
 * healthy kidney on both sides along both axial axes, *recesses* have kidney or tumour so along one at least.
 * No parameters; nothing depends on which side the kidney is, or changes under the mirrors of the augmentation.
 * @param masks `[N, 2, V, V, V]`, occupancy 0…1 by the kidney (with its tumour) and by the tumour; D is S, H P, W L
 * @returns `[N, 10]`, as {@link geometryFeatures}
 */
export function maskGeometry(masks: Tensor): Tensor {
  const [n, , side] = masks.shape;
  const channel = (c: number) => reshape(slice(masks, 1, c, c + 1), [n, side, side, side]);
  const [kidney, tumor] = [channel(0), channel(1)];
  const rest = relu(sub(kidney, tumor));
  const outside = sub(1, kidney);
  const walls = [axial.h, axial.w].map((axis) => enclosed(rest, axis));
  const either = (a: Tensor, b: Tensor) => sub(add(a, b), mul(a, b));
  const hollow = mul(outside, mul(walls[0], walls[1]));
  const recesses = mul(outside, either(enclosed(kidney, axial.h), enclosed(kidney, axial.w)));

  const spreads = [axial.d, axial.h, axial.w].map((axis) => moments(tumor, axis));
  const along = moments(recesses, axial.d);
  const tumorVolume = share(tumor);
  const apart = sub(spreads[0].center, along.center);
  const features = [
    log(add(tumorVolume, small)),
    log(add(share(rest), large)),
    ...spreads.map(({ spread }) => log(spread)),
    div(share(mul(tumor, either(walls[0], walls[1]))), add(tumorVolume, 1e-8)),
    log(add(share(hollow), large)),
    log(add(share(mul(tumor, blurred(hollow, reach * side))), small / 4)),
    log(add(share(recesses), large)),
    div(maximum(apart, neg(apart)), add(spreads[0].spread, along.spread)),
  ];
  return concat(
    features.map((feature) => reshape(feature, [n, 1])),
    1,
  );
}

/** Part of the crop's volume. @returns `[N]` */
const share = (x: Tensor): Tensor => mul(sum(x, [1, 2, 3]), 1 / (x.shape[1] * x.shape[2] * x.shape[3]));

/** Centre and standard deviation along one axis, that of one voxel added. @returns `[N]` each */
function moments(x: Tensor, axis: number): { center: Tensor; spread: Tensor } {
  const side = x.shape[axis];
  const profile = sum(
    x,
    [1, 2, 3].filter((other) => other !== axis),
  );
  const at = Float32Array.from({ length: side }, (_, i) => (i + 0.5) / side - 0.5);
  const weighted = (values: Float32Array) => sum(mul(profile, constant(values, [1, side])), [1]);
  const total = add(sum(profile, [1]), 1e-3);
  const center = div(weighted(at), total);
  const square = div(weighted(at.map((c) => c * c)), total);
  const variance = relu(sub(square, mul(center, center)));
  return { center, spread: sqrt(add(variance, 1 / (12 * side * side))) };
}

/** 0…1: whether x stands on both sides along an axis, each side's thickness t as 1 − exp(−t / {@link wall}). */
function enclosed(x: Tensor, axis: number): Tensor {
  const side = x.shape[axis];
  const before = alongAxis(x, axis, (to, from) => (from < to ? 1 : 0));
  const after = sub(
    reshape(
      sum(x, [axis], true),
      x.shape.map((length, a) => (a === axis ? 1 : length)),
    ),
    add(before, x),
  );
  const stands = (thickness: Tensor) => sub(1, exp(mul(thickness, -1 / (wall * side))));
  return mul(stands(before), stands(relu(after)));
}
