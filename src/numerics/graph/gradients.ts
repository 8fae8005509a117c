import { add, addAll, expand } from "./primitives.ts";
import { rules } from "./rules.ts";
import { constant, sameShape, sorted, type Tensor } from "./tensor.ts";

/**
 * d loss / d parameter for each parameter, as graph again: reverse accumulation over the sorted graph.
 * Tensors that no parameter reaches are never differentiated (the first convolution's input, say).
 * @param loss a scalar, shape `[]`
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0) throw new RangeError(`loss has shape [${loss.shape}], not []`);
  const order = sorted([loss]);
  const wanted = new Set(parameters);
  for (const tensor of order) if (tensor.inputs.some((x) => wanted.has(x))) wanted.add(tensor);

  const arriving = new Map<Tensor, Tensor[]>([[loss, [constant(1)]]]);
  const total = new Map<Tensor, Tensor>();
  for (const tensor of order.reverse()) {
    const parts = arriving.get(tensor);
    if (!parts || !wanted.has(tensor)) continue;
    const dy = expand(accumulated(parts, tensor), tensor.shape);
    total.set(tensor, dy);
    if (tensor.inputs.length === 0) continue;
    const rule = rules[tensor.op];
    if (!rule) throw new RangeError(`${tensor.op} has no gradient`);
    const needed = tensor.inputs.map((x) => wanted.has(x));
    rule(tensor, dy, needed).forEach((gradient, i) => {
      const x = tensor.inputs[i];
      if (!gradient || !needed[i]) return;
      const list = arriving.get(x);
      if (list) list.push(gradient);
      else arriving.set(x, [gradient]);
    });
  }
  return parameters.map((parameter) => {
    const gradient = total.get(parameter);
    if (!gradient) throw new RangeError(`the loss does not depend on ${parameter.name ?? parameter.op}`);
    return gradient;
  });
}

/** Parts of the tensor's own shape are summed at once; those that broadcast are added to them. */
function accumulated(parts: readonly Tensor[], tensor: Tensor): Tensor {
  const full = parts.filter((part) => sameShape(part.shape, tensor.shape));
  const small = parts.filter((part) => !sameShape(part.shape, tensor.shape));
  return small.reduce<Tensor | undefined>(
    (sum, part) => (sum ? add(sum, part) : part),
    full.length > 0 ? addAll(full) : undefined,
  )!;
}
