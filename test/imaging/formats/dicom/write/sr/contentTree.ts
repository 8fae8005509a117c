import { python, withFiles } from "../peers.ts";

/** A content item as pydicom reads it. Codes are `value|scheme|meaning`. */
export interface Node {
  readonly relationship?: string;
  readonly type: string;
  readonly name?: string;
  /** Of CODE, TEXT, UIDREF and NUM; the SOP Instance UID of an IMAGE. */
  readonly value?: string | number;
  readonly unit?: string;
  readonly segment?: number;
  readonly template?: string;
  readonly children: readonly Node[];
}

const script = `
import json, sys, pydicom
def code(seq): return '|'.join([seq[0].CodeValue, seq[0].CodingSchemeDesignator, seq[0].CodeMeaning])
def node(d):
    n = {"type": d.ValueType}
    if "RelationshipType" in d: n["relationship"] = d.RelationshipType
    if "ConceptNameCodeSequence" in d: n["name"] = code(d.ConceptNameCodeSequence)
    if d.ValueType == "CODE": n["value"] = code(d.ConceptCodeSequence)
    if d.ValueType == "TEXT": n["value"] = d.TextValue
    if d.ValueType == "UIDREF": n["value"] = d.UID
    if d.ValueType == "NUM":
        m = d.MeasuredValueSequence[0]
        n["value"] = m.FloatingPointValue if "FloatingPointValue" in m else float(m.NumericValue)
        n["unit"] = m.MeasurementUnitsCodeSequence[0].CodeValue
    if d.ValueType == "IMAGE":
        r = d.ReferencedSOPSequence[0]
        n["value"] = r.ReferencedSOPInstanceUID
        if "ReferencedSegmentNumber" in r: n["segment"] = r.ReferencedSegmentNumber
    if "ContentTemplateSequence" in d: n["template"] = d.ContentTemplateSequence[0].TemplateIdentifier
    n["children"] = [node(c) for c in d.get("ContentSequence", [])]
    return n
d = pydicom.dcmread(sys.argv[1])
evidence = [[s.SeriesInstanceUID, [r.ReferencedSOPInstanceUID for r in s.ReferencedSOPSequence]]
    for e in d.get("CurrentRequestedProcedureEvidenceSequence", []) for s in e.ReferencedSeriesSequence]
print(json.dumps({"root": node(d), "evidence": evidence, "completion": d.CompletionFlag,
    "verification": d.VerificationFlag, "preliminary": d.PreliminaryFlag, "patient": str(d.PatientName),
    "series": d.SeriesDescription, "study": d.StudyInstanceUID}))`;

export interface ReadReport {
  readonly root: Node;
  readonly evidence: readonly [string, readonly string[]][];
  readonly completion: string;
  readonly verification: string;
  readonly preliminary: string;
  readonly patient: string;
  readonly series: string;
  readonly study: string;
}

export const readReport = (bytes: Uint8Array): ReadReport =>
  withFiles({ "sr.dcm": bytes }, (path) => python<ReadReport>(script, [path("sr.dcm")]));

export const walk = (node: Node): Node[] => [node, ...node.children.flatMap(walk)];

/** A row of a template in PS3.16: what must stand below a container, and how often. */
interface Row {
  readonly row: string;
  readonly relationship: string;
  readonly type: string;
  /** Code value and scheme. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

const row = (
  name: string,
  relationship: string,
  type: string,
  concept: string,
  least = 1,
  most = least,
): Row => ({ row: name, relationship, type, name: concept, least, most });

/** The mandatory rows, and the conditional ones that hold for a report with a stored segmentation. */
const templates = {
  1500: [
    row("TID 1500 row 2, TID 1204 row 1", "HAS CONCEPT MOD", "CODE", "121049|DCM"),
    row("TID 1500 row 3, TID 1002 row 1", "HAS OBS CONTEXT", "CODE", "121005|DCM"),
    row("TID 1500 row 3, TID 1004 row 1", "HAS OBS CONTEXT", "UIDREF", "121012|DCM"),
    row("TID 1500 row 4", "HAS CONCEPT MOD", "CODE", "121058|DCM", 1, Infinity),
    row("TID 1500 row 5, TID 1600 row 1", "CONTAINS", "CONTAINER", "111028|DCM", 0, 1),
    row("TID 1500 row 6", "CONTAINS", "CONTAINER", "126010|DCM"),
    row("TID 1500 row 12", "CONTAINS", "CONTAINER", "C0034375|UMLS", 0, 1),
  ],
  1411: [
    row("TID 1411 row 2", "HAS OBS CONTEXT", "TEXT", "112039|DCM"),
    row("TID 1411 row 3", "HAS OBS CONTEXT", "UIDREF", "112040|DCM"),
    row("TID 1411 row 7", "CONTAINS", "IMAGE", "121191|DCM"),
    row("TID 1411 row 12", "CONTAINS", "UIDREF", "121232|DCM"),
    row("TID 1419 row 2", "HAS CONCEPT MOD", "CODE", "363698007|SCT"),
    row("TID 4019 row 1", "HAS CONCEPT MOD", "TEXT", "111001|DCM"),
    row("TID 4019 row 2", "HAS CONCEPT MOD", "TEXT", "111003|DCM"),
  ],
  1501: [
    row("TID 1501 row 2", "HAS OBS CONTEXT", "TEXT", "112039|DCM"),
    row("TID 1501 row 3", "HAS OBS CONTEXT", "UIDREF", "112040|DCM"),
  ],
  1600: [
    row("TID 1602 row 1", "HAS ACQ CONTEXT", "CODE", "121139|DCM"),
    row("TID 1602 row 2", "HAS ACQ CONTEXT", "CODE", "123014|DCM"),
    row("TID 1601 row 1", "CONTAINS", "IMAGE", "", 1, Infinity),
  ],
} as const;

const concept = ({ name = "" }: Node) => name.split("|").slice(0, 2).join("|");

function lacks(node: Node, rows: readonly Row[]): string[] {
  return rows.flatMap(({ row, relationship, type, name, least, most }) => {
    const found = node.children.filter(
      (child) => child.relationship === relationship && child.type === type && concept(child) === name,
    ).length;
    return found >= least && found <= most ? [] : [`${row}: ${found} of ${name}`];
  });
}

/** Rows of TID 1500 and what it includes that a report breaks; empty for a good one. */
export function broken(root: Node): string[] {
  const below = (node: Node, name: string) => node.children.filter((child) => concept(child) === name);
  const groups = below(root, "126010|DCM").flatMap((node) => below(node, "125007|DCM"));
  const images = below(root, "111028|DCM").flatMap((node) => node.children);
  return [
    ...(root.template === "1500" && concept(root) === "126000|DCM" ? [] : ["TID 1500 row 1"]),
    ...lacks(root, templates[1500]),
    ...(groups.length > 0 ? [] : ["TID 1500 rows 7 to 9"]),
    ...groups.flatMap((group) => [
      ...lacks(group, templates[group.template === "1411" ? 1411 : 1501]),
      ...(group.children.some(({ type }) => type === "NUM") ? [] : ["TID 1411 row 15: no measurement"]),
      ...group.children
        .filter(({ type, relationship }) => type === "NUM" && relationship !== "CONTAINS")
        .map(() => "TID 1419 row 5: not contained"),
    ]),
    ...images.flatMap((group) => [
      ...(concept(group) === "126200|DCM" ? [] : ["TID 1600 row 2"]),
      ...lacks(group, templates[1600]),
    ]),
    ...walk(root)
      .filter(({ type, children }) => type === "NUM" && children.some((c) => c.relationship === "CONTAINS"))
      .map(() => "TID 300: a number contains"),
  ];
}
