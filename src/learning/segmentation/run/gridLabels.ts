import type { Work } from "../../../base/work.ts";
import { slidingWindow } from "../window/slidingWindow.ts";
import { type TileModel, voxelsOf } from "../window/tileModel.ts";
import type { Classes } from "./classes.ts";
import type { Prepared } from "./prepared.ts";

/** Labels on the grid that the network reads, [D, H, W]. @throws as `slidingWindow` */
export async function gridLabels(
  { image, shape, window }: Pick<Prepared, "image" | "shape" | "window">,
  model: TileModel,
  { decide }: Pick<Classes, "decide">,
  work: Pick<Work, "signal" | "progress">,
): Promise<Uint8Array<ArrayBuffer>> {
  const [, depth, height, width] = shape;
  const labels = new Uint8Array(voxelsOf([depth, height, width]));
  const area = height * width;
  for await (const { start, depth: deep, data } of slidingWindow(image, shape, model, window, work))
    decide(data, labels.subarray(start * area, (start + deep) * area));
  return labels;
}
