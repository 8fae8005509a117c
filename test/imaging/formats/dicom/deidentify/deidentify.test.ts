import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TrinephronError } from "../../../../../src/base/errors.ts";
import {
  ctSeries,
  deidentify,
  parseDataSet,
  segmentation,
  sourcesOf,
  uid,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { kidneys } from "../../../../patients/cohort/bodies.ts";
import { dciodvfy, peer, python, pythonModule } from "../write/peers.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-deidentify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const suite = join(import.meta.dirname, "../../../../../../shared/data/dicom_suite");
const pydicom = pythonModule("pydicom");

const other = (original: string) => uid(createHmac("sha256", "key").update(original).digest("hex"));
const options = { pseudonym: "p0001", uid: other };

/** A CT with everything in it that may not stay; the secrets all begin with `Sec` or are in `listed`. */
const nasty = `
import json, sys
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian
from pydicom.filewriter import dcmwrite
import numpy
root = "1.2.276.0.7230010.3"
for name, syntax in (("implicit", ImplicitVRLittleEndian), ("explicit", ExplicitVRLittleEndian), ("big", ExplicitVRBigEndian)):
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 100"
    d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    d.SOPInstanceUID = root + ".1.99"
    d.StudyInstanceUID = root + ".2.99"; d.SeriesInstanceUID = root + ".3.99"; d.FrameOfReferenceUID = root + ".4.99"
    d.PatientName = "Sec^J\\u00fcrgen"; d.PatientID = "SecID4711"; d.PatientBirthDate = "19510203"; d.PatientSex = "M"
    d.OtherPatientIDs = ["SecA", "SecB"]; d.PatientAddress = "Secstreet 1"; d.PatientAge = "070Y"
    d.InstitutionName = "SecHospital"; d.InstitutionAddress = "SecTown"; d.StationName = "SecStation"
    d.ReferringPhysicianName = "SecDoc^A"; d.OperatorsName = "SecTech"; d.PerformingPhysicianName = "SecPhys"
    d.AccessionNumber = "SecAcc"; d.StudyID = "SecStudy"; d.StudyDate = "20210304"; d.StudyTime = "101112"
    d.SeriesDate = "20210304"; d.AcquisitionDate = "20210304"; d.ContentDate = "20210304"
    d.AcquisitionDateTime = "20210304101112"; d.InstanceCreationDate = "20210304"
    d.StudyDescription = "SecDescription"; d.SeriesDescription = "SecSeries"; d.ProtocolName = "SecProtocol"
    d.ImageComments = "SecComment"; d.PatientComments = "SecPC"; d.DeviceSerialNumber = "SecSerial"
    d.Manufacturer = "ACME"; d.Modality = "CT"; d.SequenceName = "for SecID4711"; d.KVP = 120
    d.LongitudinalTemporalInformationModified = "MODIFIED"
    d.ScheduledProcedureStepDescription = "SecSPS"; d.RequestedProcedureDescription = "SecRPD"
    item = Dataset(); item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"; item.ReferencedSOPInstanceUID = root + ".5.99"
    code = Dataset(); code.CodeValue = "113072"; code.CodingSchemeDesignator = "DCM"; code.CodeMeaning = "Multiplanar"
    code.ResponsiblePerson = "SecNested"; code.ContentDate = "20210304"
    item.PurposeOfReferenceCodeSequence = Sequence([code])
    d.ReferencedImageSequence = Sequence([item])
    req = Dataset(); req.RequestedProcedureID = "SecReq"; d.RequestAttributesSequence = Sequence([req])
    orig = Dataset(); mod = Dataset(); mod.PatientID = "SecOrig"; orig.ModifiedAttributesSequence = Sequence([mod])
    d.OriginalAttributesSequence = Sequence([orig])
    block = d.private_block(0x0029, "SecVendor", create=True); block.add_new(1, "LO", "SecPrivate")
    d.add_new(0x60003000, "OW", b"Sec!"); d.add_new(0x60004000, "LT", "SecOverlay")
    d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]; d.InstanceNumber = 7
    d.Rows = 4; d.Columns = 4; d.BitsAllocated = 16; d.BitsStored = 16; d.HighBit = 15; d.PixelRepresentation = 1
    d.SamplesPerPixel = 1; d.PhotometricInterpretation = "MONOCHROME2"; d.PixelSpacing = [0.7, 0.7]
    d.ImagePositionPatient = [0, 0, -12.5]; d.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    pixels = numpy.arange(16, dtype=">i2" if name == "big" else "<i2").tobytes()
    d.add_new(0x7fe00010, "OW", pixels); d.add_new(0xfffcfffc, "OB", b"SecPad")
    meta = FileMetaDataset(); meta.TransferSyntaxUID = syntax; meta.MediaStorageSOPClassUID = d.SOPClassUID
    meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID; meta.SourceApplicationEntityTitle = "SecAE"
    meta.ImplementationClassUID = root + ".9"
    d.file_meta = meta; d.preamble = b"Sec" + b"\\0" * 125
    d.is_little_endian = name != "big"; d.is_implicit_VR = name == "implicit"
    dcmwrite(sys.argv[1] + "/" + name + ".dcm", d, write_like_original=False)
print("null")
`;
const listed = ["1951", "2021", "101112", "1.2.276.0.7230010.3", "J\u00fcrgen", "070Y", "sec"];

/** Every element of a file by pydicom, sequences' too. */
const elements = `
import json, sys, warnings, pydicom
warnings.filterwarnings("ignore")
def walk(d):
    for e in d:
        yield e
        if e.VR == "SQ":
            for item in e.value: yield from walk(item)
d = pydicom.dcmread(sys.argv[1])
print(json.dumps({"meta": {e.keyword: str(e.value) for e in d.file_meta}, "private": sum(e.tag.is_private for e in walk(d)),
  "values": {e.keyword: str(e.value) for e in walk(d) if e.VR not in ("SQ", "OW", "OB")}, "pixels": d.PixelData.hex()}))
`;
interface Read {
  readonly meta: Record<string, string>;
  readonly private: number;
  readonly values: Record<string, string>;
  readonly pixels: string;
}

describe.skipIf(!pydicom)("a CT full of identity, read back by pydicom", () => {
  beforeAll(() => python(nasty, [folder]));

  describe.each(["implicit", "explicit", "big"])("%s", (name) => {
    let bytes: Uint8Array;
    let read: Read;
    beforeAll(() => {
      bytes = deidentify(readFileSync(join(folder, `${name}.dcm`)), name, options);
      const path = join(folder, `${name}-copy.dcm`);
      writeFileSync(path, bytes);
      read = python<Read>(elements, [path]);
    });

    test("no name, ID, date, institution, UID or private attribute is left anywhere in its bytes", () => {
      const text = Buffer.from(bytes).toString("latin1").toLowerCase();
      expect(listed.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
      expect(read.private).toBe(0);
    });

    test("each attribute stands once, in order", () => {
      const { elements: found } = parseDataSet(bytes, name).dataSet;
      const tags = Object.values(found).map(({ tag }) => tag);
      expect(tags).toEqual(tags.toSorted());
      const twice = Buffer.from(name === "big" ? "00280303" : "28000303", "hex");
      expect(Buffer.from(bytes).toString("latin1").split(twice.toString("latin1"))).toHaveLength(2);
    });

    test("what the image needs is there, pixels as they were", () => {
      expect(read.values).toMatchObject({
        PatientName: "p0001",
        PatientID: "p0001",
        PatientIdentityRemoved: "YES",
        CodeValue: "113100",
        StudyDate: "",
        Manufacturer: "ACME",
        PixelSpacing: "[0.7, 0.7]",
        ImagePositionPatient: expect.stringMatching(/^\[0(\.0)?, 0(\.0)?, -12\.5\]$/),
        ReferencedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
        LongitudinalTemporalInformationModified: "REMOVED",
      });
      const values = Buffer.from(Int16Array.from({ length: 16 }, (_, n) => n).buffer);
      expect(read.pixels).toBe((name === "big" ? values.swap16() : values).toString("hex"));
    });

    test("UIDs are replaced alike", () => {
      expect(read.values.StudyInstanceUID).toBe(other("1.2.276.0.7230010.3.2.99"));
      expect(read.values.ReferencedSOPInstanceUID).toBe(other("1.2.276.0.7230010.3.5.99"));
      expect(read.values.SOPInstanceUID).toBe(other("1.2.276.0.7230010.3.1.99"));
      expect(read.meta.MediaStorageSOPInstanceUID).toBe(read.values.SOPInstanceUID);
    });
  });
});

/** Of two files: whether pixels are the same, private attributes left, and identities of the first in the second's bytes. */
const compare = `
import json, sys, warnings, pydicom
warnings.filterwarnings("ignore")
pydicom.config.settings.reading_validation_mode = 0
def walk(d):
    for e in d:
        yield e
        if e.VR == "SQ":
            for item in e.value: yield from walk(item)
answers = []
for before, after in json.load(open(sys.argv[1])):
    a, b, raw = pydicom.dcmread(before, force=True), pydicom.dcmread(after), open(after, "rb").read()
    if a.get("PixelData"): raw = raw.replace(a.PixelData, b"")
    secrets = set()
    for e in walk(a):
        many = e.value if e.VM > 1 else [e.value]
        if e.VR == "UI": secrets |= {str(v) for v in many if v and not str(v).startswith("1.2.840.10008") and len(str(v)) > 8}
        if e.keyword in ("PatientID", "PatientName", "AccessionNumber") and e.value:
            secrets |= {w for w in str(e.value).replace("^", " ").replace("=", " ").split() if len(w) > 5 or (len(w) > 3 and not w.isdigit())}
        if e.keyword in ("PatientBirthDate", "StudyDate", "SeriesDescription") and len(str(e.value)) > 7: secrets.add(str(e.value))
    answers.append({"file": before, "same": a.get("PixelData") == b.get("PixelData"), "private": sum(e.tag.is_private for e in walk(b)),
      "left": [s for s in secrets if s.encode("utf8", "ignore") in raw]})
print(json.dumps(answers))
`;

describe.skipIf(!pydicom || !existsSync(suite))(
  "every file of twelve projects (../shared/data/dicom_suite)",
  () => {
    test("copies have the same pixels and nothing of the patient; the others are refused with a code", async () => {
      const pairs: [string, string][] = [];
      const refused = new Map<string, number>();
      for (const source of await sourcesOf(suite)) {
        try {
          const copy = join(folder, `${pairs.length}.dcm`);
          writeFileSync(copy, deidentify(await source.whole(), source.name, options));
          pairs.push([source.name, copy]);
        } catch (error) {
          if (!(error instanceof TrinephronError)) throw error;
          refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
        }
      }
      expect(pairs.length).toBeGreaterThan(200);
      // Secondary captures; files cut short; and what is no DICOM, such as the README.
      expect([...refused.keys()].sort()).toEqual(["E_FILE_TRUNCATED", "E_FORMAT", "E_UNSUPPORTED"]);
      writeFileSync(join(folder, "pairs.json"), JSON.stringify(pairs));
      const answers = python<{ file: string; same: boolean; private: number; left: string[] }[]>(compare, [
        join(folder, "pairs.json"),
      ]);
      expect(answers.filter(({ same, private: own }) => !same || own > 0)).toEqual([]);
      // A name that is a word of the standard's own, and an ID that is the number of the series too.
      const chance = new Set(["123456", "Segmentation", "NONE", "Name"]);
      expect(answers.filter(({ left }) => left.some((word) => !chance.has(word)))).toEqual([]);
    });
  },
);

const study = { uid: uid("study"), date: "20200101" };
const context = { patient: { id: "1", name: "A^B" }, study, frameOfReference: uid("frame") };
const created = new Date(2020, 0, 1);
const slices = () => {
  const series = { uid: uid("series"), number: 1, description: "x" };
  return [...ctSeries(kidneys(), { context, series, acquired: created, name: "ct" })];
};

describe.skipIf(!peer("dciodvfy", ["-version"]))("copies are valid objects", () => {
  test("a CT image", () => {
    expect(dciodvfy(deidentify(slices()[0].bytes, "a.dcm", options), "CTImage")).toEqual([]);
  });

  test("a segmentation", () => {
    const series = { uid: uid("mask"), number: 2, description: "x" };
    const algorithm = { type: "MANUAL" as const, name: "hand" };
    const mask = segmentation(kidneys(), {
      context,
      series,
      algorithm,
      source: slices(),
      created,
      name: "mask",
    });
    expect(dciodvfy(deidentify(mask.bytes, "mask.dcm", options), "Segmentation")).toEqual([]);
  });
});

describe("images into which names may be drawn are refused", () => {
  const slice = () => slices()[0].bytes;

  test("burned-in annotation", () => {
    const bytes = Buffer.from(slice());
    const at = bytes.indexOf(Buffer.from("28000103435302004e4f", "hex"));
    expect(at).toBeGreaterThan(0);
    const burned = Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from("280001034353040059455320", "hex"),
      bytes.subarray(at + 10),
    ]);
    expect(() => deidentify(burned, "a.dcm", options)).toThrow(/^a.dcm: says that annotations are burned/);
  });

  test("a file cut short", () => {
    expect(() => deidentify(slice().subarray(0, 4000), "a.dcm", options)).toThrow(TrinephronError);
  });
});
