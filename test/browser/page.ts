/** What the page of the browser test runs. */
import * as ort from "onnxruntime-web/wasm";
import { type Trained, train } from "./train.ts";

export async function trainHere(): Promise<
  Trained & { readonly isolated: boolean; readonly threads: number }
> {
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.wasm.numThreads = 2;
  const trained = await train({ runtime: ort });
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  // ONNX Runtime goes back to one thread where it may not have more.
  return { ...trained, isolated: crossOriginIsolated === true, threads: ort.env.wasm.numThreads };
}
