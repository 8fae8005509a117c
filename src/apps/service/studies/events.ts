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

/** Notes what happened to a study. @param code and `detail` of an error, or what there is to say */
export async function addEvent(
  { query }: Statements,
  study: number,
  kind: EventKind,
  { code, detail }: { readonly code?: string | undefined; readonly detail?: string | undefined } = {},
): Promise<void> {
  await query("insert into trinephron.events (study_id, kind, code, detail) values ($1, $2, $3, $4)", [
    study,
    kind,
    code ?? null,
    detail ?? null,
  ]);
}
