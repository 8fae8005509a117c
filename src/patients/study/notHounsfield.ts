import type { Volume } from "../../numerics/volume/index.ts";

/** HU of a kidney's median, without contrast medium (30–50) or with it (70–260), and far beyond either. */
const kidney = { least: 10, most: 600 };

/**
 * Why an image can hardly be in HU, undefined where it may be: air and fat are below 0, a kidney never is by its median.
 * @param mask 1 kidney, on the image's grid
 */
export function notHounsfield(image: Volume, mask: Volume<Uint8Array> | undefined): string | undefined {
  const { data } = image;
  if (data.every((hu: number) => hu >= 0)) return "no voxel is below 0, so these are hardly Hounsfield units";
  if (!mask) return undefined;
  const values: number[] = [];
  for (let n = 0; n < data.length; n++) if (mask.data[n] === 1) values.push(data[n]);
  if (values.length === 0) return undefined;
  const median = values.sort((a, b) => a - b)[values.length >> 1];
  return median > kidney.least && median < kidney.most
    ? undefined
    : `the kidney's median is ${median.toPrecision(3)}, so these are hardly Hounsfield units`;
}
