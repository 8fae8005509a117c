import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../../base/errors.ts";
import { queues, type RemoveJob } from "../queue/openQueue.ts";
import { concluded, type Deleted, type DeleteOptions, deleteStudy } from "./deleteStudy.ts";
import { removeContents } from "./removals.ts";

export interface RetentionOptions extends DeleteOptions {
  readonly queue: PgBoss;
  /** Studies that were concluded so long ago are deleted; undefined: none. */
  readonly days: number | undefined;
  /** How often the queue is asked; 0.5 or more. */
  readonly pollSeconds?: number | undefined;
  readonly onDeleted?: ((deleted: Deleted) => void) | undefined;
}

export interface Retention {
  /** Looks for studies that are to be deleted, and for files that a process which ended left; to be called now and then. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Studies that are put in the queue at a time. */
const most = 1000;

/** Deletes studies when their time has come, one after another, in whichever process takes the job. */
export async function startRetention(options: RetentionOptions): Promise<Retention> {
  const { queue, database, days, pollSeconds = 5, onDeleted } = options;
  if (days !== undefined)
    await queue.work<RemoveJob>(
      queues.remove,
      { pollingIntervalSeconds: pollSeconds },
      async ([{ data }]) => {
        try {
          onDeleted?.(await deleteStudy(options, data.studyUid, { days }));
        } catch (error) {
          // Something has been done about it since, or it is gone.
          if (!(error instanceof TrinephronError && ["E_STATE", "E_STUDY"].includes(error.code))) throw error;
        }
      },
    );
  return {
    look: async () => {
      await removeContents(database, options);
      if (days === undefined) return;
      const found = await database.query<{ studyUid: string }>(
        `select study_uid as "studyUid" from trinephron.studies s where state = any($1::text[])
           and changed_at <= now() - make_interval(secs => $2::float8 * 86400)
           and not exists (select 1 from trinephron.deliveries d where d.study_id = s.id and d.state = 'waiting')
         order by changed_at limit ${most}`,
        [[...concluded], days],
      );
      for (const { studyUid } of found)
        await queue.send(queues.remove, { studyUid } satisfies RemoveJob, { singletonKey: studyUid });
    },
    stop: async () => {
      if (days !== undefined) await queue.offWork(queues.remove);
    },
  };
}
