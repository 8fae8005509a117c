import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { arrayPlaces, readArrayFile, writeArrayFile } from "../../../crop/arrayFile.ts";
import type { PreparedCase, PreparedHeader } from "./described.ts";

/** A prepared case on disk: only what is known of it is held in memory. */
export interface PreparedFile extends PreparedHeader {
  readonly path: string;
  /** SHA-256 of its images, labels and how it was prepared. */
  readonly hash: string;
}

/** Raised whenever preparing changes what it yields. */
export const magic = "trinephron-prepared/1";
const image = (channel: number): string => `image${channel}`;

/**
 * The case from the cache, or made and kept there. A damaged file is not trusted, only made again.
 * @param hash of all that the case follows from
 * @throws what `make` throws, E_FILE_WRITE
 */
export async function storedCase(
  { case: name, hash, cache }: { readonly case: string; readonly hash: string; readonly cache: string },
  make: () => PreparedCase | Promise<PreparedCase>,
): Promise<PreparedFile> {
  const path = join(cache, `${hash}.prepared`);
  const file = await readArrayFile(path, magic);
  if (typeof file !== "string") return { ...(file.header as PreparedHeader), case: name, path, hash };
  const { images, classes, ...header } = await make();
  const arrays = Object.fromEntries(images.flatMap((values, i) => (values ? [[image(i), values]] : [])));
  await writeArrayFile(path, magic, { header, arrays: { ...arrays, classes } });
  return { ...header, path, hash };
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
    return { target, bytes };
  };
  return {
    image(file, channel, from, to) {
      const { target, bytes } = read(file, image(channel), from, to);
      return bytes === 4
        ? new Float32Array(target.buffer)
        : Float32Array.from(new Int16Array(target.buffer) as ArrayLike<number>);
    },
    classes: (file, from, to) => read(file, "classes", from, to).target,
    close: () => {
      for (const { descriptor } of open.values()) closeSync(descriptor);
      open.clear();
    },
  };
}
