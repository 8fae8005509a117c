import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { TrinephronError } from "../../../src/base/errors.ts";
import { readNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { parseDelimited } from "../../../src/imaging/formats/tables/delimited.ts";
import { readClinical } from "../../../src/patients/import/clinical/clinical.ts";
import { usualColumns } from "../../../src/patients/import/clinical/mapping.ts";
import { type ImportedDicom, importDicom } from "../../../src/patients/import/importDicom.ts";
import type { ImportDicomOptions } from "../../../src/patients/import/options.ts";
import { openPseudonyms } from "../../../src/patients/import/privacy/pseudonyms.ts";
import { writeLeftOut } from "../../../src/patients/import/tables.ts";
import type { StudyMask } from "../../../src/patients/study/assembled.ts";
import { smallDisk, temporaryFolder } from "../../apps/cli/tinyExperiment.ts";
import { assembleByName, flat, tinyMask, writeStudy } from "./hospital.ts";

const folder = temporaryFolder("import");
const root = join(folder, "pacs");
const out = join(folder, "cohort");

const csv = `PatID,Klinik,Geschlecht,Alter,Histologie,Stadium,OP-Datum
1234,Ost,w,93,ccRCC,III,
B-77,Ost,m,,papilläres NZK,I,2020-02-01
B-99,Ost,m,50,ccRCC,I,
E-5,Ost,w,50,Onkozytom,,
K-3,West,,,chromophob,I,
`;

beforeAll(() => {
  const three = { "art 30s Muster": flat(100), "ven phase": flat(150), "late 8 min": flat(120) };
  const erika = { id: "0001234", name: "Muster^Erika", sex: "F", birthDate: "19280101" };
  writeStudy(root, { ...erika, date: "20210304", series: three, mask: tinyMask(), accession: "ACC-778899" });
  const bruno = { id: "B-77", name: "Beispiel^Bruno", sex: "M", birthDate: "19600615" };
  writeStudy(root, { ...bruno, date: "20200101", series: { "ven early": flat(10) } });
  writeStudy(root, { ...bruno, date: "20210601", series: three });
  writeStudy(root, { id: "C-1", name: "Niemand^Nora", date: "20210101", series: three });
  writeStudy(root, {
    id: "K-3",
    name: "Klein^Kim",
    sex: "F",
    age: "044Y",
    date: "20210101",
    series: { "ven x": flat(1) },
  });
  writeFileSync(join(root, "README.txt"), "not DICOM");
});

const table = (text: string) => {
  const parsed = parseDelimited(Buffer.from(text), "table.csv");
  return {
    path: join(folder, "table.csv"),
    rows: readClinical(parsed, usualColumns(parsed.header, "table.csv")).rows,
  };
};
const run = async (options: Partial<ImportDicomOptions> = {}, key = join(folder, "a.key")) =>
  importDicom(root, {
    out,
    pseudonyms: await openPseudonyms({ out: options.out ?? out, key }),
    table: table(csv),
    assemble: assembleByName,
    ...options,
  });

/** All bytes a folder holds, unpacked, with paths in it; without the digits of hashes, which may spell anything. */
function contents(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const bytes = readFileSync(full);
      const text = (entry.name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
      return `${relative(path, full)}\n${text}`.replaceAll(
        /2\.25\.\d+|\b[0-9a-f]{64}\b|\bp[0-9a-f]{12}\b/g,
        "",
      );
    })
    .join("\n");
}

describe("a table and a PACS's export", () => {
  let imported: ImportedDicom;
  beforeAll(async () => {
    imported = await run({ copyDicom: true });
    await writeLeftOut(out, imported);
  });

  test("rows and studies find each other; ages over 89 are 90, and missing ones come from the header", () => {
    expect(imported.cases.map(({ case: _, patient: __, images, mask, ...labels }) => labels)).toEqual([
      { center: "Ost", age: 90, sex: "female", histology: "clear_cell", stage: "III", source: "real" },
      { center: "Ost", age: 59, sex: "male", histology: "papillary", stage: "I", source: "real" },
      { center: "West", age: 44, sex: "female", histology: "chromophobe", stage: "I", source: "real" },
    ]);
    expect(imported.cases.map(({ images }) => Object.keys(images).length)).toEqual([3, 1, 1]);
    expect(new Set(imported.cases.map((c) => c.case)).size).toBe(3);
  });

  test("what was left out is told, and counted in the flow", () => {
    expect(imported.leftOut.map(({ line, reason }) => [line, reason])).toEqual([
      [5, "benign tumour"],
      [4, "no CT study of this patient ID"],
      [undefined, "another study of the patient was taken"],
      [undefined, "no row in the clinical table"],
    ]);
    expect(imported.flow.map(({ in: before, out: after }) => [before, after])).toEqual([
      [5, 4],
      [4, 3],
      [3, 3],
    ]);
    expect(imported.warnings[0].lines[0]).toMatch(/leading zeros/);
    expect(imported.warnings[1].lines[0]).toBe("the last of 2 studies not after surgery");
    expect(imported.doubts.map(({ lines }) => lines)).toEqual([
      [expect.stringMatching(/^excretory: series 3 late 8 min, 60 % sure/)],
      ["no corticomedullary, no excretory phase"],
      ["no corticomedullary, no excretory phase"],
    ]);
  });

  test("images are 16-bit NIfTI of the HU, on the mask's grid", async () => {
    const [{ images, mask }] = imported.cases;
    const volume = await readNifti(join(out, images.corticomedullary!));
    expect(volume.data).toBeInstanceOf(Int16Array);
    expect(volume.data).toEqual(flat(100).data);
    expect(volume.spacing).toEqual([5, 5, 10]);
    expect((await readNifti(join(out, mask!))).data).toEqual(tinyMask().data);
  });

  test("nothing in the folder tells who the patients are, nor when", () => {
    const text = contents(out);
    const secrets =
      /Muster|Erika|Beispiel|Bruno|Klein|Hausarzt|0001234|1234\b|B-77|K-3\b|C-1\b|778899|2021|20200101|1928|1960|pacs/i;
    expect(secrets.exec(text)?.[0]).toBeUndefined();
    // The expression does find them where they are.
    expect(secrets.test(contents(root))).toBe(true);
  });

  test("study.json says how the images came to be", () => {
    const [{ case: name }] = imported.cases;
    const { provenance } = JSON.parse(readFileSync(join(out, "images", name, "study.json"), "utf8"));
    expect(provenance).toMatchObject({ reference: "nephrographic", mask: { source: "segmentation" } });
    expect(provenance.phases[0]).toMatchObject({
      phase: "corticomedullary",
      series: { number: 1, description: "art 30s [removed]" },
      slices: 6,
      evidence: ['description "art 30s [removed]" says art, in a file'],
    });
  });

  test("DICOM copies lie by phase, mask among them", () => {
    const [{ case: name }] = imported.cases;
    const files = readdirSync(join(out, "dicom", name), { recursive: true })
      .map(String)
      .sort();
    expect(files.filter((file) => file.endsWith(".dcm"))).toHaveLength(3 * 6 + 1);
    expect(files).toContain(join("mask", "0001.dcm"));
  });

  test("the same again reads no study anew; a changed file or setting does", async () => {
    let read = 0;
    const counting: typeof assembleByName = (...args) => {
      read++;
      return assembleByName(...args);
    };
    const relabeled = table(csv.replace("ccRCC,III", "ccRCC,IV"));
    const again = await run({ copyDicom: true, assemble: counting, table: relabeled });
    expect([read, again.reused, again.cases[0].stage]).toEqual([0, 3, "IV"]);
    expect(again.warnings).toEqual(imported.warnings);
    const phases = new Map([[imported.cases[2].case, { excretory: "ven x" }]]);
    const changed = await run({ copyDicom: true, assemble: counting, phases });
    expect(read).toBe(1);
    expect(Object.keys(changed.cases[2].images).sort()).toEqual(["excretory", "nephrographic"]);
  });
});

test("a stopped import goes on where it stopped", async () => {
  const to = join(folder, "stopped");
  const stop = new AbortController();
  const stopping: typeof assembleByName = (...args) => {
    stop.abort();
    return assembleByName(...args);
  };
  let calls = 0;
  const second: typeof assembleByName = (...args) => (++calls === 2 ? stopping : assembleByName)(...args);
  await expect(run({ out: to, assemble: second, signal: stop.signal })).rejects.toThrow();
  expect(readdirSync(join(to, "images"))).toHaveLength(1);
  expect(existsSync(join(to, "cohort.csv"))).toBe(false);
  const rest = await run({ out: to });
  expect([rest.cases.length, rest.reused]).toEqual([3, 1]);
});

const disk = smallDisk(folder, "24k");
test.skipIf(!disk)("a full disk ends the import; nothing half-written vouches for a case", async () => {
  await expect(run({ out: join(disk!, "cohort") })).rejects.toMatchObject({ code: "E_FILE_WRITE" });
  const left = readdirSync(disk!, { recursive: true }).map(String);
  expect(left.filter((name) => /partial/.test(name))).toEqual([]);
  expect(left.filter((name) => /study\.json$/.test(name)).length).toBeLessThan(3);
});

test("a case that fails leaves the others alone, and its reason tells no name", async () => {
  const failing: typeof assembleByName = async (files, options) => {
    const study = await assembleByName(files, options);
    return files[0].header?.patient.id === "B-77" ? { ...study, mask: undefined } : study;
  };
  const { cases, leftOut, flow } = await run({ out: join(folder, "failing"), assemble: failing });
  expect(cases).toHaveLength(2);
  expect(leftOut.at(-1)).toMatchObject({
    line: 3,
    detail: expect.stringMatching(/^E_MASK: p[0-9a-f]{12}: no mask/),
  });
  expect(flow.at(-1)).toMatchObject({ in: 3, out: 2 });
  const kept = await run({ out: join(folder, "maskless"), assemble: failing, withoutMask: true });
  expect(kept.cases.map(({ mask }) => mask !== undefined)).toEqual([true, false, true]);
});

test("cases without a mask are outlined by a program, which their records name; what it doubts is left out", async () => {
  const maskless: typeof assembleByName = async (files, options) => {
    const { id } = files[0].header!.patient;
    const { mask: drawn, ...study } = await assembleByName(files, options);
    const outlined = id === "0001234" ? drawn : await options.outline?.(flat(100), "nephrographic");
    return { ...study, mask: outlined };
  };
  const outlineBy = (by: string) => ({
    by,
    outline: async (_: unknown, phase: string): Promise<StudyMask> => {
      asked++;
      if (asked % 2 === 0) throw new TrinephronError("E_MASK", "no tumour found");
      const agreement = { kidney: 0.97, tumor: 0.9 };
      const outline = { program: `program ${by}`, sha256: by, phase, agreement };
      return { volume: tinyMask(), source: "outlined by a program", outline, remarks: [] };
    },
  });
  let asked = 0;
  const to = join(folder, "outlined");
  const first = await run({ out: to, assemble: maskless, outline: outlineBy("aa") });
  expect(asked).toBe(2);
  expect(first.leftOut.at(-1)?.detail).toMatch(/^E_MASK: no tumour found/);
  const sources = first.cases.map(({ mask }) => {
    const record = JSON.parse(readFileSync(join(to, mask!, "..", "study.json"), "utf8"));
    return [record.provenance.mask.source, record.provenance.mask.outline?.sha256];
  });
  expect(sources).toEqual([
    ["segmentation", undefined],
    ["outlined by a program", "aa"],
  ]);
  expect(first.cases.map(({ maskOrigin }) => maskOrigin)).toEqual([undefined, "program"]);
  // The one that was outlined is kept; by another program it is read again.
  expect((await run({ out: to, assemble: maskless, outline: outlineBy("aa") })).reused).toBe(2);
  expect((await run({ out: to, assemble: maskless, outline: outlineBy("bb") })).reused).toBe(0);
});

test("rows that nothing tells apart are refused or left out, never mixed", async () => {
  const twice = await run({ out: join(folder, "twice"), table: table(`${csv}K-3,West,,,chromophob,I,\n`) });
  const left = twice.leftOut.find(({ detail }) => detail.endsWith("(line 6)"));
  expect(left).toMatchObject({ reason: "the study was taken by another row of the patient" });
  expect(left?.detail).toBe(`${left?.reason} (line 6)`);
  expect(twice.flow[1].excluded.map(({ reason }) => reason)).toContain(left?.reason);
});

test("without a table, a case a patient; a centre is needed", async () => {
  await expect(run({ table: undefined })).rejects.toMatchObject({ code: "E_USAGE" });
  const { cases } = await run({ out: join(folder, "tableless"), table: undefined, center: "C" });
  expect(cases).toHaveLength(4);
  expect(cases.map(({ age }) => age).sort()).toEqual([44, 60, 90, undefined]);
  expect(new Set(cases.map(({ center }) => center))).toEqual(new Set(["C"]));
});

describe("pseudonyms", () => {
  test("the same key gives the same names, another other ones; the key is its owner's alone", async () => {
    const key = join(folder, "own.key");
    const fresh = join(folder, "fresh");
    const first = await openPseudonyms({ out: fresh, key });
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const again = await openPseudonyms({ out: fresh, key });
    const other = await openPseudonyms({ out: fresh, key: join(folder, "other.key") });
    expect(first.patient("B-77")).toMatch(/^p[0-9a-f]{12}$/);
    expect(again.patient("B-77")).toBe(first.patient("B-77"));
    expect(other.patient("B-77")).not.toBe(first.patient("B-77"));
    expect(first.uid("1.2.3")).toMatch(/^2\.25\.\d{1,39}$/);
  });

  test("the key is refused inside of the cohort, and missed where the cohort has cases", async () => {
    await expect(openPseudonyms({ out, key: join(out, "x.key") })).rejects.toMatchObject({ code: "E_USAGE" });
    await expect(openPseudonyms({ out, key: join(folder, "lost.key") })).rejects.toMatchObject({
      code: "E_FILE_MISSING",
    });
  });

  test("a list of one's own; patients it lacks are left out", async () => {
    const list = join(folder, "names.csv");
    writeFileSync(list, "patient,pseudonym\n0001234,S-01\nB-77,S-02\n");
    const to = join(folder, "listed");
    const pseudonyms = await openPseudonyms({ out: to, key: join(folder, "list.key"), list });
    const { cases, leftOut } = await run({ out: to, pseudonyms });
    expect(cases.map((c) => c.case)).toEqual(["S-01", "S-02"]);
    expect(leftOut.at(-1)).toMatchObject({ line: 6, reason: "no pseudonym" });
  });
});
