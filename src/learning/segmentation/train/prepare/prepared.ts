import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { readWhole } from "../../../../base/files.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import { arrayPlaces, readArrayFile, writeArrayFile } from "../../../crop/arrayFile.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import { type PreparedHeader, prepareCase } from "./prepareCase.ts";

/** A case to prepare: what crosses to a thread. */
export interface PrepareJob {
  readonly case: SegmentationCase;
  readonly labels: readonly SegmentationLabel[];
  /** mm along D, H, W. */
  readonly spacing: Vec3;
  readonly cache: string;
}

/** A prepared case on disk: only what is known of it is held in memory. */
export interface PreparedFile extends PreparedHeader {
  readonly path: string;
  /** SHA-256 of its images, labels and how it was prepared. */
  readonly hash: string;
}

/** Raised whenever preparing changes what it yields. */
const magic = "trinephron-prepared/1";
const image = (channel: number): string => `image${channel}`;

/** The case from the cache, or prepared and kept there. Its key is a hash of the files' contents. */
export async function preparedFile({ case: c, labels, spacing, cache }: PrepareJob): Promise<PreparedFile> {
  const hash = await key(c, labels, spacing);
  const path = join(cache, `${hash}.prepared`);
  const file = await readArrayFile(path, magic);
  // A damaged file is not trusted, only made again.
  if (typeof file !== "string") return { ...(file.header as PreparedHeader), case: c.case, path, hash };
  const { images, classes, ...header } = await prepareCase(c, labels, spacing);
  const arrays = Object.fromEntries(images.flatMap((values, i) => (values ? [[image(i), values]] : [])));
  await writeArrayFile(path, magic, { header, arrays: { ...arrays, classes } });
  return { ...header, path, hash };
}

async function key(c: SegmentationCase, labels: readonly SegmentationLabel[], spacing: Vec3) {
  const hash = createHash("sha256").update(JSON.stringify([magic, labels, spacing]));
  for (const file of [...c.images, { path: c.labels }]) {
    hash.update(`\0${file?.frame ?? ""}`);
    if (file) hash.update(await readWhole(file.path));
  }
  return hash.digest("hex");
}

/** Slices of prepared cases, read as they are needed: a cohort's images are larger than memory. */
export interface SliceReader {
  /** Slices `from` to `to` of a channel; the case has it. */
  image(file: PreparedFile, channel: number, from: number, to: number): Float32Array;
  classes(file: PreparedFile, from: number, to: number): Uint8Array;
  close(): void;
}

/** @throws E_FILE_MISSING where the cache was emptied meanwhile */
export function openSlices(): SliceReader {
  const open = new Map<string, { descriptor: number; places: ReturnType<typeof arrayPlaces> }>();
  const read = (file: PreparedFile, array: string, from: number, to: number) => {
    let found = open.get(file.path);
    if (!found) {
      const descriptor = openSync(file.path, "r");
      open.set(file.path, (found = { descriptor, places: arrayPlaces(descriptor, magic) }));
    }
    const { start, bytes } = found.places[array];
    const slice = file.size[1] * file.size[2] * bytes;
    const target = new Uint8Array((to - from) * slice);
    readSync(found.descriptor, target, 0, target.length, start + from * slice);
    return target;
  };
  return {
    image: (file, channel, from, to) => new Float32Array(read(file, image(channel), from, to).buffer),
    classes: (file, from, to) => read(file, "classes", from, to),
    close: () => {
      for (const { descriptor } of open.values()) closeSync(descriptor);
      open.clear();
    },
  };
}
