import { heads } from "../../../learning/model/network.ts";
import type { ModelConfig } from "../../../learning/trained/modelFolder.ts";
import { networkConfig } from "../../../learning/trained/networkConfig.ts";
import {
  compile,
  gradients,
  inferenceGraph,
  input,
  reshape,
  slice,
  sum,
  type Tensor,
} from "../../../numerics/graph/index.ts";
import type { Task } from "../../../patients/cohort/taskDefinition.ts";
import type { NetworkWeights } from "./networkWeights.ts";

/** Points on the path from the reference to the case; the sum then differs from the logit by less than 1 %. */
const points = 64;

/**
 * What each feature adds to a task's calibrated logit, against a case whose every feature is the training cases' mean:
 * integrated gradients (Sundararajan et al., ICML 2017) from there to here. They sum to the difference of the logits.
 * @param features `[F]` of the case
 * @param reference `[F]`, the training cases' means
 * @returns by task, `[F]`
 */
export async function reasons(
  { settings, tasks, calibration }: ModelConfig,
  { theta, layout }: NetworkWeights,
  features: readonly number[],
  reference: readonly number[],
): Promise<Partial<Record<Task, Float64Array>>> {
  const count = features.length;
  const graph = inferenceGraph(
    (source) => {
      const path = input("path", [points, count]);
      const { logits } = heads(path, networkConfig(settings), source);
      return Object.fromEntries(
        tasks.map((_, t): [string, Tensor] => {
          const total = reshape(sum(slice(logits, 1, t, t + 1), [0, 1]), []);
          return [`gradient${t}`, gradients(total, [path])[0]];
        }),
      );
    },
    theta,
    layout,
  );
  const path = new Float32Array(points * count);
  for (let p = 0; p < points; p++)
    for (let f = 0; f < count; f++)
      path[p * count + f] = reference[f] + ((p + 0.5) / points) * (features[f] - reference[f]);
  const session = await compile(graph, { threads: 1 });
  try {
    const outputs = await session.run({ path: { data: path, shape: [points, count] } });
    return Object.fromEntries(
      tasks.map((task, t) => {
        const slope = calibration[task]?.slope ?? 1;
        const added = Float64Array.from(features, (x, f) => {
          let mean = 0;
          for (let p = 0; p < points; p++) mean += outputs[`gradient${t}`][p * count + f] / points;
          return slope * mean * (x - reference[f]);
        });
        return [task, added];
      }),
    );
  } finally {
    await session.close();
  }
}
