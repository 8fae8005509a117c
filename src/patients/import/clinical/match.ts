import type { DicomStudy } from "../studies.ts";
import type { ClinicalRow } from "./clinical.ts";

export interface Match {
  readonly row: ClinicalRow;
  readonly study: DicomStudy;
  /** How the study was chosen among several, and what was done to find it. */
  readonly remarks: readonly string[];
}

/** A row that got no study. */
interface RowWithout {
  readonly row: ClinicalRow;
  /** Without anything of this row alone, so that rows can be counted by it. */
  readonly reason: string;
  /** Line of the row that the reason speaks of. */
  readonly other?: number | undefined;
}

export interface Matches {
  readonly matched: readonly Match[];
  readonly rowsWithout: readonly RowWithout[];
  readonly studiesWithout: readonly { readonly study: DicomStudy; readonly reason: string }[];
}

/**
 * A study for each row: by study UID where the row has one, else by accession number, else by patient ID. Of several
 * studies of a patient the last not after surgery, where the row says when that was; else the one with most CT series,
 * of equals the latest.
 */
export function matchRows(rows: readonly ClinicalRow[], studies: readonly DicomStudy[]): Matches {
  const taken = new Map<DicomStudy, ClinicalRow>();
  const matched: Match[] = [];
  const rowsWithout: RowWithout[] = [];
  const offered = new Set<DicomStudy>();
  for (const row of rows) {
    const { candidates, remarks, missing } = candidatesFor(row, studies);
    for (const study of candidates) offered.add(study);
    const chosen = choose(row, candidates);
    const before = chosen && taken.get(chosen.study);
    if (!chosen)
      rowsWithout.push({ row, reason: candidates.length > 0 ? "no study before surgery" : missing });
    else if (before)
      rowsWithout.push({
        row,
        reason: "the study was taken by another row of the patient",
        other: before.line,
      });
    else {
      taken.set(chosen.study, row);
      matched.push({ row, study: chosen.study, remarks: [...remarks, ...chosen.remarks] });
    }
  }
  const studiesWithout = studies
    .filter((study) => !taken.has(study))
    .map((study) => ({
      study,
      reason: offered.has(study) ? "another study of the patient was taken" : "no row in the clinical table",
    }));
  return { matched, rowsWithout, studiesWithout };
}

interface Candidates {
  readonly candidates: readonly DicomStudy[];
  readonly remarks: readonly string[];
  /** Why there is none. */
  readonly missing: string;
}

function candidatesFor(row: ClinicalRow, studies: readonly DicomStudy[]): Candidates {
  const { study: uid, accession, patient } = row;
  const found = (candidates: readonly DicomStudy[], missing: string, remarks: readonly string[] = []) => ({
    candidates,
    missing,
    remarks,
  });
  if (uid !== undefined)
    return found(
      studies.filter((s) => s.uid === uid),
      "no CT study of this UID",
    );
  if (accession !== undefined)
    return found(
      studies.filter(({ header }) => header.study.accessionNumber === accession),
      "no CT study of this accession number",
    );
  if (patient === undefined) return found([], "the row has no patient ID");
  const own = studies.filter(({ header }) => header.patient.id === patient);
  if (own.length > 0 || !/^\d+$/.test(patient)) return found(own, "no CT study of this patient ID");
  // Spreadsheets turn 00123 into 123.
  const bare = (id: string | undefined) => (/^\d+$/.test(id ?? "") ? id!.replace(/^0+/, "") : undefined);
  const alike = studies.filter(({ header }) => bare(header.patient.id) === bare(patient));
  const ids = new Set(alike.map(({ header }) => header.patient.id));
  if (ids.size > 1) return found([], "several patient IDs that differ from this one by leading zeros only");
  return found(alike, "no CT study of this patient ID", [
    "the patient ID fits but for leading zeros, which spreadsheets drop",
  ]);
}

function choose(
  { surgeryDate }: ClinicalRow,
  candidates: readonly DicomStudy[],
): { study: DicomStudy; remarks: readonly string[] } | undefined {
  const date = ({ header }: DicomStudy) => header.study.date ?? "";
  const n = candidates.length;
  if (n === 0) return undefined;
  const latest = candidates.toSorted((a, b) => (date(a) < date(b) ? 1 : -1));
  if (surgeryDate !== undefined && candidates.every((study) => date(study) !== "")) {
    const study = latest.find((candidate) => date(candidate) <= surgeryDate);
    return study && { study, remarks: n > 1 ? [`the last of ${n} studies not after surgery`] : [] };
  }
  const most = Math.max(...candidates.map(({ ctSeries }) => ctSeries));
  const study = latest.find(({ ctSeries }) => ctSeries === most)!;
  const why =
    candidates.filter(({ ctSeries }) => ctSeries === most).length > 1 ? ", the latest of equals" : "";
  return { study, remarks: n > 1 ? [`of ${n} studies the one with most CT series (${most})${why}`] : [] };
}
