import {
  elementTypes,
  type Initializer,
  madeNode,
  type Node,
  type OnnxModel,
  withOutputs,
  writeOnnx,
} from "../../numerics/graph/file/onnxModel.ts";
import { openSession } from "../../numerics/graph/index.ts";
import { channels, cropInput } from "../crop/cropInput.ts";
import type { DevelopmentData } from "../train/development.ts";
import type { ModelFolder } from "../trained/modelFolder.ts";
import { bytesOf, int8Weights } from "./weights.ts";

/** Smallest and largest value of a tensor. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Training cases whose activations set the ranges. */
const calibrationCases = 48;

/**
 * 3D convolutions in whole numbers: weights as `int8Weights`, what goes in and out as 0 … 255 over the range it had on
 * training cases. ONNX Runtime turns the pairs of `QuantizeLinear` and `DequantizeLinear` around a convolution into
 * one whole-number convolution; other runtimes compute the same in single precision.
 */
export async function staticInt8(
  model: OnnxModel,
  { config }: ModelFolder,
  data: DevelopmentData,
): Promise<OnnxModel> {
  const { crop } = config.settings;
  const shape = [1, channels(crop), crop.voxels, crop.voxels, crop.voxels];
  const every = Math.max(1, Math.floor(data.train.length / calibrationCases));
  const cases = data.train.filter((_, i) => i % every === 0).slice(0, calibrationCases);
  const images = cases.map((c) => ({ data: cropInput(data.crops[c], crop), shape }));
  return quantizedConvolutions(int8Weights(model), await ranges(model, images));
}

const convolutions = ({ nodes }: OnnxModel) =>
  nodes.filter(({ op, domain }) => op === "Conv" && domain === "");

/** The range of every convolution's input and output over images. */
async function ranges(
  model: OnnxModel,
  images: readonly { readonly data: Float32Array; readonly shape: readonly number[] }[],
): Promise<Map<string, Range>> {
  const names = new Set(convolutions(model).flatMap(({ inputs, outputs }) => [inputs[0], outputs[0]]));
  names.delete("image");
  const found = new Map<string, Range>();
  const widen = (name: string, values: Float32Array) => {
    // Zero is always within, so that padding is exact.
    let { low, high } = found.get(name) ?? { low: 0, high: 0 };
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    found.set(name, { low, high });
  };
  const session = await openSession(writeOnnx(withOutputs(model, [...names])));
  try {
    for (const image of images) {
      widen("image", image.data);
      const outputs = await session.run({ image });
      for (const name of names) widen(name, outputs[name]);
    }
    return found;
  } finally {
    await session.close();
  }
}

/** Pairs of `QuantizeLinear` and `DequantizeLinear` before and after each convolution whose tensors have a range. */
function quantizedConvolutions(model: OnnxModel, found: ReadonlyMap<string, Range>): OnnxModel {
  const initializers: Initializer[] = [];
  const done = new Set<string>();
  /** From a tensor to another of its values in 256 steps. */
  const pair = (from: string, to: string, { low, high }: Range): Node[] => {
    if (done.has(to)) return [];
    done.add(to);
    const scale = Math.max(high - low, 1e-6) / 255;
    const names = [`${to}.scale`, `${to}.zero`];
    initializers.push(
      { name: names[0], shape: [], type: elementTypes.float32, bytes: bytesOf(Float32Array.of(scale)) },
      { name: names[1], shape: [], type: elementTypes.uint8, bytes: Uint8Array.of(Math.round(-low / scale)) },
    );
    return [
      madeNode("QuantizeLinear", [from, ...names], `${to}.codes`),
      madeNode("DequantizeLinear", [`${to}.codes`, ...names], to),
    ];
  };
  const chosen = new Set(convolutions(model));
  const nodes = model.nodes.flatMap((node): Node[] => {
    if (!chosen.has(node)) return [node];
    const [x, ...weights] = node.inputs;
    const [y] = node.outputs;
    const [before, after] = [`${x}.quantised`, `${y}.plain`];
    return [
      ...pair(x, before, found.get(x)!),
      { ...node, inputs: [before, ...weights], outputs: [after] },
      ...pair(after, y, found.get(y)!),
    ];
  });
  return { ...model, nodes, initializers: [...model.initializers, ...initializers] };
}
