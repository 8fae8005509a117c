import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Attribute, Tensor } from "../tensor.ts";
import { elementTypes } from "./onnxModel.ts";
import { writeInteger, writeMessage, writeText } from "./protobuf.ts";
import { scheduled } from "./schedule.ts";

/** Opset 18: the oldest that has axes as inputs of every reduction; ONNX Runtime 1.14 and later read it. */
const opset = 18;
const irVersion = 8;

// Field numbers are those of onnx.proto (github.com/onnx/onnx, Apache-2.0).

/** Bytes of weights that are copied once, to their place, not with what is written around them. */
const worthAPart = 2 ** 10;
const floatAttributes = new Set(["epsilon", "alpha", "beta"]);

/** A graph as it goes into an ONNX file. */
export interface OnnxGraph {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Values for inputs that become weights inside the file. */
  readonly weights?: ReadonlyMap<Tensor, Float32Array>;
  /** Free text by key; read back by `readMetadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * An ONNX file of the tensors that the outputs need. Equal graphs give equal bytes.
 * @param shapes whether the file tells those of tensors inside, for `readGraph`
 */
export function encodeOnnx(
  { outputs, weights = new Map(), metadata = {} }: OnnxGraph,
  { shapes = false } = {},
): Uint8Array {
  const names = new Map<Tensor, string>();
  for (const [name, tensor] of Object.entries(outputs)) {
    if (names.has(tensor) || tensor.inputs.length === 0)
      throw new RangeError(`output ${name} is an input, a constant or another output`);
    names.set(tensor, name);
  }
  const results = new Set(Object.values(outputs));
  const order = scheduled([...results]);
  order.forEach((tensor, i) => {
    if (!names.has(tensor)) names.set(tensor, tensor.name ?? `${tensor.op}_${i}`);
  });
  const w = new BinaryWriter();
  const parts: Uint8Array[] = [];
  for (const tensor of order) {
    const values = tensor.data ?? weights.get(tensor);
    if (tensor.inputs.length > 0) writeMessage(w, 1, () => node(w, tensor, names));
    else if (values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const name = names.get(tensor)!;
      if (bytes.length < worthAPart) initializer(w, name, tensor, bytes.length).raw(bytes);
      else {
        parts.push(w.finish());
        parts.push(
          aligned(lengthOf(parts), (filler) => initializer(w, name, tensor, bytes.length, filler)),
          bytes,
        );
      }
    }
  }
  writeText(w, 2, "trinephron");
  for (const tensor of order)
    if (tensor.op === "Input" && !weights.has(tensor))
      writeMessage(w, 11, () => valueInfo(w, names.get(tensor)!, tensor));
  for (const [name, tensor] of Object.entries(outputs)) writeMessage(w, 12, () => valueInfo(w, name, tensor));
  if (shapes)
    for (const tensor of order)
      if (tensor.inputs.length > 0 && !results.has(tensor))
        writeMessage(w, 13, () => valueInfo(w, names.get(tensor)!, tensor));
  parts.push(w.finish());

  const head = (filler?: string) => {
    writeText(writeInteger(w, 1, irVersion), 2, "trinephron");
    if (filler !== undefined) writeText(w, 6, filler);
    return w.tag(7, WireType.LengthDelimited).uint32(lengthOf(parts));
  };
  parts.unshift(aligned(0, head));
  for (const domain of new Set(["", ...order.map(({ op }) => domainOf(op))]))
    writeMessage(w, 8, () => writeInteger(writeText(w, 1, domain), 2, domain === "" ? opset : 1));
  for (const [key, value] of Object.entries(metadata))
    writeMessage(w, 14, () => writeText(writeText(w, 1, key), 2, value));
  parts.push(w.finish());
  return joined(parts);
}

/**
 * What `write` writes from byte `at` on, with a filler as its comment where that makes it end at a multiple of four: so
 * do weights begin, and a reader seldom has to copy them.
 */
function aligned(at: number, write: (filler?: string) => BinaryWriter): Uint8Array {
  // A comment of n letters takes n + 2 bytes.
  const written = [undefined, "", " ", "   "].map((filler) => write(filler).finish());
  return written.find(({ length }) => (at + length) % 4 === 0) ?? written[0];
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((n, { length }) => n + length, 0);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** ONNX's own operators have no domain; others stand after theirs and a dot. */
const domainOf = (op: string): string => op.slice(0, Math.max(0, op.lastIndexOf(".")));

function node(w: BinaryWriter, tensor: Tensor, names: ReadonlyMap<Tensor, string>): void {
  for (const x of tensor.inputs) writeText(w, 1, names.get(x)!);
  writeText(writeText(w, 2, names.get(tensor)!), 3, names.get(tensor)!);
  const domain = domainOf(tensor.op);
  writeText(w, 4, domain === "" ? tensor.op : tensor.op.slice(domain.length + 1));
  if (domain !== "") writeText(w, 7, domain);
  for (const [name, value] of Object.entries(tensor.attributes))
    writeMessage(w, 5, () => attribute(writeText(w, 1, name), name, value));
}

function attribute(w: BinaryWriter, name: string, value: Attribute): void {
  const type = (code: number) => writeInteger(w, 20, code);
  if (typeof value === "string") {
    writeText(w, 4, value);
    type(3);
  } else if (typeof value !== "number") {
    for (const n of value) writeInteger(w, 8, n);
    type(7);
  } else if (floatAttributes.has(name)) {
    w.tag(2, WireType.Bit32).float(value);
    type(1);
  } else {
    writeInteger(w, 3, value);
    type(2);
  }
}

/** All of an `initializer` but its values, `length` bytes, which must follow: little-endian, as are the machines ONNX Runtime runs on. */
function initializer(
  w: BinaryWriter,
  name: string,
  { shape, type }: Tensor,
  length: number,
  filler?: string,
): BinaryWriter {
  const head = new BinaryWriter();
  for (const side of shape) writeInteger(head, 1, side);
  writeText(writeInteger(head, 2, elementTypes[type]), 8, name);
  if (filler !== undefined) writeText(head, 12, filler);
  const bytes = head.tag(9, WireType.LengthDelimited).uint32(length).finish();
  return w
    .tag(5, WireType.LengthDelimited)
    .uint32(bytes.length + length)
    .raw(bytes);
}

function valueInfo(w: BinaryWriter, name: string, { shape, type }: Tensor): void {
  writeText(w, 1, name);
  writeMessage(w, 2, () =>
    writeMessage(w, 1, () => {
      writeInteger(w, 1, elementTypes[type]);
      writeMessage(w, 2, () => {
        for (const length of shape) writeMessage(w, 1, () => writeInteger(w, 1, length));
      });
    }),
  );
}
