import { channels, edgesMm } from "../crop/cropInput.ts";
import type { NetworkConfig } from "../model/network.ts";
import type { TrainSettings } from "./settings.ts";

/** The network a run's settings describe. */
export function networkConfig(settings: TrainSettings): NetworkConfig {
  const { init, crop, tasks, features, backbone, embedding, ple, tower } = settings;
  return {
    tasks,
    features,
    channels: channels(crop),
    cubes: edgesMm(crop).length,
    masks: crop.maskChannels,
    outlines: init !== "none" && !crop.maskChannels,
    voxels: crop.voxels,
    backbone,
    embedding,
    ple,
    tower,
  };
}
