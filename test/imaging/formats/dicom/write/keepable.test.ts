import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../../../../src/imaging/formats/dicom/file/header.ts";
import {
  ctSeries,
  type DicomHeader,
  parseDataSet,
  secondaryCapture,
  segmentation,
  studyContext,
  uid,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { isUid, keepable } from "../../../../../src/imaging/formats/dicom/write/keepable.ts";
import { ctImage, part10, withElements } from "../elements.ts";
import { ctOf, grid, maskOf, picture } from "./objects.ts";
import { dciodvfy, peer, python, pythonModule, withFiles } from "./peers.ts";

const header = (changes: Readonly<Record<string, readonly [vr: string, value: string]>>): DicomHeader =>
  headerOf(
    parseDataSet(part10(withElements(ctImage(), { "00080005": ["CS", "ISO_IR 100"], ...changes })), "a"),
  );
const kept = (changes: Parameters<typeof header>[0]) => {
  const { header: found, remarks } = keepable(header(changes));
  return { ...found, remarks };
};

test("what DICOM has room for stays as it is, without a word", () => {
  const good = header({
    "00080020": ["DA", "20210304"],
    "00080030": ["TM", "101500"],
    "00080050": ["SH", "A234567890123456"],
    "00080090": ["PN", "Arzt^Eva^Maria^Dr.^PhD"],
    "00081030": ["LO", "x".repeat(64)],
    "00100010": ["PN", "M\xfcller^J\xf6rg^^^"],
    "00100020": ["LO", "y".repeat(64)],
    "00100030": ["DA", "19500102"],
    "00100040": ["CS", "F"],
    "00101010": ["AS", "071Y"],
    "0020000d": ["UI", `1.2.${"3".repeat(60)}`],
    "00200010": ["SH", "S1"],
    "00200052": ["UI", "1.2.9"],
  });
  expect(keepable(good)).toEqual({ header: good, remarks: [] });
});

test.each([
  [
    "00080050",
    "SH",
    "A2345678901234567",
    "Accession Number (0008,0050) has 17 characters, more than the 16 of DICOM: left out of all outputs",
  ],
  ["00080050", "SH", "A1\\A2", "Accession Number (0008,0050) has several values: left out of all outputs"],
  [
    "00200010",
    "SH",
    "S".repeat(20),
    "Study ID (0020,0010) has 20 characters, more than the 16 of DICOM: left out of all outputs",
  ],
  [
    "00100020",
    "LO",
    "y".repeat(65),
    "Patient ID (0010,0020) has 65 characters, more than the 64 of DICOM: left out of all outputs",
  ],
  ["00100040", "CS", "MALE", "Patient Sex (0010,0040) is no sex that DICOM knows: left out"],
  ["00101010", "AS", "71", "Patient Age (0010,1010) is no age that DICOM knows: left out"],
  [
    "00100010",
    "PN",
    "z".repeat(65),
    "Patient Name (0010,0010) has 65 characters, more than the 64 of DICOM: left out of all outputs",
  ],
  [
    "00080018",
    "UI",
    `1.2.${"3".repeat(61)}`,
    "SOP Instance UID (0008,0018) is no valid UID: the outputs do not refer to it",
  ],
  [
    "0020000e",
    "UI",
    "1.2.abc",
    "Series Instance UID (0020,000e) is no valid UID: the outputs do not refer to it",
  ],
])("%s %s %j is left out and said", (tag, vr, value, remark) => {
  const { remarks, patient, study, series, sopInstance } = kept({
    "0020000d": ["UI", "1.2.6"],
    [tag]: [vr, value],
  });
  expect(remarks).toEqual([remark]);
  expect(JSON.stringify({ patient, study, series, sopInstance })).not.toContain(value.slice(0, 17));
});

test.each([
  [
    "00100010",
    "PN",
    "A^B^C^D^E^F^G",
    "A^B^C^D^E F G",
    "Patient Name (0010,0010) has 7 parts, more than the 5 of DICOM: the last ones are joined in the outputs",
  ],
  ["00100010", "PN", "A^B^^^^^", "A^B^^^^^".slice(0, 8), undefined],
  [
    "00100010",
    "PN",
    `${"z".repeat(65)}=Good^Name`,
    "=Good^Name",
    "Patient Name (0010,0010) has 65 characters, more than the 64 of DICOM: left out of all outputs",
  ],
  [
    "00100010",
    "PN",
    "A=B=C=D",
    "A=B=C",
    "Patient Name (0010,0010) has 4 groups, more than the 3 of DICOM: the others are left out of the outputs",
  ],
  [
    "00100010",
    "PN",
    "A\\B",
    "A/B",
    "Patient Name (0010,0010) has backslashes, which divide values: slashes in the outputs",
  ],
])("%s %s %j is %j", (tag, vr, value, name, remark) => {
  const { patient, remarks } = kept({ [tag]: [vr, value] });
  expect(patient.name).toBe(name);
  expect(remarks).toEqual(remark ? [remark] : []);
});

test("descriptions are cut, ages padded, UIDs replaced by the same in every output", () => {
  const changes = {
    "00081030": ["LO", "d".repeat(70)],
    "00101010": ["AS", "71Y"],
    "0020000d": ["UI", "1.2.03"],
    "00200052": ["UI", "1..2"],
  } as const;
  const { study, patient, frameOfReference, remarks } = kept(changes);
  expect(study.description).toBe(`${"d".repeat(61)}...`);
  expect(patient.age).toBe("071Y");
  expect(study.uid).toMatch(/^2\.25\.\d+$/);
  expect(frameOfReference).toMatch(/^2\.25\.\d+$/);
  expect(studyContext(header(changes)).study.uid).toBe(study.uid);
  expect(remarks).toEqual([
    "Patient Age (0010,1010) is not written in three digits: so in the outputs",
    "Study Instance UID (0020,000d) is no valid UID: replaced by another in the outputs, which PACS will not find beside the images",
    "Study Description (0008,1030) has 70 characters, more than the 64 of DICOM: cut in the outputs",
    "Frame Of Reference UID (0020,0052) is no valid UID: replaced by another in the outputs, which PACS will not find beside the images",
  ]);
});

describe.skipIf(!pythonModule("pydicom"))("pydicom", () => {
  test("takes the same UIDs for valid", () => {
    const texts = fc.sample(
      fc.oneof(
        fc.string({ unit: fc.constantFrom(..."0012.a"), minLength: 1, maxLength: 8 }),
        fc.integer({ min: 58, max: 68 }).map((n) => `1.${"2".repeat(n)}`),
      ),
      { numRuns: 3000, seed: 5 },
    );
    const valid = python<boolean[]>(
      "import json, sys\nfrom pydicom.uid import UID\nprint(json.dumps([UID(t).is_valid for t in json.loads(sys.argv[1])]))",
      [JSON.stringify(texts)],
    );
    expect(texts.map(isUid)).toEqual(valid);
  });
});

/** Objects of a study, which all take their context from one header. */
function objects(found: DicomHeader) {
  const context = { ...studyContext(found), frameOfReference: uid("frame") };
  const created = new Date(2024, 1, 3, 4, 5, 6);
  const series = (n: number) => ({ uid: uid(`series ${n}`), number: n, description: "made" });
  const common = { context, created, comments: "test", name: "object" };
  const [ct] = ctSeries(ctOf(grid(13)), { ...common, series: series(1), acquired: created });
  const algorithm = { type: "AUTOMATIC", name: "test" } as const;
  return {
    ct: ct.bytes,
    seg: segmentation(maskOf(grid(13)), { ...common, series: series(2), algorithm, source: [] }).bytes,
    sc: secondaryCapture(picture, { ...common, series: series(3), number: 1, burnedInAnnotation: true })
      .bytes,
  };
}

const nasty = {
  "00080005": ["CS", "\\ISO 2022 IR 87"],
  "00080020": ["DA", "20210231"],
  "00080030": ["TM", "256199"],
  "00080050": ["SH", "A".repeat(30)],
  "00080090": ["PN", "A\x1b%G^B^C^D^E^F^G=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"],
  "00081030": ["LO", `line\r\nbreak ${"d".repeat(80)}`],
  "00100010": ["PN", "Line\nBreak^\x1b$B;3ED\x1b(B^\x07=a=b=c"],
  "00100020": ["LO", "y".repeat(80)],
  "00100030": ["DA", "2021.13.01"],
  "00100040": ["CS", "FEMALE"],
  "00101010": ["AS", "old"],
  "0020000d": ["UI", "1.2.".repeat(30)],
  "00200010": ["SH", "S\\S"],
  "00200052": ["UI", "1.2.a"],
} as const;

describe.skipIf(!peer("dciodvfy"))(
  "dciodvfy finds no error in objects of a study that breaks every rule",
  () => {
    test("CT, SEG and SC", () => {
      const { ct, seg, sc } = objects(header(nasty));
      expect(dciodvfy(ct, "CTImage")).toEqual([]);
      expect(dciodvfy(seg, "Segmentation")).toEqual([]);
      expect(dciodvfy(sc, "SCImage")).toEqual([]);
    });
  },
);

test.skipIf(!pythonModule("pydicom"))("all of them have the same patient, in UTF-8 without escapes", () => {
  const written = objects(header(nasty));
  const script = `
import json, sys, pydicom
for f in sys.argv[1:]: assert "\\x1b" not in "".join(str(e.value) for e in pydicom.dcmread(f) if e.VR not in ("OB", "OW"))
print(json.dumps([{k: str(pydicom.dcmread(f).get(k)) for k in ("SpecificCharacterSet", "PatientName", "PatientID", "StudyInstanceUID",
  "StudyDate", "AccessionNumber", "ReferringPhysicianName", "PatientSex")} for f in sys.argv[1:]]))`;
  const read = withFiles({ ct: written.ct, seg: written.seg, sc: written.sc }, (path) =>
    python<object[]>(script, ["ct", "seg", "sc"].map(path)),
  );
  for (const one of read)
    expect(one).toEqual({
      SpecificCharacterSet: "ISO_IR 192",
      PatientName: "Line Break^山田^ =a=b",
      PatientID: "",
      StudyInstanceUID: uid(`in place of ${"1.2.".repeat(30)}`),
      StudyDate: "",
      AccessionNumber: "",
      ReferringPhysicianName: "A�%G^B^C^D^E F G=山田^太郎",
      PatientSex: "",
    });
});

test("whatever the header says, every object is written", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ unit: fc.constantFrom(..."A1.^=\\ \x1b\n0"), maxLength: 90 }),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 14, maxLength: 14 }), (t) => {
      const base = header({});
      const made: DicomHeader = {
        ...base,
        patient: { id: t[0], name: t[1], sex: t[2], age: t[3], birthDate: t[4] },
        study: {
          uid: t[5],
          id: t[6],
          date: t[7],
          time: t[8],
          description: t[9],
          accessionNumber: t[10],
          referringPhysician: t[11],
        },
        frameOfReference: t[12],
        positionReference: t[13],
      };
      for (const bytes of Object.values(objects(made))) {
        const back = headerOf(parseDataSet(bytes, "back"));
        expect(back.study.uid === undefined || isUid(back.study.uid)).toBe(true);
      }
    }),
    { numRuns: 100, seed: 6, endOnFailure: true },
  );
});
