import type { DevelopmentData } from "../../../src/learning/train/development.ts";
import {
  type TrainSettings,
  type TrainSettingsInput,
  trainSettings,
} from "../../../src/learning/trained/settings.ts";
import { definitions } from "../../../src/patients/cohort/tasks.ts";
import { settings as crop, drawnCrop } from "./crops.ts";

/** A run of the smallest network on drawn crops of 8³ voxels. */
export const tinySettings = (more: Partial<TrainSettingsInput> = {}): TrainSettings =>
  trainSettings.parse({
    tasks: ["histology", "stage"],
    center: "A",
    crop: { ...crop, phases: [...crop.phases], window: [...crop.window] },
    backbone: { width: 4, stages: 2 },
    ple: { levels: 1, expertsPerTask: 1, sharedExperts: 1, units: 8 },
    tower: 8,
    batch: 4,
    ...more,
  });

/** Labels in turn; of the last case only the first task's is known. */
export function tinyData(cases = 18): DevelopmentData {
  const indices = Array.from({ length: cases }, (_, i) => i);
  return {
    tasks: [definitions.histology, definitions.stage],
    crops: indices.map((i) => drawnCrop(i)),
    labels: indices.map((i) => [
      (i % 2) as 0 | 1,
      i === cases - 1 ? undefined : ((Math.floor(i / 2) % 2) as 0 | 1),
    ]),
    train: indices.slice(0, cases - 6),
    validation: indices.slice(cases - 6),
    classWeights: [
      [1, 1],
      [1, 1],
    ],
    sources: ["procedural"],
    hash: "of the data",
  };
}
