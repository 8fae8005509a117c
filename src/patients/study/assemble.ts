import { TrinephronError } from "../../base/errors.ts";
import type { Work } from "../../base/work.ts";
import { type DicomFile, NotDicomError, readVolume } from "../../imaging/formats/dicom/index.ts";
import { affectedKidney } from "../../imaging/nephrometry/index.ts";
import { type Registration, registerRigid } from "../../imaging/registration/index.ts";
import type { Geometry } from "../../numerics/volume/index.ts";
import { clearestPhase, inOrder, type Phase, phases, type StudyPhase } from "../cohort/case.ts";
import { alignmentOf, kidneyRegion, onGrid, registered, unregistered } from "./align.ts";
import type { AlignedPhase, AssembledStudy, Outline, Pointed, StudyMask } from "./assembled.ts";
import { type CtCandidate, candidatesOf, type LeftOut } from "./candidates.ts";
import { readLabelTable } from "./mask/labels/readLabelTable.ts";
import { masksAmong } from "./mask/masksAmong.ts";
import { ownMask } from "./mask/ownMask.ts";
import { readMask } from "./mask/readMask.ts";
import { notHounsfield } from "./notHounsfield.ts";
import { onePatient, oneStudy } from "./onePatient.ts";
import { choosePhases, type PhaseWarning } from "./phases/choose.ts";
import { type Picture, readPicture } from "./phases/picture/picture.ts";
import { otherRemark, type Remark } from "./remark.ts";
import { seriesNamed } from "./seriesNamed.ts";

/** How a study is read. */
export interface AssembleOptions extends Work, Pointed {
  /** Of the study, in errors. */
  readonly name?: string | undefined;
  /** A mask's path; else one among the study's own files is taken. */
  readonly mask?: string | undefined;
  /** Path of a table of label names. */
  readonly labels?: string | undefined;
  /** Where no mask is: outlines the phase that the others are laid on; without it the tumour is grown where it is pointed at. */
  readonly outline?: Outline | undefined;
  /** The user's word for a phase, or for an image that only the model's cohort names: a series' UID, number, description or name. */
  readonly phases?: Readonly<Partial<Record<Phase, string>>> | undefined;
  /** False leaves phases where they were scanned. Default true: each is registered to the reference phase. */
  readonly align?: boolean | undefined;
}

type Named = AssembleOptions & { readonly name: string };

/**
 * A patient's DICOM files to aligned phases and a mask on one grid.
 * @throws E_PHASE where no series can serve, or one the user named is not there; E_COHORT for several patients; and as
 * `readVolume`, `readMask`
 */
export async function assembleStudy(files: readonly DicomFile[], options: Named): Promise<AssembledStudy> {
  const { name } = options;
  const patient = onePatient(files, name);
  const { candidates, leftOut } = await candidatesOf(files);
  if (candidates.length === 0) throw noSeries(name, leftOut);
  // Before all that takes long: a name may be mistyped.
  const named = seriesOfPhases(candidates, options);
  const thin = thinnest(candidates);
  const rough = await maskOn(files, thin.geometry, thin, candidates, options);
  // The user's word for phases may choose among studies.
  const isOpen = Object.keys(named).length === 0;
  const study = isOpen ? oneStudy(candidates, name) : [];
  const anchor = candidates.find(({ header }) => header.series.uid === rough?.seriesUid) ?? thin;
  // A mask says where the kidney lies in one series only: the others are first laid on that one.
  const first = rough && (await register(anchor, candidates, rough, options));
  const pictures = await picturesOf(candidates, rough, first, options);
  const choice = choosePhases(candidates.map(({ facts }, n) => ({ facts, picture: pictures[n] })));
  const { chosen, warnings } = overridden(choice, candidates, named);
  const found = inOrder(Object.keys(chosen));
  if (found.length === 0) throw noSeries(name, [...leftOut, ...reasons(choice, candidates)]);

  if (!isOpen)
    study.push(
      ...oneStudy(
        found.map((phase) => chosen[phase]!.candidate),
        name,
      ),
    );
  const reference = referenceOf(found, chosen, rough && anchor);
  const fixed = chosen[reference]!.candidate;
  const { volume: scanned, remarks } = await readVolume(fixed.stack, fixed.name);
  const grid = onGrid(scanned, scanned);
  const noMask: string[] = [];
  const drawn = await maskOn(files, grid, fixed, candidates, options, (remark) => void noMask.push(remark));
  const mask = drawn ?? (await ownMask(grid, reference, options));
  const others = found.filter((phase) => phase !== reference).map((phase) => chosen[phase]!.candidate);
  const registrations = first && fixed === anchor ? first : await register(fixed, others, mask, options);
  const aligned: [Phase, AlignedPhase][] = [];
  const corrected: string[] = [];
  for (const phase of found) {
    const { candidate, evidence, confidence } = chosen[phase]!;
    const registration = registrations?.get(candidate);
    const other = phase === reference ? undefined : await readVolume(candidate.stack, candidate.name);
    const own = other?.volume ?? grid;
    corrected.push(
      ...[...candidate.slicesAside, ...(other?.remarks ?? remarks)].map(
        (line) => `${candidate.name}: ${line}`,
      ),
    );
    const volume = onGrid(registered(own, registration), grid);
    const doubt = notHounsfield(volume, mask?.volume);
    if (doubt) corrected.push(`${candidate.name}: ${doubt}`);
    aligned.push([
      phase,
      {
        phase,
        volume,
        ...(registration && { alignment: alignmentOf(registration) }),
        path: candidate.stack.slices[0].file.source.name,
        header: candidate.header,
        slices: candidate.stack.slices,
        spacing: candidate.geometry.spacing,
        sliceCount: candidate.stack.slices.length,
        evidence,
        confidence,
      },
    ]);
  }
  const used = new Set(found.map((phase) => chosen[phase]!.candidate.name));
  return {
    reference,
    phases: Object.fromEntries(aligned),
    mask,
    leftOut: [...leftOut, ...reasons(choice, candidates).filter(({ series }) => !used.has(series))],
    warnings: [
      ...patient,
      ...study,
      ...warnings,
      ...[...unread(files), ...refused(leftOut), ...new Set(corrected)].map(otherRemark),
      ...aligned.flatMap(([phase, { alignment }]) => unregistered(phase, alignment)),
      ...noMask.map((text): Remark => ({ about: "mask left out", text })),
      ...(mask?.remarks ?? []),
    ],
  };
}

/** Files of the study that could not be read: slices may be missing. */
function unread(files: readonly DicomFile[]): string[] {
  const errors = files.flatMap(({ error }) => (error && !(error instanceof NotDicomError) ? error : []));
  if (errors.length === 0) return [];
  const many = errors.length === 1 ? "1 file" : `${errors.length} files`;
  return [`${many} could not be read and left out; the first: ${errors[0].line}`];
}

/** Series that would be volumes, but for an error: a phase may be missing for it. */
const refused = (leftOut: readonly LeftOut[]): string[] =>
  leftOut.flatMap((each) => (each.refused ? `series ${each.series} left out: ${each.reason}` : []));

type Registrations = ReadonlyMap<CtCandidate, Registration>;

/** Registers series to one of them, around the kidney where a mask tells where it is. */
async function register(
  fixed: CtCandidate,
  candidates: readonly CtCandidate[],
  mask: StudyMask | undefined,
  { align = true, threads, signal, progress }: AssembleOptions,
): Promise<Registrations | undefined> {
  const moving = candidates.filter((candidate) => candidate !== fixed);
  if (!align || moving.length === 0) return undefined;
  const read = async ({ stack, name }: CtCandidate) => (await readVolume(stack, name)).volume;
  const found = await registerRigid(
    await read(fixed),
    moving.map((candidate) => () => read(candidate)),
    {
      around: mask && kidneyRegion(mask.volume),
      threads,
      signal,
      progress,
    },
  );
  return new Map(moving.map((candidate, n) => [candidate, found[n]]));
}

async function picturesOf(
  candidates: readonly CtCandidate[],
  mask: StudyMask | undefined,
  registrations: Registrations | undefined,
  { signal, progress }: AssembleOptions,
): Promise<Picture[]> {
  const kidney = mask && affectedKidney(mask.volume).mask;
  const pictures: Picture[] = [];
  for (const candidate of candidates) {
    signal?.throwIfAborted();
    const { volume } = await readVolume(candidate.stack, candidate.name);
    pictures.push(readPicture(registered(volume, registrations?.get(candidate)), kidney));
    progress?.("looking at series", pictures.length, candidates.length);
  }
  return pictures;
}

interface ChosenSeries {
  readonly candidate: CtCandidate;
  readonly evidence: readonly string[];
  readonly confidence?: number | undefined;
}
type Choice = ReturnType<typeof choosePhases>;

type NamedSeries = Readonly<Partial<Record<Phase, CtCandidate>>>;

/** The user's word: a series for a phase. @throws as `seriesNamed` */
const seriesOfPhases = (
  candidates: readonly CtCandidate[],
  { phases: wanted = {}, name }: Named,
): NamedSeries =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([phase, text]) =>
      text === undefined ? [] : [[phase, seriesNamed(text, candidates, name)]],
    ),
  );

/** The choice, with the user's word over it. */
function overridden(
  choice: Choice,
  candidates: readonly CtCandidate[],
  named: NamedSeries,
): { chosen: Partial<Record<Phase, ChosenSeries>>; warnings: readonly PhaseWarning[] } {
  const taken = new Set(Object.values(named));
  const chosen: Partial<Record<Phase, ChosenSeries>> = {};
  for (const phase of inOrder([...phases, ...Object.keys(named)])) {
    const said = named[phase];
    const own = choice.phases[phase as StudyPhase];
    if (said) chosen[phase] = { candidate: said, evidence: [] };
    else if (own && !taken.has(candidates[own.index]))
      chosen[phase] = {
        candidate: candidates[own.index],
        evidence: own.evidence,
        confidence: own.confidence,
      };
  }
  return { chosen, warnings: choice.warnings.filter(({ index }) => !taken.has(candidates[index])) };
}

/** The series the mask was drawn on, if there is one and it is one of the phases. */
function referenceOf(
  found: readonly Phase[],
  chosen: Readonly<Partial<Record<Phase, ChosenSeries>>>,
  anchor: CtCandidate | undefined,
): Phase {
  const drawn = anchor && found.find((phase) => chosen[phase]!.candidate === anchor);
  return drawn ?? clearestPhase(found);
}

async function maskOn(
  files: readonly DicomFile[],
  grid: Geometry,
  reference: CtCandidate,
  candidates: readonly CtCandidate[],
  { mask, labels }: AssembleOptions,
  remarked?: (remark: string) => void,
): Promise<StudyMask | undefined> {
  const { series, frameOfReference, patient } = reference.header;
  const others = candidates.filter((candidate) => candidate !== reference);
  const stacks = [reference, ...others].map(({ scanned }) => scanned);
  const instances = new Set(files.flatMap(({ header }) => header?.sopInstance ?? []));
  const options = { frameOfReference, stacks, instances };
  if (mask !== undefined) return readMask(mask, grid, { ...options, labels, patient: patient.id });
  const table = labels === undefined ? undefined : await readLabelTable(labels);
  return masksAmong(files, grid, { ...options, table, series: series.uid, remarked });
}

const thinnest = (candidates: readonly CtCandidate[]): CtCandidate =>
  candidates.reduce((best, c) => (c.geometry.spacing[2] < best.geometry.spacing[2] ? c : best));

const reasons = ({ leftOut }: Choice, candidates: readonly CtCandidate[]): LeftOut[] =>
  leftOut.map(({ index, reason }) => ({ series: candidates[index].name, reason }));

function noSeries(name: string, leftOut: readonly LeftOut[]): TrinephronError {
  const [first] = leftOut;
  const why = first
    ? ` (${first.series}: ${first.reason}${leftOut.length > 1 ? `; ${leftOut.length - 1} more` : ""})`
    : "";
  return new TrinephronError(
    "E_PHASE",
    `${name}: no CT series of a contrast phase${why}`,
    "`trinephron dicom info` lists what is there; name a series with --phase",
  );
}
