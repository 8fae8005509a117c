import { TrinephronError } from "../../../../base/errors.ts";
import { readNifti } from "../../../../imaging/formats/nifti/index.ts";
import {
  reorient,
  resample,
  type Vec3,
  type Volume,
  withSpacing,
} from "../../../../numerics/volume/index.ts";
import { wholeValues } from "../../../../patients/cohort/labels.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import { described, type PreparedCase } from "./described.ts";

/**
 * Reads a case, its axes along L, P and S, on voxels of a spacing: images linearly (antialiased), labels by nearest
 * neighbour.
 * @param spacing mm along D, H, W
 * @throws as `readNifti`; E_MASK for a value that is no label, E_VALUE for an image with a value that is not finite
 */
export async function prepareCase(
  c: SegmentationCase,
  labels: readonly SegmentationLabel[],
  spacing: Vec3,
): Promise<PreparedCase> {
  const read = reorient(wholeValues(await readNifti(c.labels)).volume);
  const classes = { ...read, data: classesOf(read, labels, c.labels) };
  const [d, h, w] = spacing;
  const same = read.spacing.every((mm, a) => Math.abs(mm - [w, h, d][a]) < 1e-3 * mm);
  const grid = same ? read : withSpacing(read, [w, h, d]);
  const drawn = resample(classes, grid, { interpolation: "nearest" }).data;
  const images = await Promise.all(
    c.images.map(async (file) => {
      if (!file) return undefined;
      const image = await readNifti(file.path, file.frame === undefined ? {} : { frame: file.frame });
      const values = resample(image, grid, { antialias: true }).data;
      if (!values.every(Number.isFinite))
        throw new TrinephronError("E_VALUE", `${file.path}: a voxel is not a finite number`);
      return values;
    }),
  );
  const [width, height, depth] = grid.size;
  return described({ case: c.case, size: [depth, height, width], images, classes: drawn }, labels.length);
}

function classesOf({ data }: Volume, labels: readonly SegmentationLabel[], path: string): Uint8Array {
  const byValue = new Map([[0, 0], ...labels.map(({ value }, l) => [value, l + 1] as const)]);
  return Uint8Array.from(data, (value) => {
    const found = byValue.get(value);
    if (found === undefined)
      throw new TrinephronError(
        "E_MASK",
        `${path}: the value ${value} is none of its labels`,
        `labels are 0 (background), ${labels.map((l) => `${l.value} (${l.name})`).join(", ")}`,
      );
    return found;
  });
}
