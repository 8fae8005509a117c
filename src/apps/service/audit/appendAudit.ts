import type { Statements } from "../database/database.ts";
import type { Actor } from "./actor.ts";
import { hashOf, start } from "./chain.ts";
import type { AuditAction, AuditEntry } from "./entry.ts";

/** What is to be noted. */
export interface AuditNote {
  readonly by: Actor;
  readonly action: AuditAction;
  readonly studyUid?: string | undefined;
  /** Of one association or request. */
  readonly request?: string | undefined;
  /** Whatever else there is to say, without words that tell of a patient. */
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Any number that no other program takes for its locks. */
const advisoryLock = 7_336_472;

/**
 * Appends to the audit log. Who appends waits for those before, to the end of their transactions; so a transaction does
 * this when it has locked whatever else it needs, lest it wait for those who wait for it.
 * @param statements of the transaction that does what is noted
 */
export async function appendAudit(
  { query }: Statements,
  { by, action, studyUid = "", request = "", detail = {} }: AuditNote,
): Promise<void> {
  await query("select pg_advisory_xact_lock($1)", [advisoryLock]);
  const [found] = await query<{ moment: string; id: number | null; hash: string | null }>(
    `select ${momentText("clock_timestamp()")} as moment, last.id, last.hash from (select 1) one
     left join (select id, hash from trinephron.audit order by id desc limit 1) last on true`,
  );
  const told: Omit<AuditEntry, "hash"> = {
    id: (found.id ?? start.id) + 1,
    moment: found.moment,
    actor: by.actor,
    way: by.way ?? "",
    aeTitle: by.aeTitle ?? "",
    address: by.address ?? "",
    action,
    studyUid,
    request,
    detail: JSON.stringify(detail),
    previous: found.hash ?? start.hash,
  };
  await query(
    `insert into trinephron.audit
       (id, moment, actor, way, ae_title, address, action, study_uid, request, detail, previous, hash)
     values ($1, $2::timestamptz, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      told.id,
      told.moment,
      told.actor,
      told.way,
      told.aeTitle,
      told.address,
      told.action,
      told.studyUid,
      told.request,
      told.detail,
      told.previous,
      hashOf(told),
    ],
  );
}

/** A moment as ISO 8601, in SQL: milliseconds that are cut off rather than rounded, on every database alike. */
export const momentText = (moment: string): string =>
  `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
