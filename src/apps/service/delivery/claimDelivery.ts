import { createHash } from "node:crypto";
import type { Database } from "../database/database.ts";
import type { Outgoing } from "./sender.ts";

/** A delivery that is tried now. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly study: number;
  readonly destination: string;
  /** Tries with this one. */
  readonly tries: number;
  /** Whether it has been tried for so long that this is the last time. */
  readonly isLast: boolean;
  readonly result: Outgoing;
}

/**
 * Takes a delivery to try it.
 * @param giveUpSeconds how long it is tried
 * @returns undefined where it is not to be tried now: delivered, superseded, given up, or put off
 */
export function claimDelivery(
  database: Database,
  delivery: number,
  giveUpSeconds: number,
): Promise<ClaimedDelivery | undefined> {
  return database.transaction(async ({ query }) => {
    type Claimed = Omit<Outgoing, "id"> & {
      readonly study: number;
      readonly destination: string;
      readonly tries: number;
      readonly isLast: boolean;
      readonly createdAt: Date;
      readonly [column: string]: unknown;
    };
    const [found] = await query<Claimed>(
      // A second job about the same delivery must not shorten the time that a destination was given.
      `update trinephron.deliveries d set tries = d.tries + 1, began_at = now(), changed_at = now()
       from trinephron.studies s, trinephron.results r
       where d.id = $1 and d.state = 'waiting' and d.next_at <= now() + interval '1 second'
         and s.id = d.study_id and r.study_id = d.study_id and r.attempt = d.attempt
       returning d.study_id as study, d.destination, d.tries, d.created_at as "createdAt",
         d.since < now() - make_interval(secs => $2) as "isLast",
         s.study_uid as "studyUid", s.patient_id as "patientId", s.patient_name as "patientName",
         s.accession_number as "accessionNumber", s.study_date as "studyDate", r.answered_at as "answeredAt",
         r.revision as images, r.model_sha256 as "modelSha256", r.model_sources as "modelSources", r.answers, r.files`,
      [delivery, giveUpSeconds],
    );
    if (!found) return undefined;
    const { study, destination, tries, isLast, createdAt, ...result } = found;
    const id = createHash("sha256")
      .update([destination, result.studyUid, createdAt.toISOString()].join(" "))
      .digest("hex")
      .slice(0, 32);
    return { id: delivery, study, destination, tries, isLast, result: { ...result, id } };
  });
}
