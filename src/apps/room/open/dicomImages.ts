import { TrinephronError } from "../../../base/errors.ts";
import type { Progress } from "../../../base/work.ts";
import {
  type DicomFile,
  type DicomHeader,
  NotDicomError,
  readHeaders,
  readVolume,
  type Source,
} from "../../../imaging/formats/dicom/read.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { type CtCandidate, candidatesOf } from "../../../patients/study/candidates.ts";
import { masksAmong } from "../../../patients/study/mask/masksAmong.ts";
import { onePatient } from "../../../patients/study/onePatient.ts";
import type { FoundImage } from "./image.ts";
import { type Problem, problemOf } from "./problem.ts";

/** What DICOM files hold. */
export interface DicomFound {
  readonly images: readonly FoundImage[];
  readonly mask?: Volume<Uint8Array> | undefined;
  /** Of the first series. */
  readonly header?: DicomHeader | undefined;
  readonly remarks: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads DICOM files' headers, and the mask among them. @throws E_COHORT for files of several patients */
export async function dicomImages(sources: readonly Source[], progress: Progress): Promise<DicomFound> {
  const files = await readHeaders(sources, { progress });
  const patient = onePatient(files, "these files").map(({ text }) => text);
  const { candidates, leftOut } = await candidatesOf(files);
  const remarks = new Set(patient);
  const problems: Problem[] = leftOut
    .filter(({ series }) => series !== "files that are no series")
    .map(({ series, reason }) => ({ name: series, reason }));
  problems.push(...unread(files));
  return {
    images: candidates.map(imageOf),
    mask: await maskAmong(files, candidates, remarks, problems),
    header: candidates[0]?.header ?? files.find(({ header }) => header)?.header,
    remarks: [...remarks],
    problems,
  };
}

/** Files of other kinds lie in every folder: they are counted, not listed. */
function unread(files: readonly DicomFile[]): Problem[] {
  const errors = files.flatMap(({ source, error }) => (error ? [{ name: source.name, error }] : []));
  const others = errors.filter(({ error }) => error instanceof NotDicomError);
  const [first] = others;
  return [
    ...errors.filter((each) => !others.includes(each)).map(({ name, error }) => problemOf(name, error)),
    ...(others.length === 1 ? [problemOf(first.name, first.error)] : []),
    ...(others.length > 1
      ? [{ name: `${others.length} files`, code: first.error.code, reason: "neither DICOM nor NIfTI" }]
      : []),
  ];
}

const imageOf = ({ name, stack, geometry, facts }: CtCandidate): FoundImage => ({
  name,
  geometry,
  facts,
  read: async (said) => {
    const { volume, remarks } = await readVolume(stack, name);
    for (const remark of remarks) said.add(`${name}: ${remark}`);
    return volume;
  },
});

/** On the grid of the thinnest series, as `predict` looks for it. */
async function maskAmong(
  files: readonly DicomFile[],
  candidates: readonly CtCandidate[],
  remarks: Set<string>,
  problems: Problem[],
): Promise<Volume<Uint8Array> | undefined> {
  if (candidates.length === 0) return undefined;
  const thin = candidates.reduce((best, c) => (c.geometry.spacing[2] < best.geometry.spacing[2] ? c : best));
  const stacks = [thin, ...candidates.filter((candidate) => candidate !== thin)].map(
    ({ scanned }) => scanned,
  );
  try {
    const mask = await masksAmong(files, thin.geometry, {
      series: thin.header.series.uid,
      frameOfReference: thin.header.frameOfReference,
      stacks,
      instances: new Set(files.flatMap(({ header }) => header?.sopInstance ?? [])),
      remarked: (remark) => void remarks.add(remark),
    });
    for (const { text } of mask?.remarks ?? []) remarks.add(text);
    return mask?.volume;
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    problems.push(problemOf("mask", error));
    return undefined;
  }
}
