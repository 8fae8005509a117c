import type { Crop, CropSettings } from "../../learning/crop/cropInput.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";

/** Explanation maps of one task, `[D, H, W]` of the network's grid. */
export interface TaskMaps {
  /** HiResCAM, 0 … 1; absent for models whose weights are stored in another precision or are an earlier network's. */
  readonly cam?: Float32Array | undefined;
  /** How much the probability falls where the place is covered, signed. */
  readonly occlusion: Float32Array;
}

/** What a report of one patient draws. */
export interface PredictionPictures {
  /** The cube that the network reads, in voxels about as fine as the image's own. */
  readonly crop: Crop;
  /** Of that finer crop. */
  readonly settings: CropSettings;
  /** Voxels along an edge of the network's grid, of which the finer one is a multiple. */
  readonly mapVoxels: number;
  /** Empty where explanations were not asked for. */
  readonly maps: Readonly<Partial<Record<Task, TaskMaps>>>;
}
