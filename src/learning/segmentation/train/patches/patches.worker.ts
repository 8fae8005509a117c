import { parentPort, workerData } from "node:worker_threads";
import { openSlices } from "../prepare/prepared.ts";
import { type PatchSource, patchBatch } from "./patches.ts";

const slices = openSlices();

parentPort!.on("message", (step: number) => {
  const { image, labels } = patchBatch(workerData as PatchSource, step, slices);
  parentPort!.postMessage({ image, labels }, [image.buffer, labels.buffer] as ArrayBuffer[]);
});
