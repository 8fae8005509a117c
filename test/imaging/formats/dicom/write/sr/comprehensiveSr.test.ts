import { describe, expect, test } from "vitest";
import {
  type ComprehensiveSrOptions,
  comprehensiveSr,
  measurementReport,
  parseDataSet,
} from "../../../../../../src/imaging/formats/dicom/index.ts";
import { dciodvfy, peer, pythonModule } from "../peers.ts";
import { liverOptions, liverReport } from "./aReport.ts";
import { readReport } from "./contentTree.ts";

const root = measurementReport(liverReport);
const write = (options: Partial<ComprehensiveSrOptions> = {}) =>
  comprehensiveSr(root, { ...liverOptions, ...options });
const partial = write({
  lacks: "no late phase",
  codingSchemes: [{ designator: "99TEST", uid: "2.25.5", name: "test" }],
  evidence: [
    ...liverOptions.evidence,
    { sopClass: "1.2.840.10008.5.1.4.1.1.4", sopInstance: "2.25.31", series: "2.25.32", study: "2.25.33" },
  ],
});

const bare = measurementReport({
  ...liverReport,
  images: [],
  groups: liverReport.groups.map((group) => ({ ...group, segment: undefined })),
});

describe.skipIf(!peer("dciodvfy"))("dciodvfy finds", () => {
  test.each([
    ["that is complete", write()],
    ["that is partial, with codes of a scheme of its own and a prior study", partial],
    ["that names no stored object", comprehensiveSr(bare, { ...liverOptions, evidence: [] })],
  ] as const)("no error in a report %s", (_, { bytes }) => {
    expect(dciodvfy(bytes, "ComprehensiveSR")).toEqual([]);
  });

  test("what a report names without listing it as evidence", () => {
    const { evidence } = liverOptions;
    const faults = dciodvfy(write({ evidence: evidence.slice(1) }).bytes, "ComprehensiveSR");
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(evidence[0].sopInstance);
  });
});

describe.skipIf(!pythonModule("pydicom"))("read by pydicom, a report", () => {
  test("is preliminary and unverified, and complete unless it lacks something", () => {
    expect(readReport(write().bytes)).toMatchObject({
      preliminary: "PRELIMINARY",
      verification: "UNVERIFIED",
      completion: "COMPLETE",
      study: liverOptions.context.study.uid,
      series: "measurements",
    });
    expect(readReport(partial.bytes).completion).toBe("PARTIAL");
  });
});

test("what it lacks and its coding schemes stand in it, and only where there are any", () => {
  const of = ({ bytes }: { bytes: Uint8Array }) => parseDataSet(bytes, "test").dataSet;
  expect(of(partial).string("x0040a492")).toBe("no late phase");
  const [scheme] = of(partial).elements.x00080110.items!;
  expect(["x00080102", "x0008010c", "x00080115"].map((tag) => scheme.dataSet?.string(tag))).toEqual([
    "99TEST",
    "2.25.5",
    "test",
  ]);
  for (const tag of ["x0040a492", "x00080110"]) expect(of(write()).elements).not.toHaveProperty(tag);
});

test("its UID follows from the series', and the same report makes the same bytes", () => {
  expect(write()).toEqual(write());
  const other = write({ series: { ...liverOptions.series, uid: "2.25.8" } });
  expect(other.sopInstance).not.toBe(write().sopInstance);
});
