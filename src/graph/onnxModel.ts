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
  // A Buffer takes three times as long to give its parts.
  const reader = new BinaryReader(new Uint8Array(onnx.buffer, onnx.byteOffset, onnx.length));
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  const graphRest: Raw[] = [];
  const metadata: [string, string][] = [];
  const rest: Raw[] = [];
  const readNode = nodeReader(reader);
  const graph = {
    [graphNode]: () => void nodes.push(readNode()),
    [graphInitializer]: () => void initializers.push(readInitializer(reader)),
  };
  let graphs = 0;
  const model = {
    [modelGraph]: () => {
      graphs++;
      nested(reader, graph, (raw) => graphRest.push(raw));
    },
    [modelMetadata]: () => void metadata.push(readEntry(reader)),
  };
  fields(reader, reader.len, model, (raw) => rest.push(raw));
  if (graphs !== 1) throw new RangeError(`${graphs} graphs in the file, not one`);
  return { nodes, initializers, graphRest, metadata: Object.fromEntries(metadata), rest };
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
  const found = new Map(
    [graphInput, graphOutput, graphValue].map((field) => [field, new Map<string, ValueInfo>()]),
  );
  const read = valueReader();
  for (const { field, bytes } of graphRest) found.get(field)?.set(...read(bytes));
  const [inputs, outputs, inside] = [...found.values()];
  for (const { name } of initializers) inputs.delete(name);
  return { inputs, outputs, inside };
}

/** A node's numbers, lists of whole numbers and texts. */
export const attributesOf = ({ attributes }: Node): Record<string, number | readonly number[] | string> =>
  Object.fromEntries(attributes.map(readAttribute));

/** The file again; it asks for the operator sets its nodes are of and no others. */
export function writeOnnx({ nodes, initializers, graphRest, metadata, rest }: OnnxModel): Uint8Array {
  const domains = new Set(["", ...nodes.map(({ domain }) => domain)]);
  return message((model) => {
    for (const raw of rest)
      if (raw.field !== modelOpset || domains.has(domainOf(raw.bytes))) copy(model, raw);
    const graph = message((g) => {
      for (const node of nodes) embed(g, graphNode, nodeBytes(node));
      for (const initializer of initializers) embed(g, graphInitializer, initializerBytes(initializer));
      for (const raw of graphRest) copy(g, raw);
    });
    embed(model, modelGraph, graph);
    for (const [key, value] of Object.entries(metadata))
      embed(
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
        void embed(
          text(w, 1, name),
          2,
          message((t) => void embed(t, 1, type)),
        ),
    ),
  }));
  return { ...model, graphRest: [...model.graphRest, ...outputs] };
}

/** What to do at the payload of a field, by its number. */
type Readers = Readonly<Record<number, (wire: WireType) => void>>;

/** Goes through the fields of a message that ends at `end`: those not in `known` are skipped, or given to `other`. */
function fields(reader: BinaryReader, end: number, known: Readers, other?: (raw: Raw) => void): void {
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    if (known[field]) known[field](wire);
    else if (!other) reader.skip(wire, field);
    else if (wire === WireType.LengthDelimited) other({ field, wire, bytes: reader.bytes() });
    else other({ field, wire, bytes: reader.skip(wire, field) });
  }
  if (reader.pos !== end) throw new RangeError("a field ends beyond its message");
}

/** The same for a message within a message, which `reader` stands before. */
function nested(reader: BinaryReader, known: Readers, other?: (raw: Raw) => void): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("the file ends within a message");
  fields(reader, end, known, other);
}

/** Made once for all nodes of a file, of which there are many. */
function nodeReader(reader: BinaryReader): () => Node {
  let [op, domain] = ["", ""];
  let [inputs, outputs, attributes]: [string[], string[], Uint8Array[]] = [[], [], []];
  const known = {
    1: () => void inputs.push(reader.string()),
    2: () => void outputs.push(reader.string()),
    4: () => void (op = reader.string()),
    5: () => void attributes.push(reader.bytes()),
    7: () => void (domain = reader.string()),
  };
  return () => {
    [op, domain] = ["", ""];
    [inputs, outputs, attributes] = [[], [], []];
    nested(reader, known);
    return { op, inputs, outputs, domain, attributes };
  };
}

function readAttribute(bytes: Uint8Array): [name: string, value: number | readonly number[] | string] {
  const reader = new BinaryReader(bytes);
  const list: number[] = [];
  let name = "";
  let value: number | string | undefined;
  fields(reader, reader.len, {
    1: () => void (name = reader.string()),
    2: () => void (value = reader.float()),
    3: () => void (value = Number(reader.int64())),
    4: () => void (value = reader.string()),
    8: (wire) => readIntegers(reader, wire, list),
  });
  return [name, value ?? list];
}

function readInitializer(reader: BinaryReader): Initializer {
  const shape: number[] = [];
  let [name, type, elsewhere] = ["", 0, false];
  let bytes: Uint8Array | undefined;
  nested(
    reader,
    {
      1: (wire) => readIntegers(reader, wire, shape),
      2: () => void (type = reader.int32()),
      8: () => void (name = reader.string()),
      9: () => void (bytes = reader.bytes()),
    },
    () => void (elsewhere = true),
  );
  if (!bytes && elsewhere) throw new RangeError(`weights ${name} are not stored as raw bytes`);
  return { name, shape, type, bytes: bytes ?? new Uint8Array() };
}

/** One of a list, or several packed. */
function readIntegers(reader: BinaryReader, wire: WireType, into: number[]): void {
  const end = wire === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.pos + 1;
  while (reader.pos < end) into.push(Number(reader.int64()));
  if (wire === WireType.LengthDelimited && reader.pos !== end)
    throw new RangeError("a number ends beyond its list");
}

function valueReader(): (bytes: Uint8Array) => [name: string, ValueInfo] {
  let reader = new BinaryReader(new Uint8Array());
  let [name, type, shape]: [string, number, number[]] = ["", 0, []];
  const length = { 1: () => void shape.push(Number(reader.int64())) };
  const lengths = {
    1: () => {
      const rank = shape.length;
      nested(reader, length);
      if (shape.length === rank) throw new RangeError(`a length of ${name} is not told`);
    },
  };
  const tensor = { 1: () => void (type = reader.int32()), 2: () => nested(reader, lengths) };
  const value = { 1: () => nested(reader, tensor) };
  const known = { 1: () => void (name = reader.string()), 2: () => nested(reader, value) };
  return (bytes) => {
    reader = new BinaryReader(bytes);
    [name, type, shape] = ["", 0, []];
    fields(reader, reader.len, known);
    return [name, { type, shape }];
  };
}

function readEntry(reader: BinaryReader): [key: string, value: string] {
  let [key, value] = ["", ""];
  nested(reader, {
    1: () => void (key = reader.string()),
    2: () => void (value = reader.string()),
  });
  return [key, value];
}

function domainOf(opset: Uint8Array): string {
  const reader = new BinaryReader(opset);
  let domain = "";
  fields(reader, reader.len, { 1: () => void (domain = reader.string()) });
  return domain;
}

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

const embed = (writer: BinaryWriter, field: number, bytes: Uint8Array) =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);

const text = (writer: BinaryWriter, field: number, value: string) =>
  writer.tag(field, WireType.LengthDelimited).string(value);

function copy(writer: BinaryWriter, { field, wire, bytes }: Raw): void {
  if (wire === WireType.LengthDelimited) embed(writer, field, bytes);
  else writer.tag(field, wire).raw(bytes);
}

const nodeBytes = ({ op, inputs, outputs, domain, attributes }: Node) =>
  message((w) => {
    for (const name of inputs) text(w, 1, name);
    for (const name of outputs) text(w, 2, name);
    text(text(w, 3, outputs[0]), 4, op);
    for (const attribute of attributes) embed(w, 5, attribute);
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
    embed(w, 9, bytes);
  });
