import { expect, test } from "vitest";
import { auditEvent } from "../../../../src/apps/service/audit/auditEvent.ts";
import { auditActions } from "../../../../src/apps/service/audit/entry.ts";
import { collection } from "../../../../src/imaging/formats/fhir/bundle.ts";
import { faults, publishedCodes } from "../../../imaging/formats/fhir/published.ts";
import { chained } from "./anEntry.ts";

const log = chained([
  ...auditActions.map((action) => ({ action })),
  { actor: "service", way: "", aeTitle: "", address: "", request: "", studyUid: "", detail: "{}" },
]);
const events = log.map(auditEvent);

test("every entry is a valid AuditEvent", () => {
  const entries = events.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource }));
  expect(faults(collection("audit", "2026-01-31T08:00:00Z", entries))).toEqual([]);
  expect(
    faults(
      collection("audit", "2026-01-31T08:00:00Z", [
        { fullUrl: "urn:uuid:1", resource: { ...events[0], recorded: "yesterday" } },
      ]),
    ),
  ).not.toEqual([]);
});

test("codes are those that are published", () => {
  const published = publishedCodes();
  type Coding = { readonly system: string; readonly code: string; readonly display: string };
  const entities = events.flatMap(({ entity }) => entity as { type: Coding; role: Coding }[]);
  for (const { system, code, display } of entities.flatMap(({ type, role }) => [type, role]))
    expect(published.get(system)?.get(code)).toBe(display);
});

test("says who, how, what, and by which hash", () => {
  expect(events[0]).toMatchObject({
    id: "audit-1",
    subtype: [{ display: "study received" }],
    recorded: "2026-01-31T08:00:00.123Z",
    agent: [
      {
        who: { display: "local, by C-STORE" },
        altId: "CT_1",
        network: { address: "10.1.2.3", type: "2" },
        requestor: true,
      },
    ],
    entity: [
      { what: { identifier: { value: "urn:oid:1.2.826.3" } } },
      { what: { identifier: { value: log[0].hash } } },
    ],
  });
  expect(events.at(-1)).toMatchObject({ agent: [{ who: { display: "trinephron" }, requestor: true }] });
});
