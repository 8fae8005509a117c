import type { Crop, CropSettings } from "../../learning/crop/cropInput.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";

/** Explanation maps of one task, `[D, H, W]` of the crop's grid. */
export interface TaskMaps {
  /** HiResCAM, 0 … 1; absent for models whose weights are stored in another precision. */
  readonly cam?: Float32Array | undefined;
  /** How much the probability falls where the place is covered, signed. */
  readonly occlusion: Float32Array;
}

/** What a report of one patient draws. */
export interface PredictionPictures {
  readonly crop: Crop;
  readonly settings: CropSettings;
  /** Empty where explanations were not asked for. */
  readonly maps: Readonly<Partial<Record<Task, TaskMaps>>>;
}
