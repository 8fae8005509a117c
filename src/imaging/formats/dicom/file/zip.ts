import { basename } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { TrinephronError } from "../../../../base/errors.ts";
import type { Source } from "./source.ts";

/** No DICOM file is this large, and none packs this well: an archive that says so is a trap. */
const largestFile = 2 ** 31;
const largestRatio = 500;
const mostFiles = 1_000_000;
const largestArchive = 2 ** 37;

const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/**
 * The files of a ZIP archive, read in place: nothing is unpacked to disk.
 * @throws E_FORMAT where the archive is broken, its names lead out of it, or its sizes are a trap
 */
export async function openZip(path: string): Promise<Source[]> {
  // Names are decoded and checked here: yauzl refuses the whole archive for an entry named "/".
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  const zip = await open(path, options).catch((cause: Error) => {
    throw broken(path, cause.message, cause);
  });
  const entries: Entry[] = [];
  let total = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on("error", (cause: Error) => reject(broken(path, cause.message, cause)));
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      entry.fileName = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      );
      total += entry.uncompressedSize;
      const trap =
        trapOf(entry) ??
        (entries.length >= mostFiles ? `more than ${mostFiles} files` : undefined) ??
        (total > largestArchive ? `more than ${largestArchive} bytes in all` : undefined);
      if (trap) return reject(broken(path, trap));
      if (!entry.fileName.endsWith("/")) entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  }).catch((error) => {
    zip.close();
    throw error;
  });
  return entries
    .filter(({ fileName }) => !/(^|\/)DICOMDIR$/i.test(fileName) && !isDebris(fileName))
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
    .map((entry) => ({
      name: `${path}/${entry.fileName}`,
      ...asideOf(entry),
      whole: () => read(zip, entry, path),
      // All of it: yauzl cannot leave an entry half read.
      start: async (length) => (await read(zip, entry, path)).subarray(0, length),
    }));
}

function trapOf(entry: Entry): string | undefined {
  const { fileName, uncompressedSize, compressedSize } = entry;
  const astray = isRoot(fileName) ? null : yauzl.validateFileName(fileName);
  if (astray !== null) return astray;
  if (entry.isEncrypted()) return `${fileName} is encrypted`;
  if (uncompressedSize > largestFile) return `${fileName} would be ${uncompressedSize} bytes`;
  if (uncompressedSize > 2 ** 20 && uncompressedSize > largestRatio * compressedSize)
    return `${fileName} is packed ${largestRatio} times and more`;
  return undefined;
}

/** Some programs list the archive's own folder as an entry. */
const isRoot = (fileName: string): boolean => /^\/+$/.test(fileName);

async function read(zip: ZipFile, entry: Entry, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    // Ends with an error where more or fewer bytes come than the archive says.
    const stream = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry);
    for await (const chunk of stream) chunks.push(chunk);
  } catch (cause) {
    throw broken(path, `${entry.fileName}: ${(cause as Error).message}`, cause);
  }
  return Buffer.concat(chunks);
}

const broken = (path: string, why: string, cause?: unknown) =>
  new TrinephronError("E_FORMAT", `${path}: not a ZIP archive that can be read: ${why}`, "make it again", {
    cause,
  });

/** Attributes of Unix stand in the upper half: the kind of file in their upper four bits. */
const isLink = ({ externalFileAttributes }: Entry): boolean => externalFileAttributes >>> 28 === 0xa;

function asideOf(entry: Entry): { setAside?: string } {
  if (isLink(entry)) return { setAside: "a link within an archive: not followed" };
  if (isHidden(entry.fileName)) return { setAside: "a hidden file" };
  return /\.zip$/i.test(entry.fileName) ? { setAside: "an archive within an archive" } : {};
}

export const isHidden = (path: string): boolean => basename(path).startsWith(".");

/** What file managers leave in folders and archives. */
export const isDebris = (path: string): boolean => /^(\._.*|\.DS_Store)$/.test(basename(path));
