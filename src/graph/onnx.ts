import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { scheduled } from "./schedule.ts";
import type { Attribute, Tensor } from "./tensor.ts";

/** Opset 18: the oldest that has axes as inputs of every reduction; ONNX Runtime 1.14 and later read it. */
const opset = 18;
const irVersion = 8;

// Field numbers and enum values of onnx.proto (github.com/onnx/onnx, Apache-2.0).
const elementTypes = { float32: 1, int64: 7, bool: 9 } as const;
const floatAttributes = new Set(["epsilon", "alpha", "beta"]);

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
  const graph = message((w) => {
    for (const tensor of order) {
      if (tensor.op === "Input") {
        const values = weights.get(tensor);
        if (values) w.tag(5, WireType.LengthDelimited).bytes(initializer(names.get(tensor)!, tensor, values));
      } else if (tensor.op === "Constant")
        w.tag(5, WireType.LengthDelimited).bytes(initializer(names.get(tensor)!, tensor, tensor.data!));
      else w.tag(1, WireType.LengthDelimited).bytes(node(tensor, names));
    }
    w.tag(2, WireType.LengthDelimited).string("trinephron");
    for (const tensor of order)
      if (tensor.op === "Input" && !weights.has(tensor))
        w.tag(11, WireType.LengthDelimited).bytes(valueInfo(names.get(tensor)!, tensor));
    for (const [name, tensor] of Object.entries(outputs))
      w.tag(12, WireType.LengthDelimited).bytes(valueInfo(name, tensor));
    if (shapes)
      for (const tensor of order)
        if (tensor.inputs.length > 0 && !results.has(tensor))
          w.tag(13, WireType.LengthDelimited).bytes(valueInfo(names.get(tensor)!, tensor));
  });
  return message((w) => {
    w.tag(1, WireType.Varint).int64(irVersion);
    w.tag(2, WireType.LengthDelimited).string("trinephron");
    w.tag(7, WireType.LengthDelimited).bytes(graph);
    for (const domain of new Set(["", ...order.map(({ op }) => domainOf(op))]))
      w.tag(8, WireType.LengthDelimited).bytes(
        message((o) =>
          o
            .tag(1, WireType.LengthDelimited)
            .string(domain)
            .tag(2, WireType.Varint)
            .int64(domain === "" ? opset : 1),
        ),
      );
    for (const [key, value] of Object.entries(metadata))
      w.tag(14, WireType.LengthDelimited).bytes(
        message((e) =>
          e.tag(1, WireType.LengthDelimited).string(key).tag(2, WireType.LengthDelimited).string(value),
        ),
      );
  });
}

/** The metadata of an ONNX file, by key. @throws Error where the bytes are no protobuf message */
export function readMetadata(onnx: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {};
  const reader = new BinaryReader(onnx);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 14 || type !== WireType.LengthDelimited) {
      reader.skip(type, field);
      continue;
    }
    const entry = new BinaryReader(reader.bytes());
    const pair: Record<number, string> = {};
    while (entry.pos < entry.len) pair[entry.tag()[0]] = entry.string();
    metadata[pair[1]] = pair[2] ?? "";
  }
  return metadata;
}

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

/** ONNX's own operators have no domain; others stand after theirs and a dot. */
const domainOf = (op: string): string => op.slice(0, Math.max(0, op.lastIndexOf(".")));

const node = (tensor: Tensor, names: ReadonlyMap<Tensor, string>) =>
  message((w) => {
    for (const x of tensor.inputs) w.tag(1, WireType.LengthDelimited).string(names.get(x)!);
    w.tag(2, WireType.LengthDelimited).string(names.get(tensor)!);
    w.tag(3, WireType.LengthDelimited).string(names.get(tensor)!);
    const domain = domainOf(tensor.op);
    w.tag(4, WireType.LengthDelimited).string(domain === "" ? tensor.op : tensor.op.slice(domain.length + 1));
    if (domain !== "") w.tag(7, WireType.LengthDelimited).string(domain);
    for (const [name, value] of Object.entries(tensor.attributes))
      w.tag(5, WireType.LengthDelimited).bytes(attribute(name, value));
  });

const attribute = (name: string, value: Attribute) =>
  message((w) => {
    w.tag(1, WireType.LengthDelimited).string(name);
    if (typeof value === "string") {
      w.tag(4, WireType.LengthDelimited).string(value);
      w.tag(20, WireType.Varint).int32(3);
    } else if (typeof value !== "number") {
      for (const n of value) w.tag(8, WireType.Varint).int64(n);
      w.tag(20, WireType.Varint).int32(7);
    } else if (floatAttributes.has(name)) {
      w.tag(2, WireType.Bit32).float(value);
      w.tag(20, WireType.Varint).int32(1);
    } else {
      w.tag(3, WireType.Varint).int64(value);
      w.tag(20, WireType.Varint).int32(2);
    }
  });

const initializer = (name: string, tensor: Tensor, data: Float32Array | BigInt64Array) =>
  message((w) => {
    for (const length of tensor.shape) w.tag(1, WireType.Varint).int64(length);
    w.tag(2, WireType.Varint).int32(elementTypes[tensor.type]);
    w.tag(8, WireType.LengthDelimited).string(name);
    // raw_data is little-endian, as are the machines ONNX Runtime runs on.
    w.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  });

const valueInfo = (name: string, tensor: Tensor) =>
  message((w) => {
    w.tag(1, WireType.LengthDelimited).string(name);
    const shape = message((s) => {
      for (const length of tensor.shape)
        s.tag(1, WireType.LengthDelimited).bytes(message((d) => d.tag(1, WireType.Varint).int64(length)));
    });
    const type = message((t) => {
      t.tag(1, WireType.Varint).int32(elementTypes[tensor.type]);
      t.tag(2, WireType.LengthDelimited).bytes(shape);
    });
    w.tag(2, WireType.LengthDelimited).bytes(message((t) => t.tag(1, WireType.LengthDelimited).bytes(type)));
  });
