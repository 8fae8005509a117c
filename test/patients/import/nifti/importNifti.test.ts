import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNifti, writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { checkCohort } from "../../../../src/patients/cohort/check/check.ts";
import { readCohort } from "../../../../src/patients/cohort/csv.ts";
import { summarize } from "../../../../src/patients/cohort/summary.ts";
import { type ImportNiftiOptions, importNifti } from "../../../../src/patients/import/nifti/importNifti.ts";
import type { StudyMask } from "../../../../src/patients/study/assembled.ts";
import { hasPython, runPython } from "../../../python.ts";
import { ct, kidneys } from "../../cohort/bodies.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-nifti-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const text = (name: string, content: string) => {
  writeFileSync(at(name), content);
  return at(name);
};

const tasks = (more: object = {}) =>
  JSON.stringify({
    format: "trinephron-tasks/1",
    phases: ["ct"],
    masks: "tumor",
    tasks: [
      {
        name: "malignancy",
        column: "Malignität",
        positive: { words: "malignant", atLeast: 4 },
        negative: { words: "benign", atMost: 2 },
        others: "unlabelled",
      },
    ],
    ...more,
  });
const mapping = JSON.stringify({
  columns: { case: "Nr", patient: "Pat", size_cm: "cm", sex: "m/w", center: "Haus" },
  files: { ct: "bilder/{Nr}_ct.nii", mask: "masken/{Datei}" },
  values: { sex: { Frau: "female" } },
});
const header = "Nr;Pat;Haus;m/w;cm;Malignität;Datei";
const rows = [
  "k1;p1;A;Frau;3,1;5;k1.nii",
  "k2;p1;A;w;;2;k2.nii",
  "k3;p2;B;m;2,9;3;k3.nii",
  "k4;p3;A;m;2,9;1;absent.nii",
  "k5;p4;A;m;2,9;1;k5.nii",
  "k6;p5;A;m;2,9;1;empty.nii",
];

const given = (more: Partial<ImportNiftiOptions> = {}): ImportNiftiOptions => ({
  out: at("cohort"),
  table: at("table.csv"),
  mapping: at("mapping.json"),
  tasks: at("tasks.json"),
  labels: at("labels.csv"),
  ...more,
});

beforeAll(async () => {
  for (const name of ["bilder", "masken"]) mkdirSync(at(name));
  const mask = kidneys();
  const of = (inside: (label: number, n: number) => number) => ({ ...mask, data: mask.data.map(inside) });
  for (const name of ["k1", "k2", "k3", "k4", "k6"])
    await writeNifti(at("bilder", `${name}_ct.nii`), ct(mask, 38, 36, 8, 10 + Number(name[1])));
  // What a user draws: the tumour is 1, a vessel beside it 9.
  const drawn = of((label, n) => (label === 2 ? 1 : n % 97 === 0 && label === 0 ? 9 : 0));
  for (const name of ["k1", "k2", "k3"]) await writeNifti(at("masken", `${name}.nii`), drawn);
  await writeNifti(
    at("masken", "empty.nii"),
    of(() => 0),
  );
  text("table.csv", `${[header, ...rows].join("\n")}\n`);
  text("mapping.json", mapping);
  text("tasks.json", tasks());
  text("labels.csv", "name,label\n1,tumor\n9,ignore\n");
});

describe("a user's own NIfTI files and table", () => {
  test("become a cohort under their own names, sound for all that crops need", async () => {
    const { flow, leftOut, notUnderstood } = await importNifti(folder, given());
    const cohort = await readCohort(at("cohort"));
    expect(cohort).toMatchObject({ masks: "tumor", phases: ["ct"] });
    expect(
      cohort.cases.map(({ case: name, patient, center, sex, sizeMm, cells }) => [
        name,
        patient,
        center,
        sex,
        sizeMm,
        cells,
      ]),
    ).toEqual([
      ["k1", "p1", "A", "female", 31, { Malignität: "5" }],
      ["k2", "p1", "A", "female", undefined, { Malignität: "2" }],
      ["k3", "p2", "B", "male", 29, { Malignität: "3" }],
    ]);
    expect(flow.map((step) => [step.in, step.out])).toEqual([
      [6, 6],
      [6, 3],
    ]);
    expect(leftOut.map(({ line, detail }) => [line, detail])).toEqual([
      [5, expect.stringMatching(/^E_MASK: k4: no mask masken\/absent\.nii/)],
      [6, expect.stringMatching(/^no file bilder\/k5_ct\.nii/)],
      [7, expect.stringMatching(/^E_MASK: .*empty\.nii: the mask holds no tumour/)],
    ]);
    expect(readFileSync(at("cohort", "left-out.csv"), "utf8").split("\n")).toHaveLength(5);
    expect(notUnderstood).toEqual([]);
    // Images stay where they are; the mask's labels are the cohort's.
    expect(resolve(at("cohort"), cohort.cases[0].images.ct!)).toBe(at("bilder", "k1_ct.nii"));
    const { data } = await readNifti(resolve(at("cohort"), cohort.cases[0].mask!));
    expect(Uint8Array.from(data)).toEqual(kidneys().data.map((label) => (label === 2 ? 2 : 0)));
    const found = await checkCohort({ ...cohort, cases: cohort.cases.slice(0, 1) }, { threads: 1 });
    expect(found.filter(({ severity, case: c }) => severity === "error" && c !== null)).toEqual([]);
  });

  test("need no mapping where the table's own columns hold the paths", async () => {
    text("plain.csv", "case,ct,mask,Malignität,center\nk1,bilder/k1_ct.nii,masken/k1.nii,5,A\n");
    const own = given({ out: at("plain"), table: at("plain.csv"), mapping: undefined });
    expect((await importNifti(folder, own)).cohort.cases).toHaveLength(1);
  });

  test("may lack masks where they may", async () => {
    const { cohort } = await importNifti(folder, given({ out: at("maskless"), withoutMask: true }));
    expect(cohort.cases.map(({ case: name, mask }) => [name, mask !== undefined])).toContainEqual([
      "k4",
      false,
    ]);
  });

  test("without a mask are outlined by a program, once, which the table says", async () => {
    let asked = 0;
    const outlineBy = (by: string) => ({
      by,
      outline: async (image: Volume<Int16Array>, phase: string): Promise<StudyMask> => {
        asked++;
        expect([image.size, phase]).toEqual([kidneys().size, "ct"]);
        const agreement = { kidney: 0.97, tumor: 0.9 };
        const outline = { program: `program ${by}`, sha256: by, phase, agreement };
        return { volume: kidneys(), source: "outlined by a program", outline, remarks: [] };
      },
    });
    text("kidneys.json", tasks({ masks: "kidney" }));
    text("bare.csv", "case,ct,Malignität,center\nk1,bilder/k1_ct.nii,5,A\nk2,bilder/k2_ct.nii,1,A\n");
    const run = (by: string) => {
      const own = { table: at("bare.csv"), mapping: undefined, labels: undefined, tasks: at("kidneys.json") };
      return importNifti(folder, given({ out: at("outlined"), ...own, outline: outlineBy(by) }));
    };
    await run("aa");
    const { cases } = await readCohort(at("outlined"));
    expect(cases.map(({ mask, maskOrigin }) => [mask, maskOrigin])).toEqual([
      ["images/k1/mask.nii.gz", "program"],
      ["images/k2/mask.nii.gz", "program"],
    ]);
    const [row] = summarize(await readCohort(at("outlined"))).rows.filter(
      ({ characteristic }) => characteristic === "Outline of the tumour, n (%)",
    );
    expect(row).toBeDefined();
    const written = JSON.parse(readFileSync(at("outlined", "images", "k1", "outline.json"), "utf8"));
    expect(written.outline.sha256).toBe("aa");
    await run("aa");
    expect(asked).toBe(2);
    await run("bb");
    expect(asked).toBe(4);
  });

  test.each([
    ["no table", { table: undefined }, "E_USAGE", /no --table/],
    ["a value that nothing names", { labels: "one.csv" }, "E_COHORT", /no case is left/],
    ["files of no image", { mapping: "stranger.json" }, "E_FORMAT", /files: pet: none of ct, mask/],
    ["one file for all", { mapping: "constant.json" }, "E_FORMAT", /one file for all rows/],
    ["a column that is not there", { mapping: "column.json" }, "E_FORMAT", /no column Name, which the files/],
    ["nothing of the files", { mapping: "fileless.json" }, "E_USAGE", /nothing says where the images ct are/],
    [
      "a task's column that is not there",
      { tasks: "other.json" },
      "E_FORMAT",
      /no column grade, which a task/,
    ],
    ["a cell that no answer takes", { tasks: "strict.json" }, "E_LABEL", /column Malignität: "3" is neither/],
    ["a case twice", { table: "twice.csv" }, "E_COHORT", /lines 2 and 3 would be one case k1/],
    ["no centre", { table: "nowhere.csv" }, "E_USAGE", /no centre in line 2/],
  ])("%s is refused", async (_, more, code, says) => {
    text("one.csv", "name,label\n9,ignore\n");
    const changed = (files: object) => JSON.stringify({ ...JSON.parse(mapping), files });
    text("stranger.json", changed({ pet: "{Nr}" }));
    text("constant.json", changed({ ct: "ct.nii" }));
    text("column.json", changed({ ct: "{Name}" }));
    text("fileless.json", changed({ mask: "{Nr}" }));
    const [task] = JSON.parse(tasks()).tasks;
    text("other.json", tasks({ tasks: [{ ...task, column: "grade" }] }));
    text("strict.json", tasks({ tasks: [{ ...task, others: "error" }] }));
    text("twice.csv", `${[header, rows[0], rows[0]].join("\n")}\n`);
    text("nowhere.csv", `${[header, rows[0].replace(";A;", ";;")].join("\n")}\n`);
    const paths = Object.fromEntries(Object.entries(more).map(([key, name]) => [key, name && at(name)]));
    await expect(importNifti(folder, given({ out: at("refused"), ...paths }))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
    expect(existsSync(at("refused", "cohort.csv"))).toBe(false);
  });
});

const lidc = resolve(import.meta.dirname, "../../../../../shared/data/lidc_nodules");
if (!existsSync(lidc)) console.warn("skipped: ../shared/data/lidc_nodules is absent");
const studies = resolve(import.meta.dirname, "../../../../docs/studies");

describe.skipIf(!existsSync(lidc) || !hasPython("nibabel", "numpy"))("LIDC nodules (../shared/data)", () => {
  test("are read by the files of docs/studies, their masks as nibabel reads them", async () => {
    const [head, ...all] = readFileSync(join(lidc, "nodules.csv"), "utf8").trim().split("\n");
    text("some.csv", `${[head, ...all.slice(0, 6)].join("\n")}\n`);
    const { cohort } = await importNifti(lidc, {
      out: at("lidc"),
      table: at("some.csv"),
      mapping: join(studies, "lidc-nodules-mapping.json"),
      tasks: join(studies, "lidc-nodules-tasks.json"),
      labels: join(studies, "lidc-nodules-labels.csv"),
      center: "LIDC",
    });
    expect(cohort.cases.map(({ case: name }) => name)).toEqual(
      all.slice(0, 6).map((row) => row.split(",")[0]),
    );
    const script = `
import json, nibabel, numpy, sys
print(json.dumps([int((numpy.asanyarray(nibabel.load(p).dataobj) == 1).sum()) for p in sys.argv[1:]]))`;
    const originals = cohort.cases.map(({ case: name }) => join(lidc, "mask", `${name}.nii.gz`));
    const counts = JSON.parse(runPython(script, originals).stdout);
    for (const [i, c] of cohort.cases.entries()) {
      const { data } = await readNifti(join(cohort.folder, c.mask!));
      expect(data.filter((label) => label === 2)).toHaveLength(counts[i]);
    }
  });
});
