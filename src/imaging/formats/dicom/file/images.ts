import { TrinephronError } from "../../../../base/errors.ts";
import type { Work } from "../../../../base/work.ts";
import { type DicomHeader, headerOf, type Plane, planeOf } from "./header.ts";
import { type Parsed, parseDataSet } from "./parse.ts";
import { setAsideReason } from "./setAside.ts";
import type { Source } from "./source.ts";

/** A file, understood or not. */
export interface DicomFile {
  readonly source: Source;
  readonly header?: DicomHeader;
  /** Of each frame. */
  readonly planes?: readonly (Plane | undefined)[];
  /** Why it is no part of a CT volume. */
  readonly setAside?: string;
  /** Why it could not be read. */
  readonly error?: TrinephronError;
}

/** Most headers fit; where one does not, the whole file is read. */
const headerBytes = 2 ** 15;

/** Reads files' headers, a few at a time; files that cannot be read are part of the answer. */
export async function readHeaders(
  sources: readonly Source[],
  { signal, progress }: Omit<Work, "threads"> = {},
): Promise<DicomFile[]> {
  const files: DicomFile[] = new Array(sources.length);
  let [next, done] = [0, 0];
  const lane = async () => {
    while (next < sources.length) {
      signal?.throwIfAborted();
      const index = next++;
      files[index] = await readHeader(sources[index]);
      progress?.("reading headers", ++done, sources.length);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return files;
}

async function readHeader(source: Source): Promise<DicomFile> {
  try {
    const parsed = await parsedHeader(source);
    const header = headerOf(parsed);
    const planes = Array.from({ length: framesOf(header) }, (_, f) => planeOf(parsed.dataSet, f));
    const setAside = setAsideReason(header, planes[0]);
    return { source, header, planes, ...(setAside && { setAside }) };
  } catch (error) {
    if (error instanceof TrinephronError) return { source, error };
    throw error;
  }
}

async function parsedHeader(source: Source): Promise<Parsed> {
  const start = await source.start(headerBytes);
  const parsed = tryParse(start, source.name);
  if (parsed && !parsed.truncated) return parsed;
  return parseDataSet(await source.whole(), source.name, "x7fe00010");
}

function tryParse(bytes: Uint8Array, name: string): Parsed | undefined {
  try {
    return parseDataSet(bytes, name, "x7fe00010");
  } catch {
    return undefined;
  }
}

/** A header that claims more frames than any scanner makes is not believed. */
const framesOf = ({ frames }: DicomHeader): number => Math.min(frames, 100_000);
