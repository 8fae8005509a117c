import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../../base/errors.ts";
import { type Actor, service } from "../audit/actor.ts";
import type { Database, Statements } from "../database/database.ts";
import { enqueue } from "./enqueue.ts";
import { addEvent } from "./events.ts";
import { type StudyState, stateText } from "./states.ts";

interface Options {
  readonly database: Database;
  readonly queue: PgBoss;
}

/** Which states a user may take a study out of. */
export const mayRetry: readonly StudyState[] = ["waiting", "answered", "not read", "failed", "canceled"];
export const mayCancel: readonly StudyState[] = ["waiting", "queued", "reading"];

/**
 * Puts a study in the queue, though images may still come, or though it was read before.
 * @throws E_STUDY where there is no such study, E_STATE where it is in the queue already
 */
export const retryStudy = (
  { database, queue }: Options,
  studyUid: string,
  by: Actor = service,
): Promise<void> =>
  change(database, studyUid, mayRetry, async (statements, study) => {
    await addEvent(statements, study, "retry", { by });
    await enqueue(statements, queue, study);
  });

/**
 * Stops what is done about a study. Its images stay; a worker that reads it is stopped within seconds.
 * @throws E_STUDY where there is no such study, E_STATE where nothing is being done about it
 */
export const cancelStudy = ({ database }: Options, studyUid: string, by: Actor = service): Promise<void> =>
  change(database, studyUid, mayCancel, async (statements, study) => {
    await statements.query("update trinephron.studies set state = $2, changed_at = now() where id = $1", [
      study,
      "canceled" satisfies StudyState,
    ]);
    await addEvent(statements, study, "canceled", { by });
  });

function change(
  database: Database,
  studyUid: string,
  from: readonly StudyState[],
  work: (statements: Statements, study: number) => Promise<void>,
): Promise<void> {
  return database.transaction(async (statements) => {
    const [found] = await statements.query<{ id: number; state: StudyState }>(
      "select id, state from trinephron.studies where study_uid = $1 for update",
      [studyUid],
    );
    if (!found) throw noStudy();
    if (!from.includes(found.state))
      throw new TrinephronError(
        "E_STATE",
        `the study is ${stateText(found.state)}`,
        `it can be done when it is ${from.map(stateText).join(", ")}`,
      );
    await work(statements, found.id);
  });
}

export const noStudy = () => new TrinephronError("E_STUDY", "no such study");
