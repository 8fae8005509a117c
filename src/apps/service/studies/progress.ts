import type { Statements } from "../database/database.ts";
import type { AnswerJob } from "../queue/openQueue.ts";

/** How far the reading of a study has come. */
export interface ReadingProgress {
  /** What is being done: `aligning series`. */
  readonly step: string;
  /** How much of it is done, from 0 to 1. */
  readonly fraction: number;
}

/** SQL of the progress of a study `s`; null where it is not read now. */
export const progressColumn = `case when s.state = 'reading' and s.step is not null
  then jsonb_build_object('step', s.step, 'fraction', s.fraction) end`;

/** Notes it, as long as the attempt is under way. When the study changed last is left as it was: it has not. */
export const noteProgress = async (
  { query }: Statements,
  { study, attempt }: AnswerJob,
  { step, fraction }: ReadingProgress,
): Promise<void> => {
  await query(
    `update trinephron.studies set step = $3, fraction = $4
     where id = $1 and attempt = $2 and state = 'reading'`,
    [study, attempt, step, fraction],
  );
};
