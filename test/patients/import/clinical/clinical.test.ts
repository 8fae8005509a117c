import { describe, expect, test } from "vitest";
import { parseDelimited } from "../../../../src/imaging/formats/tables/delimited.ts";
import { readClinical } from "../../../../src/patients/import/clinical/clinical.ts";
import { readDate, yearsBetween, yearsOfAge } from "../../../../src/patients/import/clinical/dates.ts";
import {
  type Mapping,
  mappingSchema,
  usualColumns,
} from "../../../../src/patients/import/clinical/mapping.ts";
import { meaning } from "../../../../src/patients/import/clinical/vocabulary.ts";

const read = (csv: string, mapping: Partial<Mapping> = {}) => {
  const table = parseDelimited(Buffer.from(csv), "table.csv");
  return readClinical(table, mapping.columns ?? usualColumns(table.header, "table.csv"), mapping);
};

describe("words", () => {
  test.each([
    ["ccRCC", "clear_cell"],
    ["Klarzelliges Nierenzellkarzinom", "clear_cell"],
    ["klarzellig", "clear_cell"],
    ["carcinome à cellules claires", "clear_cell"],
    ["Carcinome rénal à cellules claires", "clear_cell"],
    ["carcinoma renal de células claras", "clear_cell"],
    ["carcinoma a cellule chiare", "clear_cell"],
    ["Papillary RCC, type 2", "papillary"],
    ["papilläres NZK", "papillary"],
    ["Chromophobe renal cell carcinoma", "chromophobe"],
    ["clear cell papillary RCC", "other"],
    ["Onkozytom", "benign"],
    ["Angiomyolipoma", "benign"],
    ["RCC", undefined],
    ["clear cell and papillary", undefined],
    ["clear cell?", undefined],
    ["carcinoma", undefined],
  ])("histology %s is %s", (text, value) => {
    expect(meaning("histology", text)).toBe(value);
  });

  test("sex, stage, complexity and necrosis in several languages", () => {
    expect(["W", "weiblich", "Femme", "mujer"].map((w) => meaning("sex", w))).toEqual(
      Array(4).fill("female"),
    );
    expect(["m", "männlich", "H", "hombre"].map((w) => meaning("sex", w))).toEqual(Array(4).fill("male"));
    expect(["3", "III", "Stadium III", "stage iii"].map((w) => meaning("stage", w))).toEqual(
      Array(4).fill("III"),
    );
    expect(["mittel", "intermediate", "modérée"].map((w) => meaning("complexity", w))).toEqual(
      Array(3).fill("moderate"),
    );
    expect(["ja", "oui", "+", "Sí"].map((w) => meaning("necrosis", w))).toEqual(Array(4).fill("yes"));
  });
});

test("a German table under its usual names", () => {
  const { rows, notUnderstood } = read(
    "Patientennummer;Klinik;Geschlecht;Alter;Histologie;pT;pN;cM;RENAL-Score;Tumorgröße (cm);Nekrose;OP-Datum\n" +
      "0815;Ost;w;61;klarzelliges NZK;pT3a;NX;M0;10ph;7,4;ja;1.2.2021\n" +
      "0816;Ost;m;k.A.;chromophob;1b;;;7x;45 mm;nein;\n",
  );
  expect(notUnderstood).toEqual([]);
  expect(rows[0]).toMatchObject({
    line: 2,
    patient: "0815",
    surgeryDate: "20210201",
    labels: {
      center: "Ost",
      sex: "female",
      age: 61,
      histology: "clear_cell",
      stage: "III",
      renal: 10,
      complexity: "high",
      sizeMm: 74,
      necrosis: true,
    },
  });
  expect(rows[1].labels).toEqual({
    center: "Ost",
    sex: "male",
    histology: "chromophobe",
    stage: "I",
    renal: 7,
    complexity: "moderate",
    sizeMm: 45,
    necrosis: false,
  });
});

test("the columns of cohort.csv, and what clinical.csv of painted DICOM has", () => {
  const { rows } = read(
    "patient_id,center,age,sex,histology,stage,complexity,renal,size_mm,necrosis,source\n" +
      "PAINTED-1,A,70,male,papillary,II,low,5,80,yes,painted\n",
  );
  expect(rows[0]).toMatchObject({
    patient: "PAINTED-1",
    labels: { stage: "II", complexity: "low", sizeMm: 80, necrosis: true, source: "painted" },
  });
});

describe("what is not understood is reported with its line and stays unknown", () => {
  test.each([
    ["histology", "ccRCC oder papillär", "histology"],
    ["age", "elderly", "age"],
    ["age", "141", "age"],
    ["renal", "13", "renal"],
    ["renal", "2+1", "renal"],
    ["size_mm", "-3", "sizeMm"],
    ["stage", "IIIb", "stage"],
    ["sex", "?x", "sex"],
    ["source", "synthetic", "source"],
  ])("%s %s", (column, value, key) => {
    const { rows, notUnderstood } = read(`patient,${column}\n1,${value}\n`);
    expect(notUnderstood).toEqual([expect.objectContaining({ line: 2, column, value })]);
    expect(rows[0].labels).not.toHaveProperty(key);
  });

  test("cells that contradict each other", () => {
    const { rows, notUnderstood } = read("patient,stage,t,renal,complexity\n1,I,3a,10,low\n");
    expect(notUnderstood.map(({ column }) => column).sort()).toEqual(["complexity", "stage"]);
    expect(rows[0].labels).toEqual({});
  });

  test("an ambiguous date", () => {
    expect(read("patient,surgery date\n1,03/04/2021\n").notUnderstood).toHaveLength(1);
    expect(read("patient,surgery date\n1,03/04/2021\n", { dates: "day first" }).rows[0].surgeryDate).toBe(
      "20210403",
    );
  });
});

test("benign tumours are no cases", () => {
  const { rows } = read("patient,histology\n1,Onkozytom\n2,ccRCC\n");
  expect(rows.map(({ excluded }) => excluded)).toEqual(["benign tumour", undefined]);
});

test("words of a mapping count before the known ones", () => {
  const mapping = mappingSchema.parse({
    columns: { patient: "P", histology: "H", center: "C" },
    values: { histology: { "Typ K": "clear_cell", chromophob: "other" }, center: { "Klinik 1": "A" } },
  });
  const { rows } = read("P,H,C\n1,typ k,Klinik 1\n2,chromophob,Klinik 2\n", mapping);
  expect(rows.map(({ labels }) => [labels.histology, labels.center])).toEqual([
    ["clear_cell", "A"],
    ["other", "Klinik 2"],
  ]);
  expect(mappingSchema.safeParse({ columns: {}, values: { histology: { x: "clear cell" } } }).success).toBe(
    false,
  );
  expect(mappingSchema.safeParse({ columns: { patiend: "P" } }).success).toBe(false);
});

test("two columns that could hold one field are refused", () => {
  expect(() => usualColumns(["MRN", "Patient ID"], "t.csv")).toThrow(
    /MRN and Patient ID could both be patient/,
  );
  expect(() => usualColumns(["age"], "t.csv")).toThrow(/no column with the patient ID/);
});

test("dates and ages", () => {
  expect(
    ["2021-04-03", "20210403", "3.4.2021", "25/12/2020", "12/25/2020", "2021-04-03T10:00"].map((d) =>
      readDate(d),
    ),
  ).toEqual(["20210403", "20210403", "20210403", "20201225", "20201225", "20210403"]);
  expect(["31.2.2021", "2021", "44317", "3.4.21", "00000000", "0021-03-04"].map((d) => readDate(d))).toEqual(
    Array(6).fill(undefined),
  );
  expect([yearsBetween("19600615", "20210614"), yearsBetween("19600615", "20210615")]).toEqual([60, 61]);
  expect([yearsOfAge("061Y"), yearsOfAge("018M"), yearsOfAge("61")]).toEqual([61, 1, undefined]);
});
