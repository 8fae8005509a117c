import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { TrinephronError } from "../../base/errors.ts";
import { readOnnx, writeOnnx } from "../../numerics/graph/file/onnxModel.ts";

/**
 * The graph as ONNX Runtime's basic optimisation leaves it: constants folded, what is never read removed. It holds
 * ONNX's own operators alone; higher levels write ones of ONNX Runtime's, some of this processor's.
 * @throws E_RUNTIME where ONNX Runtime refuses the graph
 */
export async function simplified(onnx: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "trinephron-simplify-"));
  const path = join(folder, "model.onnx");
  try {
    const session = await InferenceSession.create(onnx, {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "basic",
      optimizedModelFilePath: path,
      logSeverityLevel: 3,
    });
    await session.release();
    return writeOnnx(readOnnx(await readFile(path)));
  } catch (cause) {
    throw new TrinephronError("E_RUNTIME", `the graph was not simplified: ${(cause as Error).message}`, "", {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
