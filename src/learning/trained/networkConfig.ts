import type { NetworkConfig } from "../model/network.ts";
import type { TrainSettings } from "./settings.ts";

/** The network a run's settings describe. */
export function networkConfig(settings: TrainSettings): NetworkConfig {
  const { crop, tasks, backbone, ple, tower } = settings;
  return {
    tasks,
    channels: crop.phases.length + (crop.maskChannels ? 2 : 0),
    masks: crop.maskChannels,
    voxels: crop.voxels,
    backbone,
    ple,
    tower,
  };
}
