import type { Random } from "../../../../base/random.ts";
import type { PreparedFile } from "../prepare/prepared.ts";

/** Where a patch is cut: a case, the images that are its channels, and the voxel its middle lies on. */
export interface PatchPlace {
  readonly file: PreparedFile;
  /** Of the case's images, by the network's channel. */
  readonly channels: readonly number[];
  /** `[D, H, W]`, voxels; half-way between two where the patch is even. */
  readonly middle: readonly number[];
}

/**
 * A patch of some case: each case is as likely, and by `foreground` the patch lies around a voxel of a label (each of the
 * case's labels as likely), else anywhere. It stays within the image where the image is larger, else has it in its middle.
 * @param choices of each case, the lists of images that can be the channels
 */
export function drawPatch(
  files: readonly PreparedFile[],
  choices: (file: PreparedFile) => readonly (readonly number[])[],
  patch: readonly number[],
  foreground: number,
  draw: Random,
): PatchPlace {
  const file = files[draw.integer(files.length)];
  const lists = choices(file);
  const channels = lists[draw.integer(lists.length)];
  const around = draw.uniform() < foreground;
  const labels = file.places.filter((places) => places.length > 0);
  const label = labels[draw.integer(Math.max(1, labels.length))];
  const place = label?.[draw.integer(label.length)];
  const anywhere = [draw.uniform(), draw.uniform(), draw.uniform()];
  const voxel = around && place !== undefined ? voxelAt(place, file.size) : undefined;
  const middle = file.size.map((size, a) => {
    const room = size - patch[a];
    const wanted = voxel ? voxel[a] - (patch[a] >> 1) : Math.floor(anywhere[a] * (room + 1));
    const start = room < 0 ? -Math.floor(-room / 2) : Math.min(Math.max(wanted, 0), room);
    return start + (patch[a] - 1) / 2;
  });
  return { file, channels, middle };
}

const voxelAt = (n: number, [, h, w]: readonly number[]): number[] => [
  Math.floor(n / (h * w)),
  Math.floor(n / w) % h,
  n % w,
];
