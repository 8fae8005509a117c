import { derivedSeed, random } from "../../../base/random.ts";
import type { ParameterLayout } from "../../../numerics/graph/index.ts";
import { caseWeights, type TaskWeighting } from "../../model/loss.ts";
import { type Classification, classificationOf } from "../../model/model.ts";
import type { BaseModel } from "../../trained/baseModel.ts";
import { networkConfig } from "../../trained/networkConfig.ts";
import type { TrainSettings } from "../../trained/settings.ts";
import { setStandardization } from "./standardize.ts";
import { openStepper } from "./stepper.ts";

/** What a step or an evaluation reads: one batch, every array row-major. */
export interface LearnerBatch {
  /** `[N, C, V, V, V]`, or what is pooled of it, `[N, P]`, where the backbone stays as it is */
  readonly input: Float32Array;
  /** `[N, T]` */
  readonly labels: Float32Array;
  /** `[N, T]`, 0 where a label is unknown. */
  readonly weights: Float32Array;
}

export interface Learner {
  readonly layout: ParameterLayout;
  /** Flat vectors by name: `theta`, `averaged` and the optimiser's state; the next step writes over them. */
  vectors: Readonly<Record<string, Float32Array>>;
  /** One optimiser step; returns the batch's loss. `at` names the step, so that its dropout is its own. */
  step(
    batch: LearnerBatch,
    learningRate: number,
    at: readonly [epoch: number, batch: number],
  ): Promise<number>;
  /** Loss, logits `[N, T]` and features `[N, F]` of the averaged weights, without dropout. */
  evaluate(batch: LearnerBatch): Promise<{ loss: number; logits: Float32Array; features: Float32Array }>;
  /** Starts the features' mean and deviation from batches of the training cases; before the first step. */
  standardize(batches: Iterable<LearnerBatch>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Compiles the gradient, the update and the evaluation; weights start from the base model's where it has them, else from
 * the settings' seed. Where all of the backbone stays as it is, batches hold what is pooled.
 */
export async function openLearner(settings: TrainSettings, base?: BaseModel): Promise<Learner> {
  const { batch, tasks, seed, frozenStages, backbone } = settings;
  const objective: Classification = {
    ...classificationOf(networkConfig(settings), taskWeighting(settings)),
    from: frozenStages === backbone.stages ? "pooled" : "image",
    frozenStages,
  };
  const { optimizer, averaging, threads, device } = settings;
  const spec = { objective, batch, optimizer, averaging, threads, device };
  const stepper = await openStepper(spec, seed, base?.weights);
  const inputs = ({ input, labels, weights }: LearnerBatch, dropout: Float32Array) => ({
    [objective.from]: input,
    labels,
    weights: caseWeights(weights, tasks.length),
    dropout,
  });
  const none = new Float32Array(batch * stepper.length("dropout")).fill(1);
  return {
    layout: stepper.layout,
    get vectors() {
      return stepper.vectors;
    },
    set vectors(values) {
      stepper.vectors = values;
    },
    step: (of, learningRate, at) =>
      stepper.step(
        inputs(of, dropoutMask(none.length, settings.dropout, derivedSeed(seed, "dropout", ...at))),
        learningRate,
      ),
    async evaluate(of) {
      const { loss, logits, features } = await stepper.evaluate(inputs(of, none));
      return { loss: loss.reduce((a, b) => a + b), logits, features };
    },
    async standardize(batches) {
      const rows: Float32Array[] = [];
      const name = settings.features === "measured" ? "features" : "pooled";
      const length = stepper.length(name);
      for (const of of batches) {
        const pooled =
          objective.from === "pooled" ? of.input : (await stepper.evaluate(inputs(of, none)))[name];
        for (let i = 0; i < batch; i++) rows.push(pooled.slice(i * length, (i + 1) * length));
      }
      setStandardization(stepper.vectors.theta, stepper.layout, rows, base ? ["deep"] : []);
      stepper.vectors.averaged.set(stepper.vectors.theta);
    },
    close: () => stepper.close(),
  };
}

/** Inverted dropout: 0 with probability `rate`, else 1 / (1 − rate). */
function dropoutMask(length: number, rate: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from({ length }, () => (uniform() < rate ? 0 : 1 / (1 - rate)));
}

const taskWeighting = ({ weighting }: TrainSettings): TaskWeighting | undefined =>
  weighting.kind === "fixed" && weighting.weights.length === 0 ? undefined : weighting;
