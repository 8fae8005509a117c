import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { labelOf } from "../../../../../src/patients/study/mask/labels/labelTable.ts";
import { readLabelTable } from "../../../../../src/patients/study/mask/labels/readLabelTable.ts";

const folder = mkdtempSync(join(tmpdir(), "labels-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string) => {
  const path = join(folder, "labels.csv");
  writeFileSync(path, text);
  return path;
};

const names: readonly (readonly [1 | 2 | 3 | "other" | undefined, readonly string[]])[] = [
  [1, ["kidney_left", "Kidney_R", "Kidneys", "rightkidney", "Niere links", "Rein gauche", "rene sx", "reni"]],
  [1, ["riñón derecho", "rim direito", "Nier", "Nerka prawa", "Böbrek", "почка", "肾", "右腎", "Ren dexter"]],
  [1, ["kidney_and_tumor", "Kidney + GTV", "Niere mit Tumor", "tumour & kidney", "rene e tumore"]],
  [1, ["Renal cortex", "Kidney_L-GTV", "kidney without tumor", "Niere ohne Tumor"]],
  [
    2,
    ["tumor", "TUMOUR_01", "leftkidneytumor", "Nierentumor", "Tumeur", "tumore", "guz nerki", "RCC", "GTVp"],
  ],
  [
    2,
    ["опухоль почки", "肾肿瘤", "腎腫瘍", "Mass", "kidney-tumor", "Lesion 2", "AML", "renal cell carcinoma"],
  ],
  [2, ["NZK", "tumour with necrosis", "renal mass with cysts", "kidney tumor and cyst"]],
  [3, ["cyst", "kidney_cyst_left", "Nierenzyste", "Kyste", "Quiste renal", "cisti", "torbiel", "肾囊肿"]],
  [
    "other",
    ["livertumor1", "adrenal_gland_left", "Nebenniere", "надпочечник", "副腎", "renal vein", "renalpelvis"],
  ],
  [
    "other",
    ["Nierenbecken", "Nierenstein", "tumour thrombus", "PTV", "Tumor Bed", "BODY", "skin", "spleen", "psoas"],
  ],
  [undefined, ["ROI-1", "segment 1", "primary", "outer", "x", ""]],
];
test.each(names.flatMap(([label, list]) => list.map((name) => [name, label] as const)))(
  "%s is %s",
  (name, label) => {
    expect(labelOf({ name })).toBe(label);
  },
);

const code = (value: string, scheme: string, meaning: string) => ({ value, scheme, meaning });

test("codes say what names do not", () => {
  expect(labelOf({ name: "Segment_1", code: code("64033007", "SCT", "Kidney") })).toBe(1);
  expect(labelOf({ name: "Segment_2", code: code("M-8FFFF", "SRT", "Neoplasm") })).toBe(2);
  expect(labelOf({ name: "Segment_2", code: code("M-8FFFF", "99SDM", "Neoplasm") })).toBe(2);
  expect(labelOf({ name: "Segment_3", code: code("367643001", "SCT", "Cyst") })).toBe(3);
  expect(labelOf({ name: "A", code: code("7203", "FMA", "Kidney") })).toBe(1);
  expect(labelOf({ name: "A", code: code("85756007", "SCT", "Tissue") })).toBeUndefined();
});

test("a name is more exact than the organ's code; a tumour of another region is other", () => {
  expect(labelOf({ name: "tumor", code: code("64033007", "SCT", "Kidney") })).toBe(2);
  const liver = code("10200004", "SCT", "Liver");
  expect(labelOf({ name: "Tumor", code: code("108369006", "SCT", "Neoplasm"), region: liver })).toBe("other");
  const kidney = code("64033007", "SCT", "Kidney");
  expect(labelOf({ name: "Tumor", code: code("108369006", "SCT", "Neoplasm"), region: kidney })).toBe(2);
});

test("a user's table comes first", async () => {
  const table = await readLabelTable(
    file("name;label\nROI-1;Tumor\n Liver ;kidney\nkidney;ignore\nROI-2;3\n"),
  );
  expect(["roi-1", "LIVER", "Kidney", "ROI-2", "cyst"].map((name) => labelOf({ name }, table))).toEqual([
    2,
    1,
    "other",
    3,
    3,
  ]);
});

test.each([
  ["name,organ\na,kidney\n", "E_FORMAT", /no column label/],
  ["name,label\na,4\n", "E_LABEL", /line 2/],
  ["name,label\na,kidney\nA,tumor\n", "E_LABEL", /line 3.*twice/],
  ["", "E_FORMAT", /empty/],
])("a table %j is refused", async (text, error, message) => {
  await expect(readLabelTable(file(text))).rejects.toThrow(
    expect.objectContaining({ code: error, message: expect.stringMatching(message) }),
  );
});
