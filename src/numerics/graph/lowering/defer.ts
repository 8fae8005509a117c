import { concat, reshape } from "../primitives.ts";
import { apply, input, type Tensor } from "../tensor.ts";

/** Elements that follow each other in a concatenation. */
export interface DeferredPart {
  readonly name: string;
  /** The first of them. */
  readonly start: number;
  readonly length: number;
  /** The same elements as their operators yield them. */
  readonly unordered: Tensor;
  /** Them in their order, from an input of the part's name; undefined where they are. */
  readonly ordered: Tensor | undefined;
}

/** Operators that move elements and change none. */
const moving = new Set(["Reshape", "Transpose", "com.microsoft.nchwc.ReorderOutput"]);

/**
 * A concatenation in parts, and how each is ordered split off. Of a sum over cases, of all parameters' gradients say, it
 * is enough to order the sum.
 */
export function deferred(whole: Tensor): DeferredPart[] {
  const parts: DeferredPart[] = [];
  let start = 0;
  for (const part of whole.inputs) {
    const { root, moves } = origin(part);
    const [length] = part.shape;
    const before = parts.at(-1);
    const name = `part${parts.length}`;
    if (moves.some(({ op }) => op !== "Reshape"))
      parts.push({ name, start, length, unordered: root, ordered: replayed(input(name, root.shape), moves) });
    else if (before && !before.ordered)
      parts[parts.length - 1] = {
        ...before,
        length: before.length + length,
        unordered: concat(
          [...(before.unordered.op === "Concat" ? before.unordered.inputs : [before.unordered]), part],
          0,
        ),
      };
    else parts.push({ name, start, length, unordered: part, ordered: undefined });
    start += length;
  }
  return parts;
}

function origin(part: Tensor): { root: Tensor; moves: readonly Tensor[] } {
  const moves: Tensor[] = [];
  let root = part;
  while (moving.has(root.op)) {
    moves.unshift(root);
    [root] = root.inputs;
  }
  return { root, moves };
}

const replayed = (from: Tensor, moves: readonly Tensor[]): Tensor =>
  moves.reduce(
    (x, { op, inputs: [, ...others], shape, attributes }) =>
      op === "Reshape" ? reshape(x, shape) : apply(op, [x, ...others], shape, attributes),
    from,
  );
