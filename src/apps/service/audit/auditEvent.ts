import { codeSystems, systemUrl } from "../../../imaging/formats/fhir/codeSystems.ts";
import { type Coding, coding } from "../../../imaging/formats/fhir/concept.ts";
import { studyByUid } from "../../../imaging/formats/fhir/identifier.ts";
import type { FhirResource } from "../../../imaging/formats/fhir/resource.ts";
import type { AuditAction, AuditEntry } from "./entry.ts";

type Kind = readonly [code: string, display: string, action: "C" | "R" | "U" | "D" | "E"];

const application = (action: Kind[2]): Kind => ["110100", "Application Activity", action];
const accessed: Kind = ["110103", "DICOM Instances Accessed", "R"];
const authenticated: Kind = ["110114", "User Authentication", "E"];
const alert = (action: Kind[2]): Kind => ["110113", "Security Alert", action];
const transferred = (action: Kind[2]): Kind => ["110104", "DICOM Instances Transferred", action];

/** What they are called in DICOM's audit messages (PS3.15 § A.5.3; codes of PS3.16 CID 400). */
const kinds: Readonly<Record<AuditAction, Kind>> = {
  "study received": transferred("C"),
  "study viewed": accessed,
  "result file read": accessed,
  "study retried": application("U"),
  "study cancelled": application("U"),
  "study deleted": ["110105", "DICOM Study Deleted", "D"],
  "delivery replayed": application("U"),
  "result answered": application("C"),
  "result delivered": transferred("R"),
  "study not read": application("U"),
  "study failed": application("U"),
  "worklist searched": ["110112", "Query", "E"],
  "deliveries listed": ["110112", "Query", "E"],
  "audit log read": ["110101", "Audit Log Used", "R"],
  "signed in": authenticated,
  "sign-in refused": authenticated,
  "signed out": authenticated,
  "request refused": alert("E"),
  "account added": alert("C"),
  "account changed": alert("U"),
  "account removed": alert("D"),
  "token added": alert("C"),
  "token revoked": alert("D"),
};

const refusals: readonly string[] = ["sign-in refused", "request refused"] satisfies AuditAction[];

const dicom = systemUrl(codeSystems(), "DCM");
const entityType = coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object");
const role = (code: string, display: string): Coding =>
  coding("http://terminology.hl7.org/CodeSystem/object-role", code, display);

/** An entry of the audit log as a FHIR R4 AuditEvent; it keeps the hashes, so that the chain can be followed there. */
export function auditEvent(entry: AuditEntry): FhirResource {
  const { id, moment, action, studyUid, request, detail, previous, hash } = entry;
  const [code, display, verb] = kinds[action as AuditAction] ?? application("E");
  const event: FhirResource = {
    resourceType: "AuditEvent",
    id: `audit-${id}`,
    type: coding(dicom, code, display),
    subtype: [{ display: action }],
    action: verb,
    recorded: moment,
    // 4: a minor failure.
    outcome: refusals.includes(action) ? "4" : "0",
    agent: [agentOf(entry)],
    source: { observer: { type: "Device", display: "trinephron" } },
    entity: [
      ...(studyUid === ""
        ? []
        : [{ what: studyByUid(studyUid), type: entityType, role: role("3", "Report") }]),
      {
        what: { identifier: { value: hash } },
        type: entityType,
        role: role("13", "Security Resource"),
        description: "the entry of the audit log, by its SHA-256",
        detail: [
          { type: "previous", valueString: previous },
          { type: "detail", valueString: detail },
          ...(request === "" ? [] : [{ type: "request", valueString: request }]),
        ],
      },
    ],
  };
  // Without what is undefined.
  return JSON.parse(JSON.stringify(event)) as FhirResource;
}

const agentOf = ({ actor, way, aeTitle, address }: AuditEntry) => ({
  who: { display: actor === "service" ? "trinephron" : way === "" ? actor : `${actor}, by ${way}` },
  altId: aeTitle === "" ? undefined : aeTitle,
  requestor: true,
  // 2: an IP address.
  network: address === "" ? undefined : { address, type: "2" },
});
