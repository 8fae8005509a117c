import { random } from "../../../src/base/random.ts";
import type { Crop, CropSettings } from "../../../src/learning/crop/cropInput.ts";
import type { Augmentation } from "../../../src/learning/train/batches/augment.ts";
import type { BatchData, BatchSettings } from "../../../src/learning/train/batches/batches.ts";

export const settings: CropSettings = {
  center: "kidney",
  fieldOfViewMm: 80,
  voxels: 8,
  window: [-150, 350],
  phases: ["corticomedullary", "nephrographic", "excretory"],
  maskChannels: true,
};

export const still: Augmentation = {
  flip: false,
  rotationDegrees: 0,
  scale: 0,
  shiftMm: 0,
  noiseHu: 0,
  intensity: 0,
  phaseDropout: 0,
};

/** A crop of random voxels. */
export function drawnCrop(seed: number, present: readonly boolean[] = [true, true, true]): Crop {
  const draw = random(seed);
  const size = settings.voxels ** 3;
  return {
    case: `case ${seed}`,
    present,
    hu: Int16Array.from({ length: 3 * size }, () => Math.round(100 * draw.normal())),
    mask: Uint8Array.from({ length: 2 * size }, () => draw.integer(256)),
  };
}

export const batchSettings: BatchSettings = {
  crop: settings,
  augmentation: {
    flip: true,
    rotationDegrees: 15,
    scale: 0.05,
    shiftMm: 5,
    noiseHu: 10,
    intensity: 0.1,
    phaseDropout: 0.3,
  },
  batch: 4,
  seed: 5,
  balanced: false,
  epochs: 3,
};

export function drawnData(cases: number): BatchData {
  const draw = random(77);
  const label = () => ([0, 1, undefined] as const)[draw.integer(3)];
  return {
    crops: Array.from({ length: cases }, (_, i) => drawnCrop(i)),
    labels: Array.from({ length: cases }, () => [label(), label()]),
    train: Array.from({ length: cases - 5 }, (_, i) => i),
    validation: Array.from({ length: 5 }, (_, i) => cases - 5 + i),
  };
}
