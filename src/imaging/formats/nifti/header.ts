import { TrinephronError } from "../../../base/errors.ts";
import type { Geometry, Vec3 } from "../../../numerics/volume/volume.ts";
import { niftiGeometry } from "./affine.ts";
import { dataTypes, refusedDataTypes } from "./datatype.ts";
import { type Fields, headerBytes, readFields } from "./fields.ts";

/** What a header says of its image. */
export interface NiftiHeader extends Geometry {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Whether the voxels follow in the same file or lie in an `.img` beside it. */
  readonly singleFile: boolean;
  /** NIfTI's code and our name, e.g. `int16`. */
  readonly datatype: number;
  readonly typeName: string;
  readonly bytesPerVoxel: number;
  /** How many 3D images the file holds: the product of all sizes after the third. */
  readonly frames: number;
  /** Offset of the first voxel, bytes. */
  readonly dataOffset: number;
  /** Values are `slope · stored + intercept`; 1 and 0 where the file says nothing. */
  readonly slope: number;
  readonly intercept: number;
  /** What a user must know of where the voxels lie: transforms that disagree, or none. */
  readonly remarks: readonly string[];
}

/** Bytes after the last voxel that are let pass: padding, not more images. */
export const slack = 65536;

/** Bytes that the header and all frames take up in the file that holds the voxels. */
export const expectedBytes = ({ size, frames, bytesPerVoxel, dataOffset }: NiftiHeader): number =>
  dataOffset + frames * frameBytes({ size, bytesPerVoxel });

export const frameBytes = ({ size, bytesPerVoxel }: Pick<NiftiHeader, "size" | "bytesPerVoxel">): number =>
  size[0] * size[1] * size[2] * bytesPerVoxel;

/** For messages: `512 × 512 × 104 int16`. */
export const describe = ({ size, frames, typeName }: NiftiHeader): string =>
  `${size.join(" × ")}${frames > 1 ? ` × ${frames}` : ""} ${typeName}`;

/** More than this no image of a patient takes; a header that says so is damaged. */
const maximalBytes = 2 ** 33;

/**
 * Reads a header from the (uncompressed) start of a file.
 *
 * @param name names the file in errors
 * @throws E_FORMAT, E_UNSUPPORTED, E_GEOMETRY, E_FILE_TRUNCATED, E_VALUE
 */
export function parseNiftiHeader(bytes: Uint8Array, name: string): NiftiHeader {
  const fields = readFields(bytes);
  if (!fields) throw notNifti(bytes, name);
  const { dim, datatype, version, singleFile } = fields;
  const [rank] = dim;
  if (!(rank >= 1 && rank <= 7))
    throw new TrinephronError("E_FORMAT", `${name}: its header says ${rank} dimensions, not 1 to 7`, damaged);
  const sizes = dim.slice(1, 1 + rank);
  if (sizes.some((n) => n < 1))
    throw new TrinephronError("E_GEOMETRY", `${name}: its header says ${sizes.join(" × ")} voxels`, damaged);
  const type = dataTypes[datatype];
  if (!type)
    throw refusedDataTypes[datatype]
      ? new TrinephronError(
          "E_UNSUPPORTED",
          `${name}: voxels of type ${refusedDataTypes[datatype]} are not read`,
          "convert it to a real, single-channel type",
        )
      : new TrinephronError("E_FORMAT", `${name}: unknown data type ${datatype}`, damaged);
  const size: Vec3 = [sizes[0], sizes[1] ?? 1, sizes[2] ?? 1];
  const frames = sizes.slice(3).reduce((a, b) => a * b, 1);
  const { geometry, remarks } = niftiGeometry(fields, size, name);
  const header: NiftiHeader = {
    ...geometry,
    remarks,
    version,
    littleEndian: fields.littleEndian,
    singleFile,
    datatype,
    typeName: type.name,
    bytesPerVoxel: type.bytes,
    frames,
    dataOffset: dataOffset(fields, name),
    ...scaling(fields, name),
  };
  if (!(expectedBytes(header) <= maximalBytes))
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: ${describe(header)} is more than ${maximalBytes / 2 ** 30} GiB`,
      "its header is damaged, or the image has to be cropped first",
    );
  return header;
}

const damaged = "its header is damaged: copy or export it again";

function dataOffset({ voxOffset, version, singleFile }: Fields, name: string): number {
  if (!singleFile && voxOffset === 0) return 0;
  // The header, four bytes that announce extensions, then voxels; 0 in files of careless writers.
  const least = singleFile ? headerBytes[version] + 4 : 0;
  const offset = Math.floor(voxOffset);
  if (offset === 0) return least;
  if (offset >= least && offset <= maximalBytes) return offset;
  throw new TrinephronError("E_FORMAT", `${name}: its voxels start at byte ${voxOffset}`, damaged);
}

/** nibabel's `get_slope_inter`: no scaling where the slope is 0 or not finite. */
function scaling({ slope, inter }: Fields, name: string): { slope: number; intercept: number } {
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (Number.isFinite(inter)) return { slope, intercept: inter };
  throw new TrinephronError("E_VALUE", `${name}: values are scaled by ${slope} and ${inter}`, damaged);
}

/** Says what a file is instead, where its first bytes tell. */
function notNifti(bytes: Uint8Array, name: string): TrinephronError {
  const ascii = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  const convert = "convert it to NIfTI first";
  if (ascii(0, 4) === "NRRD") return new TrinephronError("E_UNSUPPORTED", `${name}: an NRRD file`, convert);
  if (ascii(128, 4) === "DICM")
    return new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: a DICOM file, not NIfTI`,
      "give its folder instead",
    );
  if (bytes.length < headerBytes[1])
    return new TrinephronError(
      "E_FILE_TRUNCATED",
      `${name}: ${bytes.length} bytes, less than a NIfTI header`,
      "copy or download it again",
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if ([true, false].some((little) => view.getInt32(0, little) === 348) && ascii(344, 4) === "\0\0\0\0")
    return new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: an Analyze 7.5 file, which does not say how the patient lies`,
      convert,
    );
  if (view.getInt32(0) === 1 && view.getInt32(4) > 0 && view.getInt32(4) < 65536)
    return new TrinephronError("E_UNSUPPORTED", `${name}: a FreeSurfer MGH file`, convert);
  return new TrinephronError("E_FORMAT", `${name}: not a NIfTI file`, "give a .nii, .nii.gz or .hdr file");
}
