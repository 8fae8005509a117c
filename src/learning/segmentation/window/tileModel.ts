/** Voxels along depth, height and width: the order of a network's axes, width fastest in memory. */
export type Extent = readonly [depth: number, height: number, width: number];

/** Channels (or classes) of an extent of voxels, [C, D, H, W]. */
export type TileShape = readonly [channels: number, depth: number, height: number, width: number];

/** A network on one tile [C, D, H, W]: the logits of K classes for each of its voxels, [K, D, H, W]. */
export type TileModel = (tile: Float32Array, shape: TileShape) => Promise<Float32Array>;

/** How many voxels an extent has. */
export const voxelsOf = ([d, h, w]: Extent): number => d * h * w;

/** The mean of several networks' logits, as of one network trained on several folds. */
export function averaged(models: readonly TileModel[]): TileModel {
  if (models.length === 1) return models[0];
  return async (tile, shape) => {
    const total = await models[0](tile, shape);
    for (const model of models.slice(1)) accumulate(total, await model(tile, shape));
    return scaled(total, 1 / models.length);
  };
}

/**
 * The mean of a network's logits over the tile and its mirror images along every combination of `axes` (0 depth,
 * 1 height, 2 width): 2ⁿ runs, as nnU-Net's test-time augmentation.
 */
export function mirrored(model: TileModel, axes: readonly number[]): TileModel {
  if (axes.length === 0) return model;
  const combinations: number[][] = [[]];
  for (const axis of axes) combinations.push(...combinations.map((others) => [...others, axis]));
  return async (tile, shape) => {
    const [, ...extent] = shape;
    const total = await model(tile, shape);
    for (const combination of combinations.slice(1))
      accumulate(total, flipped(await model(flipped(tile, extent, combination), shape), extent, combination));
    return scaled(total, 1 / combinations.length);
  };
}

function accumulate(total: Float32Array, more: Float32Array): void {
  for (let n = 0; n < total.length; n++) total[n] += more[n];
}

function scaled(data: Float32Array, by: number): Float32Array {
  for (let n = 0; n < data.length; n++) data[n] *= by;
  return data;
}

function flipped(data: Float32Array, [depth, height, width]: Extent, axes: readonly number[]): Float32Array {
  const [inDepth, inHeight, inWidth] = [0, 1, 2].map((axis) => axes.includes(axis));
  const result = new Float32Array(data.length);
  const rows = data.length / width;
  for (let row = 0; row < rows; row++) {
    const [h, d, c] = [row % height, Math.floor(row / height) % depth, Math.floor(row / (height * depth))];
    const from = (c * depth + (inDepth ? depth - 1 - d : d)) * height + (inHeight ? height - 1 - h : h);
    const values = data.subarray(from * width, (from + 1) * width);
    const to = row * width;
    if (inWidth) for (let w = 0; w < width; w++) result[to + w] = values[width - 1 - w];
    else result.set(values, to);
  }
  return result;
}
