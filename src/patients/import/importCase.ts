import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codes, TrinephronError } from "../../base/errors.ts";
import type { Case, StudyPhase } from "../cohort/case.ts";
import { assembleStudy } from "../study/assemble.ts";
import { type CaseRecord, importedBefore, writeCase } from "./caseFiles.ts";
import { yearsBetween, yearsOfAge } from "./clinical/dates.ts";
import type { Match } from "./clinical/match.ts";
import type { ImportDicomOptions, NotImported } from "./options.ts";
import { copyDicom } from "./privacy/copyDicom.ts";
import { scrubber } from "./privacy/scrub.ts";
import { mustHoldTumor, provenanceOf } from "./provenance.ts";
import type { DicomStudy } from "./studies.ts";

/** A match under the names it gets in the cohort. */
export interface NamedMatch extends Match {
  readonly name: string;
  readonly patient: string;
}

export interface Imported {
  readonly match: NamedMatch;
  readonly case: Case;
  readonly record: CaseRecord;
  readonly reused: boolean;
}
export type Outcome = Imported | { readonly match: NamedMatch; readonly failed: NotImported };

/**
 * Reads a matched study and writes its images, or takes those there already.
 * @throws E_FILE_WRITE; E_INTERRUPTED; other errors of the user's making are the outcome
 */
export async function importCase(
  match: NamedMatch,
  root: string,
  options: ImportDicomOptions,
  progress: (step: string) => void,
): Promise<Outcome> {
  const { row, study, name, patient } = match;
  const { pseudonyms } = options;
  const mask = row.mask === undefined ? undefined : resolve(dirname(options.table!.path), row.mask);
  const scrub = pseudonyms.kept
    ? (text: string) => text
    : scrubber(study.files, root, [row.patient, row.case, row.accession, row.study, mask]);
  const phases = overridesOf(match, options);
  const settings = await settingsOf(study, { mask, phases }, options);
  try {
    const before = await importedBefore(options.out, name, settings);
    const record = before ?? (await readStudy(match, { mask, phases, settings }, options, scrub, progress));
    return {
      match,
      case: caseOf(match, record, options),
      record,
      reused: before !== undefined,
    };
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    if (error.code === "E_FILE_WRITE" || error.code === "E_INTERRUPTED") throw error;
    const detail = scrub(error.line);
    return { match, failed: { line: row.line, patient, reason: codes[error.code], detail } };
  }
}

interface Settings {
  readonly mask: string | undefined;
  readonly phases: Readonly<Partial<Record<StudyPhase, string>>> | undefined;
}

async function readStudy(
  { study, remarks, name }: NamedMatch,
  { mask, phases, settings }: Settings & { readonly settings: string },
  options: ImportDicomOptions,
  scrub: (text: string) => string,
  progress: (step: string) => void,
): Promise<CaseRecord> {
  const { out, labels, outline, align, threads, signal, pseudonyms, assemble = assembleStudy } = options;
  const assembled = await assemble(study.files, {
    name,
    mask,
    labels,
    outline: outline?.outline,
    phases,
    align,
    threads,
    signal,
    progress,
  });
  signal?.throwIfAborted();
  if (!assembled.mask && !options.withoutMask)
    throw new TrinephronError("E_MASK", `${name}: no mask`, "add one, or import without with --without-mask");
  mustHoldTumor(assembled, name);
  const refused = options.copyDicom ? await copyDicom(out, name, assembled, study.files, pseudonyms) : [];
  const burnedIn = study.files.some(({ header, setAside }) => header?.burnedIn && setAside === undefined)
    ? ["a series says that annotations are burned into its pixels: names may be readable in the images"]
    : [];
  const provenance = provenanceOf(assembled, [...remarks, ...burnedIn, ...refused], pseudonyms, scrub);
  return writeCase(out, name, assembled, settings, provenance);
}

/** Bumped when the same files and settings give other images. */
const importVersion = 1;

/** A hash of all that decides a case's images: the files with their sizes and times, and the settings. */
async function settingsOf(
  { files }: DicomStudy,
  { mask, phases }: Settings,
  options: ImportDicomOptions,
): Promise<string> {
  const {
    labels,
    outline,
    align = true,
    withoutMask = false,
    copyDicom: copied = false,
    pseudonyms,
  } = options;
  const stamp = async (path: string) => {
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
    return [size, mtimeMs];
  };
  const read = await Promise.all(
    files.map(async ({ source, header }) => [header?.sopInstance ?? source.name, await stamp(source.name)]),
  );
  const others = await Promise.all([mask, labels].map((path) => path && stamp(path)));
  const outlinedBy = outline && { outlinedBy: outline.by };
  const settings = { align, withoutMask, copied, phases, kept: pseudonyms.kept, ...outlinedBy };
  return pseudonyms.hash(JSON.stringify([importVersion, read, others, settings]));
}

function overridesOf({ row, study, name }: NamedMatch, { phases }: ImportDicomOptions): Settings["phases"] {
  const names = [name, row.case, row.patient, study.header.patient.id];
  return names.flatMap((own) => (own === undefined ? [] : (phases?.get(own) ?? [])))[0];
}

/** Ages above this are those of few: HIPAA's Safe Harbor (45 CFR 164.514) takes them together. */
const oldest = 90;

function caseOf(
  { row, study, name, patient }: NamedMatch,
  { images, mask, provenance }: CaseRecord,
  { center, pseudonyms }: ImportDicomOptions,
): Case {
  const { header } = study;
  const birth = row.birthDate ?? header.patient.birthDate;
  const computed = birth && header.study.date ? yearsBetween(birth, header.study.date) : undefined;
  const age = row.labels.age ?? computed ?? yearsOfAge(header.patient.age);
  const sex = row.labels.sex ?? ({ F: "female", M: "male" } as const)[header.patient.sex ?? ""];
  const painted = study.files.some((file) => file.header?.imageType.includes("PAINTED"));
  return {
    ...row.labels,
    case: name,
    patient,
    center: row.labels.center ?? center!,
    ...(age !== undefined && age > 0 && age <= 120 && { age: pseudonyms.kept ? age : Math.min(age, oldest) }),
    ...(sex && { sex }),
    images,
    ...(mask && { mask }),
    ...(provenance.mask?.outline && { maskOrigin: "program" as const }),
    // What the images say of themselves counts before a table that takes them for real ones.
    source: painted && row.labels.source !== "procedural" ? "painted" : (row.labels.source ?? "real"),
  };
}
