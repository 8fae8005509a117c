import { concat, reshape, slice } from "./primitives.ts";
import { apply, input, type Tensor } from "./tensor.ts";

export interface Deferred {
  /** The same elements as the whole, in the order their operators yield them. */
  readonly unordered: Tensor;
  /** The whole again from an input of that name: its parts, with the element each starts at. None if none is moved. */
  readonly ordered: readonly { readonly start: number; readonly tensor: Tensor }[];
}

/** Operators that move elements and change none. */
const moving = new Set(["Reshape", "Transpose", "com.microsoft.nchwc.ReorderOutput"]);

/**
 * Splits off how a concatenation orders each of its parts. Of a sum over cases, of all parameters' gradients say, it is
 * enough to order the sum.
 */
export function deferred(whole: Tensor, name: string): Deferred {
  const from = input(name, whole.shape);
  const unordered: Tensor[] = [];
  const ordered: { start: number; tensor: Tensor; moved: boolean }[] = [];
  let start = 0;
  for (const part of whole.inputs) {
    const { root, moves } = origin(part);
    const [length] = part.shape;
    unordered.push(reshape(root, [length]));
    const moved = moves.some(({ op }) => op !== "Reshape");
    const before = ordered.at(-1);
    if (!moved && before && !before.moved) before.tensor = slice(from, 0, before.start, start + length);
    else ordered.push({ start, tensor: replayed(slice(from, 0, start, start + length), root, moves), moved });
    start += length;
  }
  return { unordered: concat(unordered, 0), ordered: ordered.some(({ moved }) => moved) ? ordered : [] };
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

const replayed = (flat: Tensor, root: Tensor, moves: readonly Tensor[]): Tensor =>
  moves.reduce(
    (x, { op, inputs: [, ...others], shape, attributes }) =>
      op === "Reshape" ? reshape(x, shape) : apply(op, [x, ...others], shape, attributes),
    reshape(flat, root.shape),
  );
