import { implementationClassUid } from "../../../../imaging/formats/dicom/write/part10.ts";

/**
 * What stands in front of a data set in a file: preamble and File Meta Information (PS3.10 § 7.1). C-STORE sends data
 * sets without it.
 */
export function fileMeta(sopClassUid: string, sopInstanceUid: string, transferSyntaxUid: string): Buffer {
  const elements = Buffer.concat([
    element(0x0001, "OB", Buffer.of(0, 1)),
    uid(0x0002, sopClassUid),
    uid(0x0003, sopInstanceUid),
    uid(0x0010, transferSyntaxUid),
    uid(0x0012, implementationClassUid),
  ]);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(elements.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x0000, "UL", groupLength),
    elements,
  ]);
}

/** UIDs have an even length, filled up with NUL (PS3.5 § 9.1). */
const uid = (number: number, value: string) =>
  element(number, "UI", Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, "latin1"));

/** An element of group 0002, explicit VR little endian. */
function element(number: number, vr: "OB" | "UI" | "UL", value: Buffer): Buffer {
  const head = Buffer.alloc(vr === "OB" ? 12 : 8);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (vr === "OB") head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}
