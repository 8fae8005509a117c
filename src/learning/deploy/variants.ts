import { type OnnxModel, readOnnx, writeOnnx } from "../../numerics/graph/file/onnxModel.ts";
import type { DevelopmentData } from "../train/development.ts";
import type { ModelFolder } from "../trained/modelFolder.ts";
import { simplified } from "./simplify.ts";
import { staticInt8 } from "./staticInt8.ts";
import { float16Weights, int8Weights } from "./weights.ts";

export const variantNames = ["fp32", "fp16", "int8", "int8-static"] as const;
export type VariantName = (typeof variantNames)[number];

interface Variant {
  /** A phrase for tables and help. */
  readonly title: string;
  /** The variant's ONNX file. @param data whose training cases it may be calibrated on */
  make(model: ModelFolder, data: DevelopmentData): Promise<Uint8Array>;
}

const ofSimplified =
  (
    change: (model: OnnxModel, of: ModelFolder, data: DevelopmentData) => OnnxModel | Promise<OnnxModel>,
  ): Variant["make"] =>
  async (of, data) =>
    writeOnnx(await change(readOnnx(await simplified(of.onnx)), of, data));

/** Every variant is of the simplified graph. */
export const variants: Readonly<Record<VariantName, Variant>> = {
  fp32: { title: "constants folded", make: ({ onnx }) => simplified(onnx) },
  fp16: { title: "weights stored in half precision", make: ofSimplified(float16Weights) },
  int8: {
    title: "convolutions' weights stored as whole numbers, the others in half precision",
    make: ofSimplified(int8Weights),
  },
  "int8-static": {
    title: "convolutions in whole numbers, calibrated on training cases",
    make: ofSimplified(staticInt8),
  },
};
