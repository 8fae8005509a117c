import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { overlapResults } from "../../../src/learning/segmentation/compare/overlapResults.ts";
import { crop, type Volume, voxelVolumeMl } from "../../../src/numerics/volume/index.ts";
import { renderOverlap } from "../../../src/report/overlap/renderOverlap.ts";
import { phantom } from "../../imaging/nephrometry/phantom.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-segment-compare-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]) => here("segment", "compare", ...args);

const spacing = [4, 4, 4] as const;
const mask = phantom({
  spacing,
  tumors: [
    { center: [-60, -30, 10], radius: 30 },
    { center: [55, 0, 55], radius: 12 },
  ],
});
const relabeled = (of: (label: number, n: number) => number): Volume<Uint8Array> => ({
  ...mask,
  data: mask.data.map(of),
});
/** Without the tumour of the left, where x, towards the left, is positive. */
const middle = -mask.origin[0] / spacing[0];
const oneTumor = relabeled((label, n) => (label === 2 && n % mask.size[0] > middle ? 1 : label));
const tumorMl = (volume: Volume<Uint8Array>) =>
  volume.data.filter((label) => label === 2).length * voxelVolumeMl(volume);

beforeAll(async () => {
  const short = crop(mask, { start: [0, 0, 0], end: [mask.size[0], mask.size[1], mask.size[2] - 1] });
  const write = (name: string, volume: Volume) => writeNifti(at(`${name}.nii.gz`), volume);
  for (const name of ["same", "missed", "none", "absent", "short", "strange"])
    await write(`reference/${name}`, mask);
  await write("predicted/same", mask);
  await write("predicted/missed", oneTumor);
  await write(
    "predicted/none",
    relabeled(() => 0),
  );
  await write("predicted/short", short);
  await write(
    "predicted/strange",
    relabeled((label) => 7 * label),
  );
  await write("predicted/unknown", mask);
  await write("ct/same", {
    ...mask,
    data: Int16Array.from(mask.data, (label) => (label === 0 ? -1000 : 40 * label)),
  });
  await write("ct/missed", short);
  writeFileSync(at("table.csv"), "name,label\n7,kidney\n14,tumor\n");
  const classes = [
    { name: "whole", labels: [1, 2] },
    { name: "lesion", labels: [2], toleranceMm: 1, lesions: true },
  ];
  writeFileSync(at("classes.json"), JSON.stringify({ format: "trinephron-classes/1", classes }));
  writeFileSync(
    at("twice.json"),
    JSON.stringify({ format: "trinephron-classes/1", classes: [classes[0], classes[0]] }),
  );
});

const resultsIn = (out: string) =>
  overlapResults.parse(JSON.parse(readFileSync(join(out, "scores.json"), "utf8")));

describe("trinephron segment compare", () => {
  test("two folders: scores of the cases both have, and why others are left out", async () => {
    const out = at("out");
    const { status, stdout, stderr } = await run(
      at("reference"),
      at("predicted"),
      "--out",
      out,
      "--images",
      at("ct"),
    );
    expect(status).toBe(0);
    expect(stdout).toContain("3 cases scored, 4 left out");
    const results = resultsIn(out);
    expect(results.leftOut).toEqual([
      { case: "absent", reason: "no prediction" },
      { case: "unknown", reason: "no reference" },
      { case: "short", reason: expect.stringContaining("E_GEOMETRY: ") },
      { case: "strange", reason: expect.stringContaining("label 7, 14 is none of 0 (empty)") },
    ]);
    for (const { case: name } of results.leftOut) expect(stderr).toContain(`${name} is left out: `);

    const rows = parse(readFileSync(join(out, "scores.csv")), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ case: name, class: of }) => `${name} ${of}`)).toEqual(
      ["missed", "none", "same"].flatMap((name) =>
        ["kidney_and_mass", "mass", "tumor"].map((of) => `${name} ${of}`),
      ),
    );
    const row = (name: string, of: string) => rows.find((each) => each.case === name && each.class === of)!;
    expect(row("same", "tumor")).toMatchObject({
      dice: "1",
      surface_dice: "1",
      hd95_mm: "0",
      lesions: "2",
      found: "2",
    });
    expect(row("none", "tumor")).toMatchObject({ empty: "predicted", dice: "0", hd95_mm: "", found: "0" });
    expect(row("missed", "kidney_and_mass").dice).toBe("1");
    const [whole, left] = [tumorMl(mask), tumorMl(oneTumor)];
    expect(left).toBeLessThan(whole);
    expect(Number(row("missed", "tumor").dice)).toBeCloseTo((2 * left) / (left + whole), 5);
    expect(Number(row("missed", "tumor").volume_error_percent)).toBeCloseTo(100 * (left / whole - 1), 4);

    const tumor = results.summary.find((each) => each.class === "tumor")!;
    expect(tumor.empty).toEqual({ reference: 0, predicted: 1, both: 0 });
    expect(tumor.scores.dice!.n).toBe(3);
    expect(tumor.scores.hd95Mm!.n).toBe(2);
    expect(tumor.detection).toMatchObject({
      lesions: 6,
      found: 3,
      falsePositives: 0,
      sensitivity: { value: 0.5 },
    });
    const lesions = parse(readFileSync(join(out, "lesions.csv")), { columns: true }) as Record<
      string,
      string
    >[];
    expect(
      lesions
        .filter(({ class: of }) => of === "tumor")
        .map(({ case: name, outcome }) => `${name} ${outcome}`),
    ).toEqual([
      ...["missed found", "missed missed", "none missed", "none missed", "same found", "same found"],
    ]);

    expect(results.pictures.map(({ case: name, over }) => `${name} ${over}`).slice(0, 3)).toEqual([
      ...["none labels", "missed labels", "same image"],
    ]);
    expect(results.cases.find(({ case: name }) => name === "missed")!.remarks).toEqual([
      expect.stringContaining("image on another grid, not shown"),
    ]);
    const page = readFileSync(join(out, "report.html"), "utf8");
    expect(page).toBe(renderOverlap(results));
    expect(page).not.toMatch(/NaN|undefined|<script/);
    expect(page.match(/data:image\/png/g)).toHaveLength(9);
    expect(page).toContain("absent: no prediction");

    const again = await run(at("reference"), at("predicted"), "--out", out);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("E_FILE_EXISTS: ")]);
  });

  test("two files, with a table of labels or classes of one's own", async () => {
    const pair = [at("reference", "same.nii.gz"), at("predicted", "missed.nii.gz")];
    await run(...pair, "--out", at("own"), "--labels", at("classes.json"), "--pictures", "0", "--seed", "7");
    expect(resultsIn(at("own"))).toMatchObject({
      seed: 7,
      classes: [
        { name: "whole", toleranceMm: 2, lesions: false },
        { name: "lesion", toleranceMm: 1, lesions: true },
      ],
      cases: [
        {
          case: "same",
          scores: [{ dice: 1, detection: null }, { detection: { reference: [{}, { iou: null }] } }],
        },
      ],
      pictures: [],
    });
    const strange = at("predicted", "strange.nii.gz");
    const { status, stdout } = await run(
      strange,
      strange,
      "--out",
      at("table"),
      "--labels",
      at("table.csv"),
      "--tolerance",
      "3",
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ scored: 1, classes: [{ toleranceMm: 3 }, {}, {}] });
    expect(resultsIn(at("table")).cases[0].scores.map(({ dice }) => dice)).toEqual([1, 1, 1]);
  });

  test.each([
    {
      name: "grids that differ",
      args: () => ["reference/short.nii.gz", "predicted/short.nii.gz"],
      code: "E_GEOMETRY",
      says: "predicted/short.nii.gz",
    },
    {
      name: "labels of no class",
      args: () => ["reference/same.nii.gz", "predicted/strange.nii.gz"],
      code: "E_MASK",
      says: "--labels",
    },
    {
      name: "a file and a folder",
      args: () => ["reference", "predicted/same.nii.gz"],
      code: "E_USAGE",
      says: "two folders",
    },
    {
      name: "no name in common",
      args: () => ["reference", "other"],
      code: "E_COHORT",
      says: "name the files alike",
    },
    {
      name: "a file that is not there",
      args: () => ["reference/none.nii.gz", "missing.nii.gz"],
      code: "E_FILE_MISSING",
      says: "missing.nii.gz",
    },
    {
      name: "a class twice",
      args: () => ["reference", "predicted", "--labels", at("twice.json")],
      code: "E_FORMAT",
      says: "two classes have the name whole",
    },
    {
      name: "a share above 1",
      args: () => ["reference", "predicted", "--iou", "2"],
      code: "E_USAGE",
      says: "at most 1",
    },
    {
      name: "images that are not there",
      args: () => ["reference/same.nii.gz", "predicted/same.nii.gz", "--images", at("nowhere")],
      code: "E_FILE_MISSING",
      says: "--images",
    },
  ])("refuses $name in a line, and writes nothing", async ({ args, code, says }) => {
    await writeNifti(at("other", "else.nii.gz"), mask);
    const [reference, predicted, ...rest] = args();
    const { status, stderr } = await run(at(reference), at(predicted), "--out", at("refused"), ...rest);
    expect(status).toBe(code === "E_USAGE" ? 2 : 1);
    expect(stderr).toMatch(new RegExp(`^${code}: .*${says}.*$`, "m"));
    expect(existsSync(at("refused"))).toBe(false);
  });
});
