import { describe, expect, test } from "vitest";
import {
  at,
  labelCell,
  numberCell,
  parseTable,
  requireColumns,
  textCell,
  wordCell,
} from "../../../../src/imaging/formats/tables/table.ts";
import { codeOf } from "../../../numerics/stats/close.ts";

const table = parseTable('\ufeffcase, score ,label\n"a, b", 0.5 ,1\n\nc,,\n', "t.csv");
const [first, second] = table.rows;

describe("a table", () => {
  test("is read with its lines, trimmed, quotes and byte order mark taken off", () => {
    expect(table.header).toEqual(["case", "score", "label"]);
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      { case: "a, b", score: "0.5", label: "1" },
      { case: "c", score: "", label: "" },
    ]);
    expect([at(table, first), at(table, second)]).toEqual(["t.csv, line 2", "t.csv, line 4"]);
  });

  test("cells are what they should be, or an error says where", () => {
    expect(textCell(table, first, "case")).toBe("a, b");
    expect(numberCell(table, first, "score")).toBe(0.5);
    expect([labelCell(table, first, "label"), labelCell(table, second, "label")]).toEqual([1, undefined]);
    expect(wordCell(table, second, "case", ["b", "c"])).toBe("c");
    expect(codeOf(() => textCell(table, second, "score"))).toBe("E_FORMAT");
    expect(codeOf(() => numberCell(table, second, "score"))).toBe("E_VALUE");
    expect(codeOf(() => labelCell(table, first, "score"))).toBe("E_LABEL");
    expect(() => wordCell(table, first, "case", ["x", "y"])).toThrow(
      /t\.csv, line 2: case "a, b" is unknown/,
    );
  });

  test.each([
    ["nothing", ""],
    ["uneven rows", "a,b\n1\n"],
    ["an open quote", 'a,b\n"1,2\n'],
    ["a repeated column", "a,a\n1,2\n"],
    ["a column without a name", "a,\n1,2\n"],
  ])("%s is E_FORMAT", (_, text) => {
    expect(codeOf(() => parseTable(text, "t.csv"))).toBe("E_FORMAT");
  });

  test("numbers that only look like one are refused", () => {
    const odd = parseTable("x\nInfinity\nNaN\n1e999\n1 2\n0x1g\n", "t.csv");
    for (const row of odd.rows) expect(codeOf(() => numberCell(odd, row, "x"))).toBe("E_VALUE");
  });

  test("missing columns are named with those there are", () => {
    expect(() => requireColumns(table, ["case", "task", "center"])).toThrow(/no column task, center/);
  });
});
