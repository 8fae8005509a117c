import { TrinephronError } from "../../base/errors.ts";
import {
  type DicomFile,
  type DicomHeader,
  isSegmentation,
  isStructureSet,
  NotDicomError,
  type Slice,
  type Stack,
  seriesOf,
  stackGeometry,
} from "../../imaging/formats/dicom/read.ts";
import { distinctStack } from "../../imaging/formats/dicom/series/readVolume.ts";
import type { Geometry } from "../../numerics/volume/index.ts";
import type { ScannedStack } from "./mask/scannedStack.ts";
import { factsOf, type SeriesFacts } from "./phases/evidence/facts.ts";

/** A stack of slices that may be a phase. */
export interface CtCandidate {
  /** `3 Abdomen art`, unique in the study. */
  readonly name: string;
  readonly stack: Stack;
  readonly header: DicomHeader;
  readonly geometry: Geometry;
  /** What was done to its slices. */
  readonly scanned: ScannedStack;
  readonly facts: SeriesFacts;
  /** Slices of its series that are part of no volume, a line each. */
  readonly slicesAside: readonly string[];
}

export interface LeftOut {
  readonly series: string;
  readonly reason: string;
  /** Its slices would be a volume, but for an error that the reason tells. */
  readonly refused?: true;
}

/** Fewer slices, or less of the body, mm, are no scan of a kidney. */
const least = { slices: 5, coverageMm: 40 };

/** A study's stacks that can be volumes, and what of it cannot, with the reason. */
export async function candidatesOf(
  files: readonly DicomFile[],
): Promise<{ candidates: CtCandidate[]; leftOut: LeftOut[] }> {
  const candidates: CtCandidate[] = [];
  const leftOut: LeftOut[] = [];
  for (const series of seriesOf(files)) {
    const name = nameOf(series.header);
    // Masks are no images, but they are read: as masks.
    const images = series.files.filter(
      ({ header }) => !isSegmentation(header?.sopClass) && !isStructureSet(header?.sopClass),
    );
    for (const [reason, n] of counted(images.flatMap(({ setAside }) => setAside ?? [])))
      leftOut.push({ series: name, reason: `${n} files: ${reason}` });
    const slicesAside = series.slicesAside.map(
      ({ slices, reason }) => `${slices.length} slices set aside: ${reason}`,
    );
    for (const reason of slicesAside) leftOut.push({ series: name, reason });
    for (const [s, stack] of series.stacks.entries()) {
      const own = series.stacks.length > 1 ? `${name}, part ${s + 1}` : name;
      const found = await candidateOf(own, stack, slicesAside);
      if ("reason" in found) leftOut.push(found);
      else candidates.push(found);
    }
  }
  const unopened = files.flatMap(({ header, setAside }) => (header ? [] : (setAside ?? [])));
  for (const [reason, n] of counted(unopened))
    leftOut.push({ series: "files that are no series", reason: `${n} files: ${reason}` });
  for (const [code, errors] of Map.groupBy(
    files.flatMap(({ error }) => error ?? []),
    ({ code }) => code,
  )) {
    const { message } = errors.find((error) => !(error instanceof NotDicomError)) ?? errors[0];
    const reason = `${errors.length} could not be read (${code}: ${message})`;
    leftOut.push({ series: "files that are no series", reason });
  }
  return { candidates: distinct(candidates), leftOut };
}

async function candidateOf(
  name: string,
  given: Stack,
  slicesAside: readonly string[],
): Promise<CtCandidate | LeftOut> {
  try {
    const stack = await distinctStack(given);
    const { geometry, depths, even } = stackGeometry(stack.slices, name);
    const coverage = geometry.size[2] * geometry.spacing[2];
    if (geometry.size[2] < least.slices || coverage < least.coverageMm)
      return {
        series: name,
        reason: `${geometry.size[2]} slices over ${coverage.toFixed(0)} mm: too little`,
      };
    const { header } = earliest(stack.slices);
    const { thickness } = stack.slices[0].plane;
    const facts = factsOf(name, header, geometry, thickness);
    const scanned = { series: header.series.uid, geometry, depths, even };
    return { name, stack, header, geometry, scanned, facts, slicesAside };
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    const taken = new Set(given.slices.map(({ plane }) => plane.position.join())).size;
    return { series: name, reason: error.line, ...(taken >= least.slices && { refused: true }) };
  }
}

/** The file scanned first: its time is the scan's. */
const earliest = (slices: readonly Slice[]): Slice["file"] =>
  slices.reduce((first, { file }) => {
    const time = ({ header }: Slice["file"]) => header.acquisitionTime ?? Infinity;
    return time(file) < time(first) ? file : first;
  }, slices[0].file);

const nameOf = ({ series: { number, description, uid } }: DicomHeader): string =>
  [number, description].filter((part) => part !== undefined).join(" ") || (uid ?? "series");

/** Two series of one name get their place behind it. */
function distinct(candidates: readonly CtCandidate[]): CtCandidate[] {
  const seen = new Map<string, number>();
  return candidates.map((candidate) => {
    const n = (seen.get(candidate.name) ?? 0) + 1;
    seen.set(candidate.name, n);
    if (n === 1) return candidate;
    const name = `${candidate.name} (${n})`;
    return { ...candidate, name, facts: { ...candidate.facts, name } };
  });
}

const counted = (texts: readonly string[]): [string, number][] =>
  [...Map.groupBy(texts, (text) => text)].map(([text, members]) => [text, members.length]);
