import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSpreadsheet } from "../../../../src/patients/import/clinical/spreadsheet.ts";
import { textCell, workbook } from "../workbook.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-spreadsheet-"));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("XLSX", () => {
  const book = file(
    "book.xlsx",
    workbook({
      first: [
        textCell("A1", "id") + textCell("B1", " born ") + textCell("C1", "cm") + textCell("D1", "necrosis"),
        "",
        // 44317 is 2021-05-01 (days since 1899-12-30).
        `${textCell("A3", "007")}<c r="B3" s="1"><v>44317</v></c><c r="C3"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r="D3" t="b"><v>1</v></c>${textCell("E3", "a note")}`,
        `<c r="A4"><v>12</v></c><c r="B4" t="e"><f>VLOOKUP(1,A1:A2,1)</f><v>#N/A</v></c><c r="C4" t="str"><f>B1</f><v>7.4</v></c><c r="D4" t="b"><v>0</v></c>`,
      ],
      second: [textCell("A1", "other"), textCell("A2", "x")],
    }),
  );

  test("dates, formulas' values, booleans and numbers as text; empty rows and unnamed columns are passed over", async () => {
    expect(await readSpreadsheet(book)).toEqual({
      header: ["id", "born", "cm", "necrosis"],
      decimalComma: false,
      rows: [
        { line: 3, cells: { id: "007", born: "2021-05-01", cm: "0.3", necrosis: "yes" } },
        { line: 4, cells: { id: "12", born: "", cm: "7.4", necrosis: "no" } },
      ],
    });
  });

  test("another sheet by its name", async () => {
    expect((await readSpreadsheet(book, "second")).header).toEqual(["other"]);
    await expect(readSpreadsheet(book, "third")).rejects.toMatchObject({ code: "E_USAGE" });
  });

  test("broken, old and encrypted workbooks are refused with a code", async () => {
    const whole = workbook({ s: [textCell("A1", "id")] });
    const cut = file("cut.xlsx", whole.subarray(0, 900));
    await expect(readSpreadsheet(cut)).rejects.toMatchObject({ code: "E_FORMAT" });
    const compound = Buffer.from("d0cf11e0a1b11ae1", "hex");
    const old = file("old.xls", Buffer.concat([compound, Buffer.alloc(600)]));
    await expect(readSpreadsheet(old)).rejects.toMatchObject({
      code: "E_UNSUPPORTED",
      message: expect.stringContaining("old Excel"),
    });
    const locked = file("locked.xlsx", Buffer.concat([compound, Buffer.from("EncryptedPackage", "utf16le")]));
    await expect(readSpreadsheet(locked)).rejects.toMatchObject({
      code: "E_UNSUPPORTED",
      message: expect.stringContaining("password"),
    });
  });

  test("a column twice, or nothing at all", async () => {
    const twice = file("twice.xlsx", workbook({ s: [textCell("A1", "id") + textCell("B1", "id")] }));
    await expect(readSpreadsheet(twice)).rejects.toMatchObject({ code: "E_FORMAT" });
    const empty = file("empty.xlsx", workbook({ s: [] }));
    await expect(readSpreadsheet(empty)).rejects.toMatchObject({ code: "E_FORMAT" });
  });
});

test("CSV; a sheet of it is wrong usage", async () => {
  const path = file("table.csv", "\uFEFFid;cm\r\n1;3,5\r\n");
  expect((await readSpreadsheet(path)).rows).toEqual([{ line: 2, cells: { id: "1", cm: "3,5" } }]);
  await expect(readSpreadsheet(path, "x")).rejects.toMatchObject({ code: "E_USAGE" });
});
