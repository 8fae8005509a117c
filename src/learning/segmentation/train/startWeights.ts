import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { elementTypes, readOnnx } from "../../../numerics/graph/file/onnxModel.ts";
import { unfoldedWeights } from "../../model/resnet.ts";
import { baseOf } from "../../trained/baseModel.ts";
import { readSegmentationFolder, segmentationFiles } from "../own/segmentationFolder.ts";

/** Weights that a training starts from. */
export interface StartWeights {
  /** By the parameters' names; those of a base model are of its encoder alone. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Of the file that they are from. */
  readonly sha256: string;
}

/**
 * What a training starts from: a base model, or another segmentation.
 * @param init none, base, or a folder of `pretrain` or of `segment train`
 * @param names of what the network learns
 * @returns undefined for random weights
 * @throws E_FILE_MISSING, E_MODEL
 */
export async function startWeights(
  init: string,
  names: readonly string[],
): Promise<StartWeights | undefined> {
  const isSegmentation = await access(join(init, segmentationFiles.model)).then(
    () => true,
    () => false,
  );
  if (isSegmentation) return ofSegmentation(init, names);
  const base = await baseOf({ init });
  return (
    base && {
      sha256: base.sha256,
      weights: new Map([...base.weights].filter(([name]) => name.startsWith("backbone."))),
    }
  );
}

async function ofSegmentation(folder: string, names: readonly string[]): Promise<StartWeights> {
  const { onnx } = await readSegmentationFolder(folder);
  const { initializers } = readOnnx(onnx);
  const deployed = initializers.flatMap(({ name, type, bytes }) =>
    type === elementTypes.float32 ? [[name, new Float32Array(bytes.slice().buffer)] as const] : [],
  );
  const scales = names.filter((name) => name.endsWith(".scale"));
  return {
    sha256: createHash("sha256").update(onnx).digest("hex"),
    weights: unfoldedWeights(new Map(deployed), scales),
  };
}
