/** One multi-task model (MTDL) against three single-task ones (STDL) of the same network, float32. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inferenceCost } from "../../src/learning/deploy/efficiency.ts";
import { classificationOf, deployedModel, trainingModel } from "../../src/learning/model/model.ts";
import type { NetworkConfig } from "../../src/learning/model/network.ts";
import { runFiles } from "../../src/learning/trained/modelFolder.ts";
import { trainSettings } from "../../src/learning/trained/settings.ts";
import { encodeOnnx, initialize, parametersIn } from "../../src/numerics/graph/index.ts";
import type { Job, Peer } from "./peer.ts";

export interface Cost {
  readonly mtdl: number;
  /** Of the three together. */
  readonly stdl: number;
}

export interface Sharing {
  /** A step of each model, seconds, and peak memory above that of a process that has only loaded the runtime, bytes. */
  readonly training: { readonly seconds: Cost; readonly bytes: Cost };
  /** The same of a case, all three models in one process. */
  readonly inference: { readonly seconds: Cost; readonly bytes: Cost };
  readonly fileBytes: Cost;
}

/** @param jobOf a job of those tasks @param open a process for it */
export async function sharing(
  tasks: readonly string[],
  rounds: number,
  folder: string,
  jobOf: (tasks: readonly string[]) => Job,
  open: (job: Job) => Peer,
): Promise<Sharing> {
  const models = { mtdl: [tasks], stdl: tasks.map((task) => [task]) };
  const training: Record<keyof typeof models, { seconds: number; bytes: number }[]> = { mtdl: [], stdl: [] };
  const inference: typeof training = { mtdl: [], stdl: [] };
  const files = { mtdl: [] as string[], stdl: [] as string[] };
  const sizes = { mtdl: 0, stdl: 0 };
  const kinds = ["mtdl", "stdl"] as const;
  for (const kind of kinds)
    models[kind].forEach((own, i) => {
      const onnx = modelFile(jobOf(own).config);
      files[kind].push(join(folder, `${kind}${i}`));
      mkdirSync(files[kind][i]);
      writeFileSync(join(files[kind][i], runFiles.model), onnx);
      sizes[kind] += onnx.length;
    });
  const { config, threads } = jobOf(tasks);
  const settings = trainSettings.parse({
    tasks,
    center: "A",
    features: config.features,
    crop: { voxels: config.voxels, maskChannels: false },
  });
  for (let round = 0; round < rounds; round++)
    for (const kind of kinds) {
      const costs = [];
      for (const own of models[kind]) costs.push(await stepCost(open(jobOf(own))));
      training[kind].push({
        seconds: costs.reduce((total, { seconds }) => total + seconds, 0),
        bytes: costs.reduce((total, { bytes }) => total + bytes, 0),
      });
      const opened = files[kind].map((path) => ({ folder: path, config: { settings } as never }));
      // A process's size scatters by a few MB, and more runs of it cost little.
      for (let i = 0; i < 5; i++) {
        const { msPerCase, peakMemoryBytes } = await inferenceCost(opened, { threads });
        inference[kind].push({ seconds: msPerCase / 1000, bytes: peakMemoryBytes });
      }
    }
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const cost = (of: typeof training, figure: "seconds" | "bytes"): Cost => ({
    mtdl: middle(of.mtdl.map((x) => x[figure])),
    stdl: middle(of.stdl.map((x) => x[figure])),
  });
  const costs = (of: typeof training) => ({ seconds: cost(of, "seconds"), bytes: cost(of, "bytes") });
  return { training: costs(training), inference: costs(inference), fileBytes: sizes };
}

async function stepCost(peer: Peer): Promise<{ seconds: number; bytes: number }> {
  const { peakBytes: empty } = await peer.ask({ idle: true });
  await peer.ask({ steps: 2 });
  const { seconds, peakBytes } = await peer.ask({ steps: 4 });
  peer.close();
  return { seconds: seconds / 4, bytes: peakBytes - empty };
}

function modelFile(config: NetworkConfig): Uint8Array {
  const { layout } = trainingModel(classificationOf(config), 1, { kind: "sgd" });
  const uncalibrated = config.tasks.map(() => ({ slope: 1, intercept: 0 }));
  const graph = deployedModel(config, parametersIn(initialize(layout, 1), layout), uncalibrated, {});
  return encodeOnnx(graph, { shapes: true });
}
