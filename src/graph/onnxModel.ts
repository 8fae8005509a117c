import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// Field numbers and enum values of onnx.proto (github.com/onnx/onnx, Apache-2.0).
const modelGraph = 7;
const modelOpset = 8;
const modelMetadata = 14;
const graphNode = 1;
const graphInitializer = 5;
const graphInput = 11;
const graphOutput = 12;
const graphValue = 13;
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9, float16: 10 } as const;

/** Field of a message as it stood in the file. */
interface Raw {
  readonly field: number;
  readonly wire: WireType;
  /** The payload of a length-delimited field; of any other its bytes without the tag. */
  readonly bytes: Uint8Array;
}

/** Weights of a model. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of `elementTypes`, or another of ONNX's. */
  readonly type: number;
  /** Little-endian values. */
  readonly bytes: Uint8Array;
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of ONNX's own operators empty. */
  readonly domain: string;
  /** Whole-number attributes by name. */
  readonly integers: Readonly<Record<string, number>>;
  /** All attributes, as they stood in the file. */
  readonly attributes: readonly Uint8Array[];
}

/** A whole ONNX file, its nodes and weights taken apart and the rest kept as it is. */
export interface OnnxModel {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly graphRest: readonly Raw[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly rest: readonly Raw[];
}

/** @throws Error where the bytes are no protobuf message, or weights lie outside the file or in another encoding */
export function readOnnx(onnx: Uint8Array): OnnxModel {
  const model = fields(onnx);
  const graph = fields(model.find(({ field }) => field === modelGraph)!.bytes);
  return {
    nodes: graph.filter(({ field }) => field === graphNode).map(({ bytes }) => readNode(bytes)),
    initializers: graph
      .filter(({ field }) => field === graphInitializer)
      .map(({ bytes }) => readInitializer(bytes)),
    graphRest: graph.filter(({ field }) => field !== graphNode && field !== graphInitializer),
    metadata: Object.fromEntries(
      model.filter(({ field }) => field === modelMetadata).map(({ bytes }) => texts(bytes)),
    ),
    rest: model.filter(({ field }) => field !== modelGraph && field !== modelMetadata),
  };
}

/** An element type, of `elementTypes`, and lengths. */
export interface ValueInfo {
  readonly type: number;
  readonly shape: readonly number[];
}

/** What the file tells of its tensors, by name: of those inside it may tell nothing. */
export function valuesOf({ graphRest, initializers }: OnnxModel): {
  readonly inputs: ReadonlyMap<string, ValueInfo>;
  readonly outputs: ReadonlyMap<string, ValueInfo>;
  readonly inside: ReadonlyMap<string, ValueInfo>;
} {
  const stored = new Set(initializers.map(({ name }) => name));
  const of = (number: number) =>
    new Map(graphRest.filter(({ field }) => field === number).map(({ bytes }) => valueInfo(bytes)));
  const inputs = [...of(graphInput)].filter(([name]) => !stored.has(name));
  return { inputs: new Map(inputs), outputs: of(graphOutput), inside: of(graphValue) };
}

/** A node's numbers, lists of whole numbers and texts. */
export function attributesOf({ attributes }: Node): Record<string, number | readonly number[] | string> {
  return Object.fromEntries(
    attributes.map((bytes) => {
      const parts = fields(bytes);
      const one = (number: number) => parts.find(({ field }) => field === number);
      const [float, whole, text] = [one(2), one(3), one(4)];
      const value = float
        ? new BinaryReader(float.bytes).float()
        : whole
          ? integer(whole)
          : text
            ? string(text)
            : parts.filter(({ field }) => field === 8).flatMap(lengths);
      return [string(one(1)!), value];
    }),
  );
}

/** The file again; it asks for the operator sets its nodes are of and no others. */
export function writeOnnx({ nodes, initializers, graphRest, metadata, rest }: OnnxModel): Uint8Array {
  const domains = new Set(["", ...nodes.map(({ domain }) => domain)]);
  return message((model) => {
    for (const raw of rest)
      if (raw.field !== modelOpset || domains.has(domainOf(raw.bytes))) copy(model, raw);
    const graph = message((g) => {
      for (const node of nodes) nested(g, graphNode, nodeBytes(node));
      for (const initializer of initializers) nested(g, graphInitializer, initializerBytes(initializer));
      for (const raw of graphRest) copy(g, raw);
    });
    nested(model, modelGraph, graph);
    for (const [key, value] of Object.entries(metadata))
      nested(
        model,
        modelMetadata,
        message((entry) => void text(text(entry, 1, key), 2, value)),
      );
  });
}

/** A node of one of ONNX's own operators with one output. */
export const madeNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  integers: Readonly<Record<string, number>> = {},
): Node => ({
  op,
  inputs,
  outputs: [output],
  domain: "",
  integers,
  attributes: Object.entries(integers).map(([name, value]) => integerAttribute(name, value)),
});

/** The same model with more of its tensors, all of single precision, among the outputs. */
export function withOutputs(model: OnnxModel, names: readonly string[]): OnnxModel {
  const type = message((w) => void w.tag(1, WireType.Varint).int32(elementTypes.float32));
  const outputs = names.map((name) => ({
    field: graphOutput,
    wire: WireType.LengthDelimited,
    bytes: message(
      (w) =>
        void nested(
          text(w, 1, name),
          2,
          message((t) => void nested(t, 1, type)),
        ),
    ),
  }));
  return { ...model, graphRest: [...model.graphRest, ...outputs] };
}

function fields(bytes: Uint8Array): Raw[] {
  const reader = new BinaryReader(bytes);
  const found: Raw[] = [];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (wire === WireType.LengthDelimited) found.push({ field, wire, bytes: reader.bytes() });
    else {
      const start = reader.pos;
      reader.skip(wire, field);
      found.push({ field, wire, bytes: bytes.subarray(start, reader.pos) });
    }
  }
  return found;
}

const decoder = new TextDecoder();
const string = ({ bytes }: Raw) => decoder.decode(bytes);
const integer = ({ bytes }: Raw) => Number(new BinaryReader(bytes).int64());

function readNode(raw: Uint8Array): Node {
  const parts = fields(raw);
  const strings = (number: number) => parts.filter(({ field }) => field === number).map(string);
  const attributes = parts.filter(({ field }) => field === 5).map(({ bytes }) => bytes);
  const values = attributes.map((bytes) => {
    const attribute = fields(bytes);
    const value = attribute.find(({ field }) => field === 3);
    return [string(attribute.find(({ field }) => field === 1)!), value && integer(value)] as const;
  });
  return {
    op: strings(4)[0],
    inputs: strings(1),
    outputs: strings(2),
    domain: strings(7)[0] ?? "",
    integers: Object.fromEntries(
      values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    attributes,
  };
}

function readInitializer(bytes: Uint8Array): Initializer {
  const parts = fields(bytes);
  const one = (number: number) => parts.find(({ field }) => field === number);
  const raw = one(9);
  const type = integer(one(2)!);
  if (!raw && parts.some(({ field }) => field > 2 && field !== 8))
    throw new RangeError(`weights of ${one(8) ? string(one(8)!) : "no name"} are not stored as raw bytes`);
  return {
    name: string(one(8)!),
    shape: parts.filter(({ field }) => field === 1).flatMap(lengths),
    type,
    bytes: raw?.bytes ?? new Uint8Array(),
  };
}

function valueInfo(bytes: Uint8Array): [name: string, ValueInfo] {
  const inner = (raw: Uint8Array, number: number) => fields(raw).find(({ field }) => field === number)?.bytes;
  const parts = fields(bytes);
  const type = inner(parts.find(({ field }) => field === 2)!.bytes, 1)!;
  const element = fields(type).find(({ field }) => field === 1)!;
  const shape = fields(inner(type, 2) ?? new Uint8Array());
  return [
    string(parts.find(({ field }) => field === 1)!),
    {
      type: integer(element),
      shape: shape.map(({ bytes: dimension }) => fields(dimension).flatMap(lengths)[0]),
    },
  ];
}

/** One length, or several packed. */
function lengths(raw: Raw): number[] {
  if (raw.wire !== WireType.LengthDelimited) return [integer(raw)];
  const reader = new BinaryReader(raw.bytes);
  const found: number[] = [];
  while (reader.pos < reader.len) found.push(Number(reader.int64()));
  return found;
}

function texts(entry: Uint8Array): [string, string] {
  const parts = fields(entry);
  const of = (number: number) => parts.filter(({ field }) => field === number).map(string)[0] ?? "";
  return [of(1), of(2)];
}

const domainOf = (opset: Uint8Array): string =>
  fields(opset)
    .filter(({ field }) => field === 1)
    .map(string)[0] ?? "";

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

const nested = (writer: BinaryWriter, field: number, bytes: Uint8Array) =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);

const text = (writer: BinaryWriter, field: number, value: string) =>
  writer.tag(field, WireType.LengthDelimited).string(value);

function copy(writer: BinaryWriter, { field, wire, bytes }: Raw): void {
  if (wire === WireType.LengthDelimited) nested(writer, field, bytes);
  else writer.tag(field, wire).raw(bytes);
}

const nodeBytes = ({ op, inputs, outputs, domain, attributes }: Node) =>
  message((w) => {
    for (const name of inputs) text(w, 1, name);
    for (const name of outputs) text(w, 2, name);
    text(text(w, 3, outputs[0]), 4, op);
    for (const attribute of attributes) nested(w, 5, attribute);
    if (domain !== "") text(w, 7, domain);
  });

const integerAttribute = (name: string, value: number) =>
  message(
    (w) => void text(w, 1, name).tag(3, WireType.Varint).int64(value).tag(20, WireType.Varint).int32(2),
  );

const initializerBytes = ({ name, shape, type, bytes }: Initializer) =>
  message((w) => {
    for (const length of shape) w.tag(1, WireType.Varint).int64(length);
    text(w.tag(2, WireType.Varint).int32(type), 8, name);
    nested(w, 9, bytes);
  });
