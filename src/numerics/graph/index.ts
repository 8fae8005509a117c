/**
 * Symbolic tensors with gradients that run on ONNX Runtime, for training as for inference; docs/engine.md is the
 * guide.
 */

export { encodeOnnx, type OnnxGraph } from "./file/onnx.ts";
export { readMetadata } from "./file/onnxModel.ts";
export { gradients } from "./gradients.ts";
export { openModel } from "./openModel.ts";
export { type ConvolutionOptions, convolution } from "./operators/convolution.ts";
export { groupNorm } from "./operators/norm.ts";
export { averagePool, maxPool, type PoolOptions, upsample } from "./operators/pool.ts";
export type { AdamW, Optimizer, Sgd } from "./optimizers.ts";
export {
  frozen,
  initialize,
  layoutOf,
  type Parameter,
  type ParameterLayout,
  type ParameterSource,
  parametersIn,
  vector,
  weight,
} from "./parameters.ts";
export {
  add,
  addAll,
  concat,
  div,
  equal,
  exp,
  expand,
  greaterOrEqual,
  log,
  logSoftmax,
  matmul,
  maximum,
  mean,
  mul,
  neg,
  type Operand,
  pad,
  positive,
  relu,
  reshape,
  reverse,
  sigmoid,
  silu,
  slice,
  softmax,
  softplus,
  sqrt,
  sub,
  sum,
  sumOfSquares,
  tanh,
  transpose,
} from "./primitives.ts";
export { type Device, type DeviceOptions, devices } from "./run/device.ts";
export {
  compile,
  type Feed,
  openSession,
  type Runtime,
  type RuntimeSession,
  type RuntimeTensor,
  type Session,
  type SessionOptions,
} from "./run/session.ts";
export {
  type Attribute,
  constant,
  type ElementType,
  input,
  type Shape,
  sorted,
  type Tensor,
} from "./tensor.ts";
export { type Build, inferenceGraph, next, type TrainingGraphs, trainingGraphs } from "./trainStep.ts";
