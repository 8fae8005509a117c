export { type ConvolutionOptions, convolution } from "./convolution.ts";
export { type DeferredPart, deferred } from "./defer.ts";
export { type Device, devices } from "./device.ts";
export { gradients } from "./gradients.ts";
export { type Hoisted, hoisted } from "./hoist.ts";
export { lowered } from "./lowering.ts";
export { lowerModel } from "./lowerModel.ts";
export { groupNorm } from "./norm.ts";
export { encodeOnnx, type OnnxGraph } from "./onnx.ts";
export { readMetadata } from "./onnxModel.ts";
export { openModel } from "./openModel.ts";
export type { AdamW, Optimizer, Sgd } from "./optimizers.ts";
export {
  frozen,
  initialise,
  layoutOf,
  type Parameter,
  type ParameterLayout,
  type ParameterSource,
  vector,
  weight,
} from "./parameters.ts";
export { averagePool, maxPool } from "./pool.ts";
export * from "./primitives.ts";
export {
  compile,
  type Feed,
  openSession,
  type Runtime,
  type Session,
  type SessionOptions,
} from "./session.ts";
export { constant, input, type Shape, sorted, type Tensor } from "./tensor.ts";
export { type Build, inferenceGraph, next, type TrainingGraphs, trainingGraphs } from "./trainStep.ts";
