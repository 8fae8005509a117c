import { TrinephronError } from "../../../base/errors.ts";
import type { DicomFile } from "./file/images.ts";
import { parseDataSet } from "./file/parse.ts";
import { reading } from "./file/reading.ts";
import { openPixels } from "./pixels/pixels.ts";
import { rescaleOf } from "./values/rescale.ts";

/** Over all pixels of all frames after the rescale: HU in CT. */
export interface PixelRange {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
  /** Pixels whose stored value is padding; they are part of the other figures. */
  readonly padding: number;
  /** Where the header contradicts the pixels. */
  readonly remarks: readonly string[];
}

/** @throws as `parseDataSet` and `openPixels` */
export async function pixelRange({ source, header }: DicomFile): Promise<PixelRange> {
  const parsed = parseDataSet(await source.whole(), source.name);
  const pixels = openPixels(parsed, source.name);
  const isTabled = (parsed.dataSet.elements.x00283000?.items?.length ?? 0) > 0;
  const table = isTabled ? ["Modality LUT Sequence (0028,3000) is not applied"] : [];
  const [first, last] = header?.padding ?? [1, 0];
  let [min, max, sum, count, padding] = [Infinity, -Infinity, 0, 0, 0];
  for (let frame = 0; frame < pixels.format.frames; frame++) {
    const stored = await pixels.frame(frame);
    const { slope, intercept } = rescaleOf(parsed.dataSet, frame, reading(source.name));
    for (let i = 0; i < stored.length; i++) {
      const value = stored[i] * slope + intercept;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      if (stored[i] >= first && stored[i] <= last) padding++;
    }
    count += stored.length;
  }
  if (count === 0) throw new TrinephronError("E_FORMAT", `${source.name}: no pixels in it`);
  return {
    min,
    max,
    mean: sum / count,
    count,
    padding,
    remarks: [...table, ...pixels.remarks, ...[...pixels.doubts].map(unsure)],
  };
}

const unsure = (doubt: string) => `${doubt}; no volume is made of it`;
