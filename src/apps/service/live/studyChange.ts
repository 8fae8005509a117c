import type { Statements } from "../database/database.ts";
import { progressColumn, type ReadingProgress } from "../studies/progress.ts";
import { type StudyState, stateMeaning, stateText } from "../studies/states.ts";

/** A study as it is after a change. Nothing in it tells of the patient. */
export interface StudyChange {
  readonly studyUid: string;
  readonly state: StudyState;
  /** The state, and what it means, in words. */
  readonly stateText: string;
  readonly meaning: string;
  readonly reasonCode: string | null;
  readonly images: number;
  readonly progress: ReadingProgress | null;
  /** ISO 8601. */
  readonly changedAt: string;
}

/** Of all that changed since a moment no more are told: whoever was away for so long asks for the worklist. */
const most = 500;
/** What is committed may have been changed a while before. */
const overlapSeconds = 10;

const columns = `s.study_uid as "studyUid", s.state, s.reason_code as "reasonCode", s.revision as images,
  s.changed_at as "changedAt", ${progressColumn} as progress`;

type Found = Omit<StudyChange, "changedAt" | "stateText" | "meaning"> & {
  readonly changedAt: Date;
  readonly [column: string]: unknown;
};

/** Studies of these UIDs as they are; one that is missing was deleted. */
export const changesOf = async (
  { query }: Statements,
  studyUids: readonly string[],
): Promise<StudyChange[]> =>
  (
    await query<Found>(`select ${columns} from trinephron.studies s where s.study_uid = any($1::text[])`, [
      [...studyUids],
    ])
  ).map(told);

/** Studies that changed after a moment, ms since 1970; a little more than those. */
export const changesSince = async ({ query }: Statements, moment: number): Promise<StudyChange[]> =>
  (
    await query<Found>(
      `select ${columns} from trinephron.studies s
       where s.changed_at > to_timestamp($1::float8 / 1000) - make_interval(secs => $2)
       order by s.changed_at desc limit $3`,
      [moment, overlapSeconds, most],
    )
  )
    .map(told)
    .reverse();

const told = ({ changedAt, ...found }: Found): StudyChange => ({
  ...found,
  stateText: stateText(found.state),
  meaning: stateMeaning[found.state],
  changedAt: changedAt.toISOString(),
});
