import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { parseCohort } from "../../../src/patients/cohort/csv.ts";
import { kidneys } from "../../patients/cohort/bodies.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-cohort-"));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]) => here("cohort", ...args);

const kits = join(folder, "kits");
const out = join(folder, "cohort");
let imported: Awaited<ReturnType<typeof run>>;

beforeAll(async () => {
  const record = (n: number, subtype: string, t: string) => ({
    case_id: `case_${String(n).padStart(5, "0")}`,
    age_at_nephrectomy: 50 + n / 100,
    gender: "female",
    malignant: subtype !== "oncocytoma",
    tumor_histologic_subtype: subtype,
    pathology_t_stage: t,
    radiographic_size: 3,
  });
  const records = [
    record(0, "clear_cell_rcc", "1a"),
    record(1, "papillary_rcc", "3"),
    record(400, "clear_cell_rcc", "4"),
    record(401, "oncocytoma", "na"),
  ];
  mkdirSync(kits);
  writeFileSync(join(kits, "kits23.json"), JSON.stringify(records));
  for (const [i, { case_id }] of records.slice(0, 3).entries())
    await writeNifti(join(kits, case_id, "segmentation.nii.gz"), kidneys(28 + 2 * i));
  imported = await run("import", "--kits", kits, "--out", out);
});

describe("trinephron cohort import", () => {
  test("writes a cohort and its flow, and prints the classes", async () => {
    expect(imported.status).toBe(0);
    expect(imported.stdout).toContain("3 cases in");
    expect(imported.stdout).toContain("4 → 3\n  − 1 benign (oncocytoma)");
    expect(imported.stdout).toMatch(/^A +Histology +clear cell RCC +1 +other malignant histology +1 +0$/m);
    const { cases, faults } = parseCohort(readFileSync(join(out, "cohort.csv")), "cohort.csv");
    expect(faults).toEqual([]);
    expect(cases.map((c) => c.stage)).toEqual(["I", "III", "IV"]);
    expect(existsSync(join(out, cases[0].mask!))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, "flow.json"), "utf8"))[1]).toMatchObject({ in: 4, out: 3 });
  });

  test("overwrites with --force alone", async () => {
    const again = await run("import", "--kits", kits, "--out", out);
    expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/^E_FILE_EXISTS: .*--force/)]);
    expect((await run("import", "--kits", kits, "--out", out, "--force")).status).toBe(0);
  });

  test("wrong usage is exit 2", async () => {
    for (const wrong of [
      ["--centers", "A"],
      ["--only", "benign"],
      ["--threads", "0"],
    ]) {
      const { status, stderr } = await run("import", "--kits", kits, "--out", join(folder, "no"), ...wrong);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^E_USAGE: [^\n]+\n$/)]);
    }
    expect((await run("import", "--out", out)).status).toBe(2);
  });
});

describe("trinephron cohort summary", () => {
  test("text", async () => {
    const { status, stdout } = await run("summary", out);
    expect(status).toBe(0);
    expect(stdout).toMatch(/A \(n = 2\) +B \(n = 1\)/);
    expect(stdout).toMatch(/^Stage, n \(%\)/m);
    expect(stdout).toMatch(/^ {2}III +1 \(50\.0\) +0 \(0\.0\)$/m);
    expect(stdout).toContain("Solid malignant renal tumour of an adult: 4 → 3");
    expect(stdout).toContain("No images.");
  });

  test("--json is JSON and nothing else", async () => {
    const { stdout, stderr } = await run("summary", out, "--json");
    expect(stderr).toBe("");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["table1", "classes", "flow", "sources"]);
  });
});

describe("trinephron cohort check", () => {
  const csv = (name: string, change: (text: string) => string) => {
    const path = join(out, `${name}.csv`);
    writeFileSync(path, change(readFileSync(join(out, "cohort.csv"), "utf8")));
    return path;
  };
  const json = async (path: string, ...more: string[]) => {
    const { status, stdout } = await run("check", path, "--json", "--threads", "1", ...more);
    return {
      status,
      ...(JSON.parse(stdout) as { errors: number; findings: { code: string; message: string }[] }),
    };
  };

  test("errors are exit 1, as a table and as JSON", async () => {
    // Three cases: some task has one class.
    const { status, stdout, stderr } = await run("check", out, "--no-contents");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^error +E_ONE_CLASS +– +centre B: every labelled case is clear cell RCC/m);
    expect(stderr).toMatch(/^E_COHORT: [^\n]*cohort\.csv: \d errors?[^\n]*\n$/);
    const { errors, findings } = await json(out);
    expect(findings.filter((f) => f.code === "E_ONE_CLASS")).toHaveLength(errors);
  });

  test("every faulty cell is listed, with its line", async () => {
    const path = csv("cells", (text) => text.replace("clear_cell,I,", "ccRCC,1,").replaceAll("real", "true"));
    const { status, findings } = await json(path, "--no-contents");
    expect(status).toBe(1);
    const messages = findings.map((f) => f.message);
    expect(messages).toContainEqual(expect.stringContaining('line 2, column histology: "ccRCC"'));
    expect(messages).toContainEqual(expect.stringContaining('line 2, column stage: "1"'));
    expect(messages).toContainEqual(expect.stringContaining('line 4, column source: "true"'));
  });

  test("a mask given to two cases", async () => {
    const { findings } = await json(csv("twice", (text) => text.replace("case_00001/seg", "case_00000/seg")));
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: "E_COHORT",
        message: "its mask has the very voxels of the mask of case_00001",
      }),
    );
  });

  test("no such cohort", async () => {
    const { status, stderr } = await run("check", join(folder, "nowhere"));
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^E_FILE_MISSING: [^\n]*cohort\.csv[^\n]*\n$/),
    ]);
  });
});

test("the examples of docs/cohort.md are read", async () => {
  const docs = readFileSync(new URL("../../../docs/cohort.md", import.meta.url), "utf8");
  const [, example] = /```csv\n([\s\S]*?)```/.exec(docs)!;
  const { cases, faults, ignored } = parseCohort(Buffer.from(example), "docs/cohort.md");
  expect([cases.length, faults, ignored]).toEqual([2, [], []]);
  expect(cases[0]).toMatchObject({ patient: "p-17", sizeMm: 74.5, necrosis: true, renal: 10 });
});
