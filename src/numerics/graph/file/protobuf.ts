import { type BinaryReader, type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Field of a message as it stood in the file. */
export interface Raw {
  readonly field: number;
  readonly wire: WireType;
  /** The payload of a length-delimited field; of any other its bytes without the tag. */
  readonly bytes: Uint8Array;
}

/** What to do at the payload of a field, by its number. */
export type FieldReaders = Readonly<Record<number, (wire: WireType) => void>>;

/**
 * Goes through the fields of a message that ends at `end`: those not in `known` are skipped, or given to `other`.
 * @throws RangeError where the last of them ends elsewhere
 */
export function readFields(
  reader: BinaryReader,
  end: number,
  known: FieldReaders,
  other?: (raw: Raw) => void,
): void {
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
export function readMessage(reader: BinaryReader, known: FieldReaders, other?: (raw: Raw) => void): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("the file ends within a message");
  readFields(reader, end, known, other);
}

/** One whole number of a list, or several packed. */
export function readIntegers(reader: BinaryReader, wire: WireType, into: number[]): void {
  const packed = wire === WireType.LengthDelimited;
  const end = packed ? reader.uint32() + reader.pos : reader.pos + 1;
  while (reader.pos < end) into.push(Number(reader.int64()));
  if (packed && reader.pos !== end) throw new RangeError("a number ends beyond its list");
}

/** A message within the message being written. */
export function writeMessage(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

export const writeText = (writer: BinaryWriter, field: number, value: string): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).string(value);

export const writeInteger = (writer: BinaryWriter, field: number, value: number): BinaryWriter =>
  writer.tag(field, WireType.Varint).int64(value);

export const writeBytes = (writer: BinaryWriter, field: number, bytes: Uint8Array): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);

/** A field as it stood in another file. */
export function writeRaw(writer: BinaryWriter, { field, wire, bytes }: Raw): void {
  if (wire === WireType.LengthDelimited) writeBytes(writer, field, bytes);
  else writer.tag(field, wire).raw(bytes);
}
