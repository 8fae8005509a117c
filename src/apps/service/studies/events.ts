import { type Actor, service } from "../audit/actor.ts";
import { type AuditNote, appendAudit } from "../audit/appendAudit.ts";
import type { AuditAction } from "../audit/entry.ts";
import type { Statements } from "../database/database.ts";

/** What may happen to a study. */
export type EventKind =
  | "received"
  | "late images"
  | "complete"
  | "queued"
  | "reading"
  | "answered"
  | "not read"
  | "failed"
  | "interrupted"
  | "canceled"
  | "retry"
  | "delivered"
  | "not delivered"
  | "sent again";

/** What the audit log has of them; that a study was received it has of each association or request. */
const audited: Readonly<Partial<Record<EventKind, AuditAction>>> = {
  answered: "result answered",
  "not read": "study not read",
  failed: "study failed",
  canceled: "study cancelled",
  retry: "study retried",
  delivered: "result delivered",
  "sent again": "delivery replayed",
};

export interface EventNote {
  /** Of an error. */
  readonly code?: string | undefined;
  /** What there is to say on the study's page. */
  readonly detail?: string | undefined;
  /** Whose doing it was; by default the service's. */
  readonly by?: Actor | undefined;
  /** What the audit log says beside it. */
  readonly audit?: AuditNote["detail"];
}

/** Notes what happened to a study, in the audit log too. @param statements of a transaction */
export async function addEvent(
  statements: Statements,
  study: number,
  kind: EventKind,
  { code, detail, by = service, audit }: EventNote = {},
): Promise<void> {
  const [{ studyUid }] = await statements.query<{ studyUid: string }>(
    `with told as (insert into trinephron.events (study_id, kind, code, detail) values ($1, $2, $3, $4))
     select study_uid as "studyUid" from trinephron.studies where id = $1`,
    [study, kind, code ?? null, detail ?? null],
  );
  const action = audited[kind];
  if (action !== undefined) await appendAudit(statements, { by, action, studyUid, detail: audit });
}
