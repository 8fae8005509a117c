import { sorted, type Tensor } from "../tensor.ts";

/**
 * The tensors that outputs need, in an order to compute them in. ONNX Runtime walks back from the outputs and takes the
 * operator listed last first. Outputs, and parts of a concatenated one, are therefore listed by falling depth: each is
 * computed as soon as it can be, while what it reads is still in a cache, and then let go.
 */
export function scheduled(outputs: readonly Tensor[]): Tensor[] {
  const order = sorted(outputs);
  const uses = new Map<Tensor, number>();
  const depth = new Map<Tensor, number>();
  for (const tensor of order) {
    for (const x of tensor.inputs) uses.set(x, (uses.get(x) ?? 0) + 1);
    depth.set(tensor, 1 + Math.max(0, ...tensor.inputs.map((x) => depth.get(x)!)));
  }
  const deepestFirst = (tensors: readonly Tensor[]) =>
    tensors.toSorted((a, b) => depth.get(b)! - depth.get(a)!);
  const ends = outputs.filter((tensor) => !uses.has(tensor));
  const parts = ends
    .filter(({ op }) => op === "Concat")
    .flatMap(({ inputs }) =>
      inputs.filter((x) => x.inputs.length > 0 && uses.get(x) === 1 && !outputs.includes(x)),
    );
  const last = new Set([...deepestFirst(parts), ...deepestFirst(ends)]);
  return [...order.filter((tensor) => !last.has(tensor)), ...last];
}
