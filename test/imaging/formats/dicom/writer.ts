/** A small writer of DICOM files for tests and benches: explicit VR little endian, nothing checked. */

export interface CtSliceOptions {
  readonly rows: number;
  readonly columns: number;
  /** LPS mm of the first pixel's centre. */
  readonly position: readonly [number, number, number];
  /** Stored values. */
  readonly values: Int16Array;
  readonly instance: number;
  readonly orientation?: readonly number[];
  /** Between rows, between columns, mm. */
  readonly spacing?: readonly [number, number];
  readonly rescale?: readonly [slope: number, intercept: number];
  readonly padding?: number;
  readonly acquisition?: number;
  readonly temporalPosition?: number;
  readonly series?: string;
  readonly imageType?: string;
  readonly sopInstance?: string;
  /** `HHMMSS.FFFFFF`. */
  readonly acquisitionTime?: string;
  readonly contentTime?: string;
  readonly thickness?: number;
  readonly kvp?: number;
  readonly kernel?: string;
  readonly frameOfReference?: string;
  readonly sliceLocation?: number;
}

/** One slice of a CT series as a whole part 10 file. */
export function ctSlice(options: CtSliceOptions): Uint8Array {
  const { rows, columns, position, values, instance, spacing = [1, 1] } = options;
  const uid = options.sopInstance ?? `1.2.3.4.${instance}`;
  const series = options.series ?? "1.2.3.5";
  const [slope, intercept] = options.rescale ?? [1, 0];
  const meta = concat([element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1")]);
  return concat([
    new Uint8Array(128),
    Buffer.from("DICM"),
    element(0x0002, 0x0000, "UL", Uint32Array.of(meta.length)),
    meta,
    element(0x0008, 0x0008, "CS", options.imageType ?? "ORIGINAL\\PRIMARY\\AXIAL"),
    element(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
    element(0x0008, 0x0018, "UI", uid),
    ...optional(0x0008, 0x0032, "TM", options.acquisitionTime),
    ...optional(0x0008, 0x0033, "TM", options.contentTime),
    element(0x0008, 0x0060, "CS", "CT"),
    element(0x0010, 0x0020, "LO", "patient"),
    ...optional(0x0018, 0x0050, "DS", options.thickness),
    ...optional(0x0018, 0x0060, "DS", options.kvp),
    ...optional(0x0018, 0x1210, "SH", options.kernel),
    element(0x0020, 0x000d, "UI", "1.2.3.6"),
    element(0x0020, 0x000e, "UI", series),
    ...(options.acquisition === undefined
      ? []
      : [element(0x0020, 0x0012, "IS", String(options.acquisition))]),
    element(0x0020, 0x0013, "IS", String(instance)),
    element(0x0020, 0x0032, "DS", position.join("\\")),
    element(0x0020, 0x0037, "DS", (options.orientation ?? [1, 0, 0, 0, 1, 0]).join("\\")),
    ...optional(0x0020, 0x0052, "UI", options.frameOfReference),
    ...(options.temporalPosition === undefined
      ? []
      : [element(0x0020, 0x0100, "IS", String(options.temporalPosition))]),
    ...optional(0x0020, 0x1041, "DS", options.sliceLocation),
    element(0x0028, 0x0002, "US", Uint16Array.of(1)),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", Uint16Array.of(rows)),
    element(0x0028, 0x0011, "US", Uint16Array.of(columns)),
    element(0x0028, 0x0030, "DS", spacing.join("\\")),
    element(0x0028, 0x0100, "US", Uint16Array.of(16)),
    element(0x0028, 0x0101, "US", Uint16Array.of(16)),
    element(0x0028, 0x0102, "US", Uint16Array.of(15)),
    element(0x0028, 0x0103, "US", Uint16Array.of(1)),
    ...(options.padding === undefined ? [] : [element(0x0028, 0x0120, "SS", Int16Array.of(options.padding))]),
    element(0x0028, 0x1052, "DS", String(intercept)),
    element(0x0028, 0x1053, "DS", String(slope)),
    element(0x7fe0, 0x0010, "OW", values),
  ]);
}

const optional = (group: number, number: number, vr: string, value: string | number | undefined) =>
  value === undefined ? [] : [element(group, number, vr, String(value))];

function element(group: number, number: number, vr: string, value: string | ArrayBufferView): Uint8Array {
  const raw =
    typeof value === "string"
      ? Buffer.from(value, "latin1")
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const pad = raw.length % 2 === 0 ? [] : [vr === "UI" ? 0 : 32];
  const long = ["OB", "OW", "SQ", "UN", "UT"].includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32LE(raw.length + pad.length, 8);
  else head.writeUInt16LE(raw.length + pad.length, 6);
  return concat([head, raw, Uint8Array.from(pad)]);
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
