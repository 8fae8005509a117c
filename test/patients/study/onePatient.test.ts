import { describe, expect, test } from "vitest";
import type { DicomFile, DicomHeader } from "../../../src/imaging/formats/dicom/index.ts";
import { onePatient, oneStudy } from "../../../src/patients/study/onePatient.ts";

const file = (id?: string, name?: string, birthDate?: string) =>
  ({ header: { patient: { id, name, birthDate } } }) as unknown as DicomFile;
const image = (uid: string, date?: string) => ({
  header: { study: { uid, date } } as unknown as DicomHeader,
});
const texts = (remarks: readonly { text: string }[]) => remarks.map(({ text }) => text);

describe("files of one patient", () => {
  test("may be spelled in several ways", () => {
    const names = ["Weber^Jana^^Dr.", "WEBER^JANA", "Weber Jana", "Wéber^Jana=ウェーバー"];
    expect(onePatient([...names.map((name) => file("1", name)), file("1")], "study")).toEqual([]);
  });

  test("are said where their names differ", () => {
    expect(texts(onePatient([file("1", "Weber^Jana"), file("1", "Huber^Jana")], "study"))).toEqual([
      "Patient Name (0010,0010) differs among the files: 2 names of one Patient ID",
    ]);
  });

  test.each([
    [[file("1"), file("2")], "study: 2 patients"],
    [[file("1"), file()], "study: 2 patients"],
    [[file("1", "A", "19500101"), file("1", "A", "19500102")], "study: patients of 2 dates of birth"],
    [
      [file(undefined, "Weber^Jana"), file(undefined, "Huber^Anna")],
      "study: 2 patients' names without Patient ID",
    ],
  ])("are refused where they are of two", (files, message) => {
    expect(() => onePatient(files, "study")).toThrow(expect.objectContaining({ code: "E_COHORT", message }));
  });
});

describe("CT series of one study", () => {
  test("may be of two on one day", () => {
    expect(oneStudy([image("1", "20260101"), image("1", "20260101")], "study")).toEqual([]);
    expect(texts(oneStudy([image("1", "20260101"), image("2")], "study"))).toEqual([
      "CT series of 2 studies of one day are read as one",
    ]);
    expect(texts(oneStudy([image("1"), image("2")], "study"))).toEqual([
      "CT series of 2 studies without dates are read as one",
    ]);
  });

  test("are refused where they are of two days", () => {
    expect(() => oneStudy([image("1", "20260101"), image("2", "20250101")], "study")).toThrow(
      expect.objectContaining({ code: "E_COHORT", message: "study: CT series of 2 studies, of 2 days" }),
    );
  });
});
