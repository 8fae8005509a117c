import { TrinephronError } from "../../base/errors.ts";
import type { CtCandidate } from "./candidates.ts";

/** The series of a study that a user calls by its name, UID, description or number. @throws E_PHASE where none, or more than one, is meant */
export function seriesNamed(text: string, candidates: readonly CtCandidate[], study: string): CtCandidate {
  const fits = candidates.filter(({ name, header: { series } }) =>
    [name, series.uid, series.description, String(series.number)].includes(text),
  );
  if (fits.length === 1) return fits[0];
  throw new TrinephronError(
    "E_PHASE",
    `${study}: ${fits.length === 0 ? "no series" : `${fits.length} series`} called ${JSON.stringify(text)}`,
    `its series are: ${candidates.map(({ name }) => name).join("; ")}`,
  );
}
