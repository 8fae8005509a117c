import { TrinephronError } from "../../../../base/errors.ts";
import type { Work } from "../../../../base/work.ts";
import { named } from "../values/dictionary.ts";
import { hasRescale } from "../values/rescale.ts";
import { type DicomHeader, headerOf, type Plane, planeOf } from "./header.ts";
import { type Parsed, parseDataSet } from "./parse.ts";
import { type Reading, reading } from "./reading.ts";
import { setAsideReason } from "./setAside.ts";
import type { Source } from "./source.ts";

/** A file, understood or not. */
export interface DicomFile {
  readonly source: Source;
  readonly header?: DicomHeader;
  /** Of each frame. */
  readonly planes?: readonly (Plane | undefined)[];
  /** What was repaired, guessed or left out in reading it, a line each; none where absent. */
  readonly remarks?: readonly string[];
  /** Why it is no part of a CT volume. */
  readonly setAside?: string;
  /** Why it could not be read. */
  readonly error?: TrinephronError;
}

/** Most headers fit; where one does not, the whole file is read. */
const headerBytes = 2 ** 15;

const pixelData = "x7fe00010";

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
  if (source.setAside !== undefined) return { source, setAside: source.setAside };
  try {
    const parsed = await parsedHeader(source);
    const to = reading(source.name, parsed.remarks);
    const header = headerOf(parsed, to);
    const frames = Array.from({ length: framesOf(header) }, (_, f) => f);
    const planes = frames.map((f) => planeOf(parsed.dataSet, f, to));
    // An image whose values cannot be told is told now, not when its volume is read.
    const rescales = "x52009230" in parsed.dataSet.elements ? frames : [0];
    const rescaled = !header.hasPixels || rescales.every((f) => hasRescale(parsed.dataSet, f, to));
    const setAside = setAsideReason(header, planes[0]);
    if (!setAside && !rescaled) to.say(`no ${named("x00281053")}: stored values taken for HU`);
    if (!setAside && header.hasPixels) mustBeLinear(parsed, source.name, to);
    const { remarks } = to;
    return { source, header, planes, ...(remarks.length > 0 && { remarks }), ...(setAside && { setAside }) };
  } catch (error) {
    if (error instanceof TrinephronError) return { source, error };
    throw error;
  }
}

/** Modality LUT Sequence and Pixel Representation. */
const [tables, representation] = ["x00283000", "x00280103"];

/**
 * The standard's table holds no negative values, so that what it makes of a CT is no HU; nor does it stand beside a
 * rescale (PS3.3 C.11.1).
 * @throws E_UNSUPPORTED
 */
function mustBeLinear({ dataSet }: Parsed, name: string, to: Reading): void {
  const { elements } = dataSet;
  if ((elements[tables]?.items?.length ?? 0) > 0)
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: ${named(tables)}: values by a table, not by a rescale to HU`,
      "ask for the series as the scanner wrote it",
    );
  if (pixelData in elements && (elements[representation]?.length ?? 0) === 0)
    to.say(`no ${named(representation)}: stored values taken for unsigned`);
}

async function parsedHeader(source: Source): Promise<Parsed> {
  const start = await source.start(headerBytes);
  const parsed = tryParse(start, source.name);
  // Where the bytes end between two elements, nothing is cut off that shows.
  const whole = start.length < headerBytes || (parsed && pixelData in parsed.dataSet.elements);
  if (parsed && !parsed.truncated && whole) return parsed;
  return parseDataSet(await source.whole(), source.name, pixelData);
}

function tryParse(bytes: Uint8Array, name: string): Parsed | undefined {
  try {
    return parseDataSet(bytes, name, pixelData);
  } catch {
    return undefined;
  }
}

/** A header that claims more frames than any scanner makes is not believed. */
const framesOf = ({ frames }: DicomHeader): number => Math.min(frames, 100_000);
