export { caseWeights, type TaskWeighting } from "./loss.ts";
export { type Calibration, deployedModel, gateOutput, trainingModel } from "./model.ts";
export {
  featureNames,
  heads,
  type Network,
  type NetworkConfig,
  network,
  standardisation,
} from "./network.ts";
export { type PleConfig, progressiveLayeredExtraction } from "./ple.ts";
export { type Depth, type ResNetConfig, resnet } from "./resnet.ts";
