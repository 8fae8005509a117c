import { parentPort, workerData } from "node:worker_threads";
import { type BatchData, type BatchPlace, type BatchSettings, trainingBatch } from "./batches.ts";

const { data, settings } = workerData as { data: BatchData; settings: BatchSettings };

parentPort!.on("message", ([epoch, index]: BatchPlace) => {
  const batch = trainingBatch(data, settings, epoch, index);
  parentPort!.postMessage(batch, [batch.input.buffer] as ArrayBuffer[]);
});
