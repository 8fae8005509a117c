import type { Statements } from "../database/database.ts";
import { auditEvent } from "./auditEvent.ts";
import type { AuditEntry } from "./entry.ts";
import { type AuditRange, auditPages } from "./readAudit.ts";

/** How an entry is written, each on a line of its own. */
const lineOf = {
  fhir: (entry: AuditEntry) => JSON.stringify(auditEvent(entry)),
  jsonl: (entry: AuditEntry) => JSON.stringify(entry),
} as const;
export type AuditFormat = keyof typeof lineOf;
export const auditFormats = Object.keys(lineOf) as readonly AuditFormat[];

/**
 * The audit log as text, a page at a time.
 * @param onEntries told how many each page had
 */
export async function* exportAudit(
  statements: Statements,
  format: AuditFormat,
  range: AuditRange,
  onEntries?: (count: number) => void,
): AsyncGenerator<string> {
  for await (const page of auditPages(statements, range)) {
    onEntries?.(page.length);
    yield page.map((entry) => `${lineOf[format](entry)}\n`).join("");
  }
}
