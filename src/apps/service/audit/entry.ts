/** What is noted. */
export const auditActions = [
  "study received",
  "study viewed",
  "result file read",
  "study retried",
  "study cancelled",
  "study deleted",
  "delivery replayed",
  "result answered",
  "result delivered",
  "study not read",
  "study failed",
  "worklist searched",
  "deliveries listed",
  "audit log read",
  "signed in",
  "sign-in refused",
  "signed out",
  "request refused",
  "account added",
  "account changed",
  "account removed",
  "token added",
  "token revoked",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One line of the audit log. Texts are empty where there is nothing to say; none names a patient. */
export interface AuditEntry {
  /** From 1, without gaps. */
  readonly id: number;
  /** ISO 8601 in UTC, to the millisecond. */
  readonly moment: string;
  readonly actor: string;
  readonly way: string;
  readonly aeTitle: string;
  readonly address: string;
  /** One of {@link auditActions}, unless the log was changed. */
  readonly action: string;
  readonly studyUid: string;
  /** Tells which entries are of one association or request. */
  readonly request: string;
  /** JSON, letter by letter as it was hashed. */
  readonly detail: string;
  /** Hash of the entry before. */
  readonly previous: string;
  readonly hash: string;
}
