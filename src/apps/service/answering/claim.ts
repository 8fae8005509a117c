import type { Database, Statements } from "../database/database.ts";
import type { AnswerJob } from "../queue/openQueue.ts";
import { addEvent } from "../studies/events.ts";

/** A study that a worker reads. */
export interface Claim extends AnswerJob {
  readonly studyUid: string;
  /** How many images it had. */
  readonly revision: number;
  readonly queuedAt: Date;
  readonly images: readonly { readonly name: string; readonly key: string }[];
}

/**
 * Takes a study to be read. A job may be delivered twice, as after its worker was killed: the study is then read again.
 * @returns undefined where the attempt is over: answered, cancelled, or overtaken by a later one
 */
export function claim(database: Database, { study, attempt }: AnswerJob): Promise<Claim | undefined> {
  return database.transaction(async (statements) => {
    const { query } = statements;
    const [found] = await query<{ study_uid: string; revision: number; queued_at: Date }>(
      `update trinephron.studies set state = 'reading', changed_at = now(), step = null, fraction = null
       where id = $1 and attempt = $2 and state in ('queued', 'reading')
       returning study_uid, revision, queued_at`,
      [study, attempt],
    );
    if (!found) return undefined;
    await addEvent(statements, study, "reading");
    const images = await query<{ name: string; key: string }>(
      `select series_uid || '/' || sop_instance_uid as name, content_key as key
       from trinephron.instances where study_id = $1 order by series_uid, sop_instance_uid`,
      [study],
    );
    return {
      study,
      attempt,
      studyUid: found.study_uid,
      revision: found.revision,
      queuedAt: found.queued_at,
      images,
    };
  });
}

/** Whether a study is still to be read by this attempt. */
export async function isClaimed({ query }: Statements, { study, attempt }: AnswerJob): Promise<boolean> {
  const found = await query(
    "select 1 from trinephron.studies where id = $1 and attempt = $2 and state = 'reading'",
    [study, attempt],
  );
  return found.length > 0;
}
