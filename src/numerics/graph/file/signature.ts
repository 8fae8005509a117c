import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type FieldReaders, readFields, readMessage } from "./protobuf.ts";

/** A tensor that a model takes or gives; a length that the file leaves open is undefined. */
interface Port {
  readonly name: string;
  /** Undefined where the file tells none. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** What any ONNX file takes and gives, in its order. */
export interface Signature {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Whether weights lie in another file. */
  readonly elsewhere: boolean;
}

/** Field numbers of onnx.proto. */
const field = { graph: 7, initializer: 5, input: 11, output: 12, tensorName: 8, dataLocation: 14 } as const;

/** @throws Error where the bytes are no ONNX file */
export function readSignature(onnx: Uint8Array): Signature {
  const reader = new BinaryReader(new Uint8Array(onnx.buffer, onnx.byteOffset, onnx.length));
  const weights = new Set<string>();
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  let [graphs, elsewhere] = [0, false];
  const weight: FieldReaders = {
    [field.tensorName]: () => void weights.add(reader.string()),
    [field.dataLocation]: () => void (elsewhere ||= reader.int32() === 1),
  };
  const graph: FieldReaders = {
    [field.initializer]: () => readMessage(reader, weight),
    [field.input]: () => void inputs.push(readPort(reader)),
    [field.output]: () => void outputs.push(readPort(reader)),
  };
  const model: FieldReaders = {
    [field.graph]: () => {
      graphs++;
      readMessage(reader, graph);
    },
  };
  readFields(reader, reader.len, model);
  if (graphs !== 1) throw new RangeError(`${graphs} graphs in the file, not one`);
  // Older files list weights among the inputs.
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, elsewhere };
}

function readPort(reader: BinaryReader): Port {
  let name = "";
  let shape: (number | undefined)[] | undefined;
  let length: number | undefined;
  const dimension: FieldReaders = { 1: () => void (length = Number(reader.int64())) };
  const dimensions: FieldReaders = {
    1: () => {
      length = undefined;
      readMessage(reader, dimension);
      shape!.push(length);
    },
  };
  const tensor: FieldReaders = {
    2: () => {
      shape = [];
      readMessage(reader, dimensions);
    },
  };
  const type: FieldReaders = { 1: () => readMessage(reader, tensor) };
  readMessage(reader, { 1: () => void (name = reader.string()), 2: () => readMessage(reader, type) });
  return { name, shape };
}
