import { apply, input, sorted, type Tensor } from "../tensor.ts";

export interface Hoisted {
  /** What depends on the shared inputs alone and the rest reads, by the name of the rest's input. */
  readonly shared: Readonly<Record<string, Tensor>>;
  /** The same outputs, reading `shared` instead of computing it. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * Splits a graph that is run for many cases: what follows from inputs that all of them share (weights in the order the
 * kernels want, say) is computed once.
 */
export function hoisted(outputs: Readonly<Record<string, Tensor>>, from: ReadonlySet<Tensor>): Hoisted {
  const shared: Record<string, Tensor> = {};
  const known = new Set(from);
  const rest = new Map<Tensor, Tensor>();
  const cut = (tensor: Tensor): Tensor => {
    let made = rest.get(tensor);
    if (!made) {
      const name = `shared.${Object.keys(shared).length}`;
      shared[name] = tensor;
      rest.set(tensor, (made = input(name, tensor.shape)));
    }
    return made;
  };
  for (const tensor of sorted(Object.values(outputs))) {
    const { op, shape, attributes, type } = tensor;
    if (tensor.inputs.length === 0) {
      if (!known.has(tensor)) rest.set(tensor, tensor);
    } else if (tensor.inputs.every((x) => known.has(x) || x.op === "Constant")) known.add(tensor);
    else rest.set(tensor, apply(op, tensor.inputs.map(cut), shape, attributes, type));
  }
  return {
    shared,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, cut(tensor)])),
  };
}
