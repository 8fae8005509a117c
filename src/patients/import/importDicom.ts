import { TrinephronError } from "../../base/errors.ts";
import { type DicomFile, NotDicomError, readHeaders, sourcesOf } from "../../imaging/formats/dicom/index.ts";
import type { Case } from "../cohort/case.ts";
import { type FlowStep, flowOf } from "../cohort/flow.ts";
import type { ClinicalRow } from "./clinical/clinical.ts";
import { type Match, matchRows } from "./clinical/match.ts";
import { type Imported, importCase, type NamedMatch, type Outcome } from "./importCase.ts";
import type { ImportDicomOptions, NotImported } from "./options.ts";
import type { Pseudonyms } from "./privacy/pseudonyms.ts";
import { doubtsOf } from "./provenance.ts";
import { type DicomStudy, studiesOf } from "./studies.ts";

/** Leads from a case back to the patient; kept beside the key, never with the cohort. */
export interface Identity {
  readonly case: string;
  readonly patient: string | undefined;
  readonly study: string;
  readonly line: number | undefined;
}

/** Cases made of DICOM studies, and what became of the others. */
export interface ImportedDicom {
  readonly cases: readonly Case[];
  readonly flow: readonly FlowStep[];
  readonly leftOut: readonly NotImported[];
  /** By case. */
  readonly warnings: readonly { readonly case: string; readonly lines: readonly string[] }[];
  /** Phases to look at, by case. */
  readonly doubts: readonly { readonly case: string; readonly lines: readonly string[] }[];
  readonly identities: readonly Identity[];
  /** Cases whose images were there already. */
  readonly reused: number;
}

/**
 * Makes a cohort of a tree of DICOM files and a clinical table: finds the study of each row, puts its phases and mask
 * on one grid and writes them to `out/images`. Cases are read one after the other; those there already, of the same
 * files and settings, are kept. The cohort and its flow are the caller's to write.
 *
 * @param root folder, ZIP archive or DICOMDIR; archives within the folder are read too
 * @throws E_FILE_MISSING; E_COHORT where no CT study is there; E_USAGE where a centre is missing; E_FILE_WRITE;
 * E_INTERRUPTED
 */
export async function importDicom(root: string, options: ImportDicomOptions): Promise<ImportedDicom> {
  const { pseudonyms, table, center, signal, progress } = options;
  const files = await readTree(root, options);
  const studies = await studiesOf(files);
  if (studies.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `${root}: no CT study`,
      "`trinephron dicom info` lists what is there",
    );
  const rows = table?.rows ?? patientsOf(studies);
  const uncentered = rows.find((row) => row.labels.center === undefined && row.excluded === undefined);
  if (center === undefined && uncentered)
    throw new TrinephronError(
      "E_USAGE",
      `no centre${uncentered.line === undefined ? "" : ` in line ${uncentered.line} of ${table?.path}`}`,
      "map the column of the centre, or give --center",
    );
  const leftOut: NotImported[] = unread(files);
  const eligible = flowOf(table ? "Rows of the clinical table" : "Patients", rows, (row) => row.excluded);
  for (const row of rows)
    if (row.excluded) leftOut.push({ line: row.line, reason: row.excluded, detail: row.excluded });

  const { matched, rowsWithout, studiesWithout } = matchRows(eligible.kept, studies);
  const without = new Map(rowsWithout.map(({ row, reason }) => [row, reason]));
  const found = flowOf("CT study of the patient", eligible.kept, (row) => without.get(row));
  for (const { row, reason, other } of rowsWithout)
    leftOut.push({
      line: row.line,
      patient: named(row.patient, pseudonyms),
      reason,
      detail: other === undefined ? reason : `${reason} (line ${other})`,
    });
  for (const { study, reason } of studiesWithout)
    leftOut.push({
      patient: named(study.header.patient.id, pseudonyms),
      reason,
      detail: `a study of ${study.ctSeries} CT series`,
    });

  const matches = matched.flatMap((match) => withName(match, pseudonyms) ?? []);
  for (const match of matched)
    if (!withName(match, pseudonyms))
      leftOut.push({
        line: match.row.line,
        reason: nameless,
        detail: "the list of pseudonyms lacks the patient",
      });
  mustBeDistinct(matches);
  const outcomes: Outcome[] = [];
  for (const [n, match] of matches.entries()) {
    stopIfAborted(signal, n, matches.length);
    const step = (detail?: string) => progress?.("importing cases", n, matches.length, detail);
    step();
    outcomes.push(await importCase(match, root, options, step));
  }
  progress?.("importing cases", matches.length, matches.length);
  const failed = new Map(outcomes.flatMap((o) => ("failed" in o ? [[o.match.row, o.failed] as const] : [])));
  const usable = flowOf("Phases and mask", matched, (match) =>
    withName(match, pseudonyms) ? failed.get(match.row)?.reason : nameless,
  );
  leftOut.push(...failed.values());
  const imported = outcomes.filter((o): o is Imported => "case" in o);
  const lines = (of: (one: Imported) => readonly string[]) =>
    imported.flatMap((one) => (of(one).length > 0 ? [{ case: one.case.case, lines: of(one) }] : []));
  return {
    cases: imported.map((one) => one.case),
    flow: [eligible.step, found.step, usable.step],
    leftOut,
    warnings: lines(({ record }) => record.provenance.warnings),
    doubts: lines(({ record }) => doubtsOf(record.provenance)),
    identities: imported.map(({ case: c, match }) => ({
      case: c.case,
      patient: match.study.header.patient.id,
      study: match.study.uid,
      line: match.row.line,
    })),
    reused: imported.filter(({ reused }) => reused).length,
  };
}

const nameless = "no pseudonym";

function withName(match: Match, pseudonyms: Pseudonyms): NamedMatch | undefined {
  const { row, study } = match;
  const id = study.header.patient.id ?? row.patient ?? row.case;
  const patient = pseudonyms.patient(id ?? study.uid);
  const remarks =
    id === undefined ? [...match.remarks, "no patient ID: taken for a patient of its own"] : match.remarks;
  return patient === undefined
    ? undefined
    : { ...match, remarks, patient, name: pseudonyms.case(patient, row) };
}

const named = (id: string | undefined, pseudonyms: Pseudonyms): string | undefined =>
  id === undefined ? undefined : pseudonyms.patient(id);

/** Files that could not be read, or were not opened, counted: their names may be those of patients. */
function unread(files: readonly DicomFile[]): NotImported[] {
  const lost = files.filter(({ header, setAside, error }) =>
    error ? !(error instanceof NotDicomError) : header === undefined && setAside !== undefined,
  );
  return [...Map.groupBy(lost, ({ error, setAside }) => error?.code ?? setAside!)].map(([detail, each]) => ({
    reason: "files that were not read",
    detail: `${each.length}: ${detail}`,
  }));
}

const readTree = async (root: string, { progress }: ImportDicomOptions): Promise<DicomFile[]> =>
  readHeaders(await sourcesOf(root), { progress });

/** A row a patient; a study without a patient ID is a patient of its own. */
function patientsOf(studies: readonly DicomStudy[]): ClinicalRow[] {
  const ids = new Set(studies.flatMap(({ header }) => header.patient.id ?? []));
  const nameless = studies.filter(({ header }) => header.patient.id === undefined);
  return [
    ...[...ids].map((patient) => ({ patient, labels: {} })),
    ...nameless.map(({ uid }) => ({ study: uid, labels: {} })),
  ];
}

function stopIfAborted(signal: AbortSignal | undefined, done: number, total: number): void {
  if (signal?.aborted)
    throw new TrinephronError(
      "E_INTERRUPTED",
      `stopped with ${done} of ${total} cases done`,
      "run the same command to resume",
    );
}

/** @throws E_COHORT for two cases of one name: rows that nothing tells apart */
function mustBeDistinct(matches: readonly NamedMatch[]): void {
  const lines = new Map<string, number | undefined>();
  for (const { name, row } of matches) {
    if (lines.has(name))
      throw new TrinephronError(
        "E_COHORT",
        `lines ${lines.get(name)} and ${row.line} would be one case ${name}`,
        "map a column that tells the patient's studies apart: case, accession or study",
      );
    lines.set(name, row.line);
  }
}
