import { hashOf, start } from "../../../../src/apps/service/audit/chain.ts";
import type { AuditEntry } from "../../../../src/apps/service/audit/entry.ts";

type Told = Omit<AuditEntry, "id" | "previous" | "hash">;

export const anEntry: Told = {
  moment: "2026-01-31T08:00:00.123Z",
  actor: "local",
  way: "C-STORE",
  aeTitle: "CT_1",
  address: "10.1.2.3",
  action: "study received",
  studyUid: "1.2.826.3",
  request: "2f1c",
  detail: '{"origin":"C-STORE"}',
};

/** A log of these. */
export function chained(told: readonly Partial<Told>[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const own of told) {
    const before = entries.at(-1) ?? start;
    const entry = { ...anEntry, ...own, id: before.id + 1, previous: before.hash };
    entries.push({ ...entry, hash: hashOf(entry) });
  }
  return entries;
}
