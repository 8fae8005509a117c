import type { Statements } from "../database/database.ts";
import { momentText } from "./appendAudit.ts";
import type { AuditEntry } from "./entry.ts";

/** Which entries. */
export interface AuditRange {
  /** Those after the one of this number. */
  readonly after?: number | undefined;
  /** From this moment on, ISO 8601. */
  readonly from?: string | undefined;
  /** Before this moment. */
  readonly to?: string | undefined;
}

const pageLength = 1000;

/** Entries in their order, a page of them. */
export const auditPage = (
  { query }: Statements,
  { after = 0, from, to }: AuditRange,
  limit: number,
): Promise<AuditEntry[]> =>
  query<AuditEntry & Record<string, unknown>>(
    `select id, ${momentText("moment")} as moment, actor, way, ae_title as "aeTitle", address, action,
       study_uid as "studyUid", request, detail, previous, hash
     from trinephron.audit
     where id > $1 and ($2::timestamptz is null or moment >= $2) and ($3::timestamptz is null or moment < $3)
     order by id limit $4`,
    [after, from ?? null, to ?? null, limit],
  );

/** Number of the last entry; 0 where there is none. */
export async function lastAudit({ query }: Statements): Promise<number> {
  const [{ last }] = await query<{ last: number }>(
    "select coalesce(max(id), 0)::integer as last from trinephron.audit",
  );
  return last;
}

/** Page after page of the log, so that a long one takes no more memory than a short one. */
export async function* auditPages(
  statements: Statements,
  range: AuditRange = {},
): AsyncGenerator<AuditEntry[]> {
  let { after } = range;
  for (;;) {
    const page = await auditPage(statements, { ...range, after }, pageLength);
    if (page.length > 0) yield page;
    if (page.length < pageLength) return;
    after = page.at(-1)!.id;
  }
}
