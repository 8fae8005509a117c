import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { TrinephronError } from "../../../src/base/errors.ts";
import { formatCohort, parseCohort, readCohort, writeCohort } from "../../../src/patients/cohort/csv.ts";
import { someCases } from "./arbitrary.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string) => parseCohort(Buffer.from(text), "cohort.csv");
const header = "case,center,mask,histology,stage,complexity,source";
const thrown = (work: () => unknown): TrinephronError => {
  try {
    work();
  } catch (error) {
    return error as TrinephronError;
  }
  throw new Error("nothing was thrown");
};

describe("what is written is read again", () => {
  test("any cohort, by way of the file", async () => {
    await fc.assert(
      fc.asyncProperty(someCases(), async (cases) => {
        await writeCohort({ folder, cases });
        expect(await readCohort(folder)).toEqual({ folder: resolve(folder), cases });
      }),
      { numRuns: 60 },
    );
  });

  test("a folder, its file, and a file of another name are all paths to a cohort", async () => {
    const cases = fc.sample(someCases(3, 3), 1)[0];
    await writeCohort({ folder, cases });
    writeFileSync(join(folder, "other.csv"), formatCohort(cases));
    for (const path of [folder, join(folder, "cohort.csv"), join(folder, "other.csv")])
      expect((await readCohort(path)).cases).toEqual(cases);
  });
});

describe("tables as spreadsheets save them", () => {
  const rows = [
    "case;patient;center;age;sex;mask;histology;stage;complexity;size_mm;necrosis;source",
    "k1;p1;Köln;61;female;m/k1.nii.gz;clear_cell;III;high;34,5;yes;real",
    "k2;;Köln;;;;;;;;;real",
  ];
  const k1 = {
    case: "k1",
    patient: "p1",
    center: "Köln",
    age: 61,
    sex: "female",
    images: {},
    mask: "m/k1.nii.gz",
    histology: "clear_cell",
    stage: "III",
    complexity: "high",
    sizeMm: 34.5,
    necrosis: true,
    source: "real",
  };
  const k2 = { case: "k2", patient: "k2", center: "Köln", images: {}, source: "real" };
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  const forms: [string, Buffer][] = [
    ["semicolons and decimal commas", Buffer.from(rows.join("\n"))],
    ["a byte order mark and CRLF", Buffer.from(`\ufeff${rows.join("\r\n")}\r\n`)],
    ["Excel's sep= line", Buffer.from(`sep=;\r\n${rows.join("\r\n")}`)],
    ["old Mac line ends", Buffer.from(rows.join("\r"))],
    ["UTF-16 and tabs, Excel's Unicode text", utf16(rows.join("\r\n").replaceAll(";", "\t"))],
    [
      "empty lines and empty columns at the end",
      Buffer.from(`${rows.map((r) => `${r};;`).join("\n")}\n\n;;;;;;;;;;;;;\n`),
    ],
    ["spaces about the cells", Buffer.from(rows.map((r) => r.replaceAll(";", " ; ")).join("\n"))],
    ["commas and decimal points", Buffer.from(rows.join("\n").replace("34,5", "34.5").replaceAll(";", ","))],
  ];
  test.each(forms)("%s", (_, bytes) => {
    expect(parseCohort(bytes, "cohort.csv")).toEqual({ cases: [k1, k2], faults: [], ignored: [] });
  });

  test("columns that mean nothing are named", async () => {
    writeFileSync(join(folder, "extra.csv"), `${header},ward\na,A,,,,,real,5\n`);
    const warnings: string[] = [];
    await readCohort(join(folder, "extra.csv"), { onWarning: (line) => warnings.push(line) });
    expect(warnings).toEqual([`${join(folder, "extra.csv")}: column ward is not read`]);
  });

  test("an absolute path becomes relative to the folder", async () => {
    mkdirSync(join(folder, "deep"), { recursive: true });
    const file = join(folder, "deep", "cohort.csv");
    writeFileSync(
      file,
      `${header},excretory\na,A,${join(folder, "m.nii")},,,,real,${join(folder, "e.nii")}\n`,
    );
    const [c] = (await readCohort(file)).cases;
    expect([c.mask, c.images.excretory]).toEqual(["../m.nii", "../e.nii"]);
  });
});

describe("errors say what, where, and what is allowed", () => {
  test.each([
    ["histology", "ccRCC", "E_LABEL", "clear_cell, papillary, chromophobe, other"],
    ["stage", "3", "E_LABEL", "I, II, III, IV"],
    ["complexity", "High", "E_LABEL", "low, moderate, high"],
    ["sex", "f", "E_LABEL", "female, male"],
    ["source", "fake", "E_LABEL", "real, painted, procedural"],
    ["necrosis", "maybe", "E_LABEL", "yes nor no"],
    ["age", "121", "E_VALUE", "from 0 to 120"],
    ["age", "-1", "E_VALUE", "from 0 to 120"],
    ["age", "unknown", "E_VALUE", "from 0 to 120"],
    ["renal", "13", "E_VALUE", "whole number from 4 to 12"],
    ["renal", "7.5", "E_VALUE", "whole number from 4 to 12"],
    ["size_mm", "0", "E_VALUE", "from 0.1 to 500"],
    ["size_mm", "Infinity", "E_VALUE", "from 0.1 to 500"],
  ])("column %s: %s", (column, value, code, allowed) => {
    const row: Record<string, string> = { case: "k1", center: "A", source: "real", [column]: value };
    const names = "case,center,age,sex,mask,histology,stage,complexity,renal,size_mm,necrosis,source";
    const good = names.split(",").map((n) => ({ case: "k0", center: "A", source: "real" })[n] ?? "");
    const { faults } = parse(`${names}\n${good}\n${names.split(",").map((n) => row[n] ?? "")}\n`);
    expect(faults[0].code).toBe(code);
    expect(faults[0].message).toContain(`cohort.csv, line 3, column ${column}: ${JSON.stringify(value)} `);
    expect(faults[0].message).toContain(allowed);
  });

  test("the first of several faults is thrown, with how many more", async () => {
    const path = join(folder, "bad.csv");
    writeFileSync(path, `${header}\na,A,,x,y,z,real\n`);
    await expect(readCohort(path)).rejects.toMatchObject({
      code: "E_LABEL",
      message: expect.stringContaining('line 2, column histology: "x"'),
      hint: expect.stringContaining("2 more"),
    });
  });

  test("a case that stands twice, with both lines", () => {
    const { faults, cases } = parse(`${header}\na,A,,,,,real\nb,A,,,,,real\na,B,,,,,real\n`);
    expect(faults.map((f) => [f.code, f.message])).toEqual([
      ["E_COHORT", "cohort.csv, line 4: case a stands on line 2 too"],
    ]);
    expect(cases).toHaveLength(2);
  });

  test.each(["case", "center", "source"])("an empty %s", (column) => {
    const cells = header
      .split(",")
      .map((n) => (n === column ? "" : ({ case: "a", center: "A", source: "real" }[n] ?? "")));
    expect(parse(`${header}\n${cells}\n`).faults.map((f) => [f.code, f.message])).toEqual([
      ["E_COHORT", `cohort.csv, line 2, column ${column}: empty`],
    ]);
  });

  test.each(["case", "center", "mask", "histology", "stage", "complexity", "source"])(
    "no column %s",
    (column) => {
      const names = header.split(",").filter((n) => n !== column);
      const error = thrown(() => parse(`${names}\n${names.map(() => "x")}\n`));
      expect([error.code, error.message]).toEqual(["E_FORMAT", `cohort.csv: no column ${column}`]);
    },
  );

  test.each([
    ["no rows", `${header}\n`, "E_COHORT", "no case below the header"],
    ["an empty file", "", "E_FORMAT", "empty"],
    ["too few cells", `${header}\na,A,,,,,real\nb,A\n`, "E_FORMAT", "line 3: 2 cells"],
    ["too many cells", `${header}\na,A,,,,,real,9,9\n`, "E_FORMAT", "line 2: 9 cells"],
    ["an open quote", `${header}\na,A,"m,,,,real\n`, "E_FORMAT", "a quote that never closes"],
    ["a repeated column", `${header},case\n`, "E_FORMAT", "case stands twice"],
    [
      "a value in an unnamed last column",
      `${header},\na,A,,,,,real,9\n`,
      "E_FORMAT",
      "line 2: a cell in a column without",
    ],
    ["an unnamed column", header.replace("mask", ""), "E_FORMAT", "without a name"],
  ])("%s", (_, text, code, message) => {
    const error = thrown(() => parse(text));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test("Latin-1 text", () => {
    const error = thrown(() =>
      parseCohort(Buffer.from(`${header}\na,K\xf6ln,,,,,real\n`, "latin1"), "cohort.csv"),
    );
    expect([error.code, error.message]).toEqual(["E_FORMAT", "cohort.csv: not UTF-8 text"]);
  });

  test("a folder without a cohort", async () => {
    await expect(readCohort(join(folder, "nowhere"))).rejects.toMatchObject({
      code: "E_FILE_MISSING",
      message: expect.stringContaining(join("nowhere", "cohort.csv")),
    });
  });

  test("any bytes give a cohort or a coded error, never another", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ maxLength: 200 }).map((s) => Buffer.from(`${header}\n${s}`)),
        ),
        (bytes) => {
          try {
            parseCohort(bytes, "cohort.csv");
          } catch (error) {
            expect((error as TrinephronError).code).toMatch(/^E_(FORMAT|COHORT)$/);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
