import { TrinephronError } from "../../../base/errors.ts";
import { phases, type StudyPhase } from "../../cohort/case.ts";
import { readSpreadsheet } from "./spreadsheet.ts";

/** The user's word on phases: by case (its pseudonym, case ID or patient ID), the series of a phase. */
export type PhaseOverrides = ReadonlyMap<string, Readonly<Partial<Record<StudyPhase, string>>>>;

/**
 * Reads a table of the columns case, phase and series (UID, number or description).
 * @throws E_FILE_MISSING; E_FORMAT, E_LABEL with the line
 */
export async function readOverrides(path: string): Promise<PhaseOverrides> {
  const { header, rows } = await readSpreadsheet(path);
  const missing = ["case", "phase", "series"].filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no column ${missing.join(", ")}`,
      "it needs case, phase, series",
    );
  const found = new Map<string, Partial<Record<StudyPhase, string>>>();
  for (const { cells, line } of rows) {
    const phase = phases.find((name) => name === cells.phase);
    if (!phase)
      throw new TrinephronError(
        "E_LABEL",
        `${path}, line ${line}: "${cells.phase}" is none of ${phases.join(", ")}`,
      );
    if (!cells.case || !cells.series)
      throw new TrinephronError("E_FORMAT", `${path}, line ${line}: no case or no series`);
    found.set(cells.case, { ...found.get(cells.case), [phase]: cells.series });
  }
  return found;
}
