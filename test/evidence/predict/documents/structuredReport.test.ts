import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { structuredReport } from "../../../../src/evidence/predict/documents/structuredReport.ts";
import { type Prediction, researchUse } from "../../../../src/evidence/predict/prediction.ts";
import type { StudyContext } from "../../../../src/imaging/formats/dicom/index.ts";
import { parseDataSet, uid } from "../../../../src/imaging/formats/dicom/index.ts";
import { trackingUid } from "../../../../src/imaging/formats/dicom/write/segmentation.ts";
import {
  context,
  ctObjects,
  ctOf,
  grid,
  maskOf,
  segObject,
} from "../../../imaging/formats/dicom/write/objects.ts";
import { type Orthanc, orthanc, orthancPlugin } from "../../../imaging/formats/dicom/write/orthanc.ts";
import { dciodvfy, peer, pythonModule, withFiles } from "../../../imaging/formats/dicom/write/peers.ts";
import {
  broken,
  type Node,
  type ReadReport,
  readReport,
  walk,
} from "../../../imaging/formats/dicom/write/sr/contentTree.ts";
import { fullPrediction, minimalPrediction, ownPrediction } from "../aPrediction.ts";

const ct = ctObjects(ctOf(grid(13)));
const seg = segObject(maskOf(grid(13)), ct);
const segSeries = uid("test seg");
const fullSeries = { uid: uid("test sr"), number: 900 };
const created = new Date(2026, 9, 5, 11, 30, 15);

const full = structuredReport(fullPrediction, {
  context,
  series: fullSeries,
  evidence: [{ phase: "nephrographic", images: ct }],
  segment: { sopInstance: seg.sopInstance, series: segSeries, number: 2, source: ct[0].series },
  created,
  name: "report",
});
const bare: StudyContext = { patient: {}, study: { uid: uid("no study") } };
const minimalOptions = {
  context: bare,
  series: { uid: uid("test sr 2"), number: 1 },
  evidence: [],
  created,
  name: "report",
};
const minimal = structuredReport(minimalPrediction, minimalOptions);
const own = structuredReport(ownPrediction, { ...minimalOptions, context, series: fullSeries });
const reports = [
  ["all that can be known", full],
  ["a NIfTI study and a model of one task", minimal],
  ["tasks of a cohort's own", own],
] as const;

describe.skipIf(!peer("dciodvfy"))("dciodvfy finds no error in a report of", () => {
  test.each(reports)("%s", (_, { bytes }) => {
    expect(dciodvfy(bytes, "ComprehensiveSR")).toEqual([]);
  });
});

/** Every text that a reader of the report must find. */
const textsOf = ({ tumor, answers, nephrometry, familiarity, warnings, ...rest }: Prediction) => [
  researchUse,
  rest.model.sha256,
  tumor.maskSource,
  ...tumor.remarks,
  ...answers.map(({ decision }) => decision),
  ...nephrometry.caveats,
  ...(familiarity?.unusual ?? []),
  ...rest.missingPhases,
  ...warnings,
];

describe.skipIf(!peer("dsrdump"))("dsrdump prints all of a report of", () => {
  test.each([
    ["all that can be known", full, fullPrediction],
    ["a NIfTI study and a model of one task", minimal, minimalPrediction],
  ] as const)("%s", (_, { bytes }, prediction) => {
    const { stdout, stderr, status } = withFiles({ "sr.dcm": bytes }, (path) =>
      spawnSync("dsrdump", ["+Pl", path("sr.dcm")], { encoding: "utf8" }),
    );
    expect(stderr.split("\n").filter((line) => /^[EF]:/.test(line))).toEqual([]);
    expect(status).toBe(0);
    for (const text of textsOf(prediction)) expect(stdout).toContain(text);
    expect(stdout.match(/Probability of/g)).toHaveLength(prediction.answers.length);
  });
});

describe.skipIf(!pythonModule("pydicom"))("read by pydicom, a report", () => {
  let read: Record<"full" | "minimal", ReadReport>;
  beforeAll(() => {
    read = { full: readReport(full.bytes), minimal: readReport(minimal.bytes) };
  });
  const valuesOf = (root: Node, name: string) =>
    walk(root)
      .filter((node) => node.name?.startsWith(`${name}|`))
      .map(({ value }) => value);

  test.each(["full", "minimal"] as const)("has the mandatory rows of TID 1500: %s", (name) => {
    expect(broken(read[name].root)).toEqual([]);
  });

  test("lacking a row, or with one twice, is found to", () => {
    const without = (node: Node, name: string): Node => ({
      ...node,
      children: node.children
        .filter((child) => !child.name?.startsWith(`${name}|`))
        .map((c) => without(c, name)),
    });
    const { root } = read.full;
    for (const [name, row] of [
      ["121058", "TID 1500 row 4"],
      ["121012", "TID 1004 row 1"],
      ["112040", "TID 1411 row 3"],
      ["121191", "TID 1411 row 7"],
      ["121232", "TID 1411 row 12"],
      ["121139", "TID 1602 row 1"],
      ["126010", "TID 1500 row 6"],
    ])
      expect(broken(without(root, name)).join("; ")).toContain(row);
    expect(broken({ ...root, children: [...root.children, root.children[0]] })).toHaveLength(1);
  });

  test("gives the numbers back as they were", () => {
    const { root } = read.full;
    const { tumor, answers, nephrometry, familiarity } = fullPrediction;
    expect(valuesOf(root, "118565006")).toEqual([tumor.volumeMl]);
    expect(valuesOf(root, "81827009")).toEqual([tumor.maximalDiameterMm]);
    for (const { task, probability } of answers)
      expect(valuesOf(root, `prob-${task}`)).toEqual([probability]);
    expect(valuesOf(root, "threshold")).toEqual(answers.map(({ threshold }) => threshold));
    expect(valuesOf(root, "validation-auc")).toEqual(answers.map(({ validationAuc }) => validationAuc));
    expect(valuesOf(root, "near-threshold")).toEqual([
      "373067005|SCT|No",
      "373066001|SCT|Yes",
      "373067005|SCT|No",
    ]);
    expect(valuesOf(root, "class-stage")).toEqual(["stage-1-2|99TRINEPHRON|stage I/II"]);
    expect(valuesOf(root, "class-histology")).toEqual(["clear-cell|99TRINEPHRON|clear cell RCC"]);
    const { R, E, N, L, total } = nephrometry.renal;
    expect(valuesOf(root, "renal-total")).toEqual([total]);
    expect(["r", "e", "n", "l"].flatMap((part) => valuesOf(root, `renal-${part}`))).toEqual(
      [R, E, N, L].map(({ points }) => points),
    );
    expect(valuesOf(root, "sinus-distance")).toEqual([N.mm]);
    expect(valuesOf(root, "mahalanobis")).toEqual([familiarity?.distance]);
    expect(valuesOf(root, "272741003")).toEqual(["7771000|SCT|Left"]);
    const units = walk(root).flatMap(({ unit }) => unit ?? []);
    expect(new Set(units)).toEqual(new Set(["mL", "mm", "{ratio}", "{score}", "1"]));
  });

  test("says which images and which segment it rests on", () => {
    const { root, evidence, patient, study } = read.full;
    expect(patient).toBe(context.patient.name);
    expect(study).toBe(context.study.uid);
    const uids = ct.map(({ sopInstance }) => sopInstance);
    expect(evidence).toEqual([
      [ct[0].series, uids],
      [segSeries, [seg.sopInstance]],
    ]);
    const images = walk(root).filter(({ type }) => type === "IMAGE");
    expect(images.map(({ value }) => value)).toEqual([...uids, seg.sopInstance]);
    expect(images.at(-1)?.segment).toBe(2);
    expect(valuesOf(root, "121232")).toEqual([ct[0].series]);
    expect(valuesOf(root, "112040")).toEqual([trackingUid(segSeries, "Tumor")]);
    const tracked = parseDataSet(seg.bytes, "seg").dataSet.elements.x00620002.items!;
    expect(tracked[1].dataSet?.string("x00620021")).toBe(trackingUid(segSeries, "Tumor"));
  });

  test("is preliminary, for research, and partial where a phase is missing", () => {
    for (const { preliminary, verification, series, root } of Object.values(read)) {
      expect([preliminary, verification]).toEqual(["PRELIMINARY", "UNVERIFIED"]);
      expect(series).toMatch(/research use/);
      expect(root.children.find(({ type }) => type === "TEXT" || type === "CONTAINER")?.type).toBe("TEXT");
      expect(valuesOf(root, "121106")).toEqual([researchUse]);
    }
    expect([read.full.completion, read.minimal.completion]).toEqual(["PARTIAL", "COMPLETE"]);
  });

  test("leaves out what is unknown", () => {
    const { root, evidence } = read.minimal;
    expect(evidence).toEqual([]);
    for (const name of [
      "111028",
      "121191",
      "121232",
      "sinus-distance",
      "mahalanobis",
      "validation-auc",
      "C0034375",
    ])
      expect(valuesOf(root, name)).toEqual([]);
    for (const { value, type } of walk(root))
      if (type !== "CONTAINER") expect(String(value)).not.toMatch(/undefined|null|NaN|^$/);
  });
});

test("the same result makes the same bytes", () => {
  expect(structuredReport(minimalPrediction, minimalOptions).bytes).toEqual(minimal.bytes);
});

describe.skipIf(!(peer("Orthanc") && (existsSync(orthancPlugin) || process.env.CI)))("Orthanc", () => {
  let server: Orthanc;
  beforeAll(async () => {
    server = await orthanc();
  });
  afterAll(() => server?.stop());

  test("stores a report by C-STORE and STOW-RS and gives the same content back", async () => {
    server.storeByCStore([full.bytes]);
    await server.storeByStow([minimal.bytes]);
    for (const [{ study }, series, { bytes, sopInstance }] of [
      [context, fullSeries, full],
      [bare, minimalOptions.series, minimal],
    ] as const) {
      const back = await server.retrieve(study.uid, series.uid, sopInstance);
      expect(readReport(back).root).toEqual(readReport(bytes).root);
    }
  });
});
