import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type Raw,
  readFields,
  readIntegers,
  readMessage,
  writeBytes,
  writeInteger,
  writeMessage,
  writeRaw,
  writeText,
} from "./protobuf.ts";

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
      readMessage(reader, graph, (raw) => graphRest.push(raw));
    },
    [modelMetadata]: () => void metadata.push(readEntry(reader)),
  };
  readFields(reader, reader.len, model, (raw) => rest.push(raw));
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

/** The metadata of an ONNX file, by key. @throws Error where the bytes are no protobuf message */
export function readMetadata(onnx: Uint8Array): Record<string, string> {
  const reader = new BinaryReader(onnx);
  const metadata: [string, string][] = [];
  readFields(reader, reader.len, { [modelMetadata]: () => void metadata.push(readEntry(reader)) });
  return Object.fromEntries(metadata);
}

/** The file again; it asks for the operator sets its nodes are of and no others. */
export function writeOnnx({ nodes, initializers, graphRest, metadata, rest }: OnnxModel): Uint8Array {
  const domains = new Set(["", ...nodes.map(({ domain }) => domain)]);
  const w = new BinaryWriter();
  for (const raw of rest) if (raw.field !== modelOpset || domains.has(domainOf(raw.bytes))) writeRaw(w, raw);
  writeMessage(w, modelGraph, () => {
    for (const node of nodes) writeMessage(w, graphNode, () => writeNode(w, node));
    for (const weights of initializers) writeMessage(w, graphInitializer, () => writeInitializer(w, weights));
    for (const raw of graphRest) writeRaw(w, raw);
  });
  for (const [key, value] of Object.entries(metadata))
    writeMessage(w, modelMetadata, () => writeText(writeText(w, 1, key), 2, value));
  return w.finish();
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
  const outputs = names.map((name) => {
    const w = new BinaryWriter();
    writeText(w, 1, name);
    writeMessage(w, 2, () => writeMessage(w, 1, () => writeInteger(w, 1, elementTypes.float32)));
    return { field: graphOutput, wire: WireType.LengthDelimited, bytes: w.finish() };
  });
  return { ...model, graphRest: [...model.graphRest, ...outputs] };
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
    readMessage(reader, known);
    return { op, inputs, outputs, domain, attributes };
  };
}

function readAttribute(bytes: Uint8Array): [name: string, value: number | readonly number[] | string] {
  const reader = new BinaryReader(bytes);
  const list: number[] = [];
  let name = "";
  let value: number | string | undefined;
  readFields(reader, reader.len, {
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
  readMessage(
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

function valueReader(): (bytes: Uint8Array) => [name: string, ValueInfo] {
  let reader = new BinaryReader(new Uint8Array());
  let [name, type, shape]: [string, number, number[]] = ["", 0, []];
  const length = { 1: () => void shape.push(Number(reader.int64())) };
  const lengths = {
    1: () => {
      const rank = shape.length;
      readMessage(reader, length);
      if (shape.length === rank) throw new RangeError(`a length of ${name} is not told`);
    },
  };
  const tensor = { 1: () => void (type = reader.int32()), 2: () => readMessage(reader, lengths) };
  const value = { 1: () => readMessage(reader, tensor) };
  const known = { 1: () => void (name = reader.string()), 2: () => readMessage(reader, value) };
  return (bytes) => {
    reader = new BinaryReader(bytes);
    [name, type, shape] = ["", 0, []];
    readFields(reader, reader.len, known);
    return [name, { type, shape }];
  };
}

function readEntry(reader: BinaryReader): [key: string, value: string] {
  let [key, value] = ["", ""];
  readMessage(reader, {
    1: () => void (key = reader.string()),
    2: () => void (value = reader.string()),
  });
  return [key, value];
}

function domainOf(opset: Uint8Array): string {
  const reader = new BinaryReader(opset);
  let domain = "";
  readFields(reader, reader.len, { 1: () => void (domain = reader.string()) });
  return domain;
}

function writeNode(w: BinaryWriter, { op, inputs, outputs, domain, attributes }: Node): void {
  for (const name of inputs) writeText(w, 1, name);
  for (const name of outputs) writeText(w, 2, name);
  writeText(writeText(w, 3, outputs[0]), 4, op);
  for (const attribute of attributes) writeBytes(w, 5, attribute);
  if (domain !== "") writeText(w, 7, domain);
}

const integerAttribute = (name: string, value: number): Uint8Array =>
  writeInteger(writeInteger(writeText(new BinaryWriter(), 1, name), 3, value), 20, 2).finish();

function writeInitializer(w: BinaryWriter, { name, shape, type, bytes }: Initializer): void {
  for (const length of shape) writeInteger(w, 1, length);
  writeBytes(writeText(writeInteger(w, 2, type), 8, name), 9, bytes);
}
