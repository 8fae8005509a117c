export { encodeOnnx, type OnnxGraph } from "./file/onnx.ts";
export { readMetadata } from "./file/onnxModel.ts";
export { gradients } from "./gradients.ts";
export { type DeferredPart, deferred } from "./lowering/defer.ts";
export { type Hoisted, hoisted } from "./lowering/hoist.ts";
export { lowered } from "./lowering/lowering.ts";
export { lowerModel } from "./lowering/lowerModel.ts";
export { openModel } from "./openModel.ts";
export { type ConvolutionOptions, convolution } from "./operators/convolution.ts";
export { groupNorm } from "./operators/norm.ts";
export { averagePool, maxPool } from "./operators/pool.ts";
export type { AdamW, Optimizer, Sgd } from "./optimizers.ts";
export {
  frozen,
  initialize,
  layoutOf,
  type Parameter,
  type ParameterLayout,
  type ParameterSource,
  vector,
  weight,
} from "./parameters.ts";
export * from "./primitives.ts";
export { type Device, devices } from "./run/device.ts";
export {
  compile,
  type Feed,
  openSession,
  type Runtime,
  type Session,
  type SessionOptions,
} from "./run/session.ts";
export { constant, input, type Shape, sorted, type Tensor } from "./tensor.ts";
export { type Build, inferenceGraph, next, type TrainingGraphs, trainingGraphs } from "./trainStep.ts";
