import { add, concat, div, exp, maximum, mul, slice, sqrt, sub, sumOfSquares } from "./primitives.ts";
import { input, type Tensor } from "./tensor.ts";

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
export interface AdamW {
  readonly kind: "adamw";
  /** Decay of the first and second moments; default 0.9 and 0.999. */
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Largest L2 norm of the whole gradient; it is scaled down to it. */
  readonly clipNorm?: number;
}

/** Stochastic gradient descent with momentum; weight decay is decoupled here too. */
export interface Sgd {
  readonly kind: "sgd";
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
}

/** An optimiser and its settings; the learning rate is an input of each step. */
export type Optimizer = AdamW | Sgd;

/** State tensors by name, each with its successor: fed to the next step as they come out of this one. */
export type StateUpdate = Readonly<Record<string, { readonly before: Tensor; readonly after: Tensor }>>;

/**
 * One optimiser step over the flat parameter vector.
 * @param theta `[P]`
 * @param gradient `[P]`
 * @param learningRate `[]`
 * @param decayed elements in front that weight decay applies to
 * @param divisor of the gradient, where these are not all its elements: `clipDivisor` of all
 */
export function optimize(
  optimizer: Optimizer,
  theta: Tensor,
  gradient: Tensor,
  learningRate: Tensor,
  decayed: number,
  divisor: Tensor | undefined = clipDivisor(optimizer, gradient),
): { theta: Tensor; state: StateUpdate } {
  const { weightDecay = 0 } = optimizer;
  const g = divisor ? div(gradient, divisor) : gradient;
  const { step, state } = optimizer.kind === "adamw" ? adam(optimizer, g) : momentum(optimizer, g);
  const kept = weightDecay > 0 && decayed > 0 ? decay(theta, mul(learningRate, weightDecay), decayed) : theta;
  return { theta: sub(kept, mul(step, learningRate)), state };
}

function adam({ betas: [b1, b2] = [0.9, 0.999], epsilon = 1e-8 }: AdamW, g: Tensor) {
  const first = input("firstMoment", g.shape);
  const second = input("secondMoment", g.shape);
  const steps = input("steps", [1]);
  const m = add(mul(first, b1), mul(g, 1 - b1));
  const v = add(mul(second, b2), mul(mul(g, g), 1 - b2));
  const t = add(steps, 1);
  const unbiased = (moment: Tensor, beta: number) => div(moment, sub(1, exp(mul(t, Math.log(beta)))));
  return {
    step: div(unbiased(m, b1), add(sqrt(unbiased(v, b2)), epsilon)),
    state: {
      firstMoment: { before: first, after: m },
      secondMoment: { before: second, after: v },
      steps: { before: steps, after: t },
    },
  };
}

function momentum({ momentum: mu = 0.9 }: Sgd, g: Tensor) {
  const velocity = input("velocity", g.shape);
  const after = add(mul(velocity, mu), g);
  return { step: after, state: { velocity: { before: velocity, after } } };
}

/** `[1]`, what scales a gradient down to the largest norm; none where it may have any. */
export function clipDivisor({ clipNorm }: Optimizer, gradient: Tensor): Tensor | undefined {
  if (clipNorm === undefined) return undefined;
  return maximum(div(sqrt(sumOfSquares(gradient, [0], true)), clipNorm), 1);
}

function decay(theta: Tensor, rate: Tensor, decayed: number): Tensor {
  const shrunk = mul(slice(theta, 0, 0, decayed), sub(1, rate));
  const [length] = theta.shape;
  return decayed === length ? shrunk : concat([shrunk, slice(theta, 0, decayed, length)], 0);
}
