import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { type Case, type Cohort, phases } from "../../../../src/patients/cohort/case.ts";
import { checkCohort, mustBeSound, uncheckedIn } from "../../../../src/patients/cohort/check/check.ts";
import { caseOf } from "../arbitrary.ts";
import { ct, kidneys } from "../bodies.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (file: string) => join(folder, file);
const images = Object.fromEntries(phases.map((phase) => [phase, `${phase}.nii`]));

/** A case with the three images and the mask that lie in the folder. */
const whole = (name: string, more: Partial<Case> = {}) => caseOf(name, { images, mask: "mask.nii", ...more });

const check = async (cases: Case[], contents = true) =>
  (await checkCohort({ folder, cases }, { contents, threads: 1 }))
    // Of a cohort of one or two cases only this is to be expected.
    .filter((f) => f.case !== null)
    .map((f) => [f.severity, f.code, f.case, f.message]);

beforeAll(async () => {
  const mask = kidneys();
  await writeNifti(at("mask.nii"), mask);
  await writeNifti(at("corticomedullary.nii"), ct(mask, 240, 120, 10));
  await writeNifti(at("nephrographic.nii"), ct(mask, 195, 180, 12));
  await writeNifti(at("excretory.nii"), ct(mask, 160, 160, 420));
  await writeNifti(at("nephrographic-noisy.nii"), ct(mask, 195, 180, 12, 26));
  await writeNifti(at("unenhanced.nii"), ct(mask, 38, 36, 8));
});

test("a sound case has no finding", async () => {
  expect(await check([whole("a", { age: 60, renal: 8, complexity: "moderate", sizeMm: 30 })])).toEqual([]);
});

describe("phases that seem swapped", () => {
  const swapped = (a: (typeof phases)[number], b: (typeof phases)[number]) =>
    whole("a", { images: { ...images, [a]: `${b}.nii`, [b]: `${a}.nii` } });
  test.each([
    ["corticomedullary", "nephrographic"],
    ["corticomedullary", "excretory"],
    ["nephrographic", "excretory"],
  ] as const)("%s and %s", async (a, b) => {
    expect(await check([swapped(a, b)])).toEqual([
      ["error", "E_PHASE", "a", expect.stringMatching(/^the \w+ and the \w+ image are swapped/)],
    ]);
  });

  test("an image without contrast medium", async () => {
    const found = await check([whole("a", { images: { ...images, nephrographic: "unenhanced.nii" } })]);
    expect(found).toEqual([
      [
        "error",
        "E_PHASE",
        "a",
        expect.stringMatching(/^the nephrographic image shows no contrast medium.* 3\d HU/),
      ],
    ]);
  });

  test("what may be an odd kidney or a late scan is a warning", async () => {
    for (const [severity, code, , message] of await check([
      whole("a", { images: { excretory: "unenhanced.nii" } }),
    ]))
      expect([severity, code, message]).toEqual([
        "warning",
        "E_PHASE",
        expect.stringMatching(/^no |median in the excretory image is 3\d HU$/),
      ]);
    await writeNifti(at("late.nii"), ct(kidneys(), 200, 185, 12));
    const found = await check([
      whole("a", { images: { corticomedullary: "late.nii", nephrographic: "nephrographic-noisy.nii" } }),
    ]);
    expect(found.map(([severity, code]) => `${severity} ${code}`)).toEqual([
      "warning E_PHASE",
      "warning E_PHASE",
    ]);
  });

  test("one file for two phases", async () => {
    const found = await check([whole("a", { images: { ...images, excretory: "nephrographic.nii" } })]);
    expect(found).toEqual([
      ["error", "E_PHASE", "a", "its nephrographic has the very voxels of the excretory"],
    ]);
  });
});

describe("files", () => {
  test("missing, truncated, and none at all", async () => {
    copyFileSync(at("excretory.nii"), at("short.nii"));
    truncateSync(at("short.nii"), 5000);
    writeFileSync(at("text.nii"), "no NIfTI at all ".repeat(100));
    const found = await check([
      whole("missing", { mask: "nowhere.nii" }),
      whole("short", { images: { ...images, excretory: "short.nii" } }),
      whole("text", { images: { ...images, nephrographic: "text.nii" } }),
      caseOf("bare"),
    ]);
    const of = (name: string) =>
      found.filter(([, , c]) => c === name).map(([severity, code]) => `${severity} ${code}`);
    expect(of("missing")).toContain("error E_FILE_MISSING");
    expect(of("short")).toContain("error E_FILE_TRUNCATED");
    expect(of("text")).toContain("error E_FORMAT");
    expect(of("bare")).toEqual(["error E_MASK", "error E_PHASE"]);
  });

  test("the same voxels under two cases, even when packed anew", async () => {
    const mask = kidneys();
    await writeNifti(at("copy.nii.gz"), mask);
    const found = await check([caseOf("a", { mask: "mask.nii" }), caseOf("b", { mask: "copy.nii.gz" })]);
    expect(found).toContainEqual(["error", "E_COHORT", "a", "its mask has the very voxels of the mask of b"]);
  });
});

describe("geometry", () => {
  const moved = (volume: Volume, by: number): Volume => ({
    ...volume,
    origin: [volume.origin[0], volume.origin[1], volume.origin[2] + by],
  });

  test.each([
    ["5 mm off", 5, /as many voxels, but not in the same place/],
    ["far off", 500, /lie apart/],
  ])("an image %s", async (_, by, message) => {
    await writeNifti(at("moved.nii"), moved(ct(kidneys(), 195, 180, 12), by));
    const found = await check([whole("a", { images: { ...images, nephrographic: "moved.nii" } })], false);
    expect(found).toEqual([["error", "E_GEOMETRY", "a", expect.stringMatching(message)]]);
  });

  test("an image whose axes run the other way, but with voxels in the same places, is no fault", async () => {
    const image = ct(kidneys(), 195, 180, 12);
    const [nx, ,] = image.size;
    const mirrored: Volume = {
      ...image,
      origin: [image.origin[0] + (nx - 1) * image.spacing[0], image.origin[1], image.origin[2]],
      direction: [[-1, 0, 0], image.direction[1], image.direction[2]],
      data: image.data.map((_, n) => image.data[n - (n % nx) + (nx - 1 - (n % nx))]),
    };
    await writeNifti(at("mirrored.nii"), mirrored);
    expect(await check([whole("a", { images: { ...images, nephrographic: "mirrored.nii" } })])).toEqual([]);
  });

  test("another patient's mask", async () => {
    const other = moved(kidneys(), 77);
    await writeNifti(at("otherMask.nii"), other);
    await writeNifti(at("otherImage.nii"), ct(other as Volume<Uint8Array>, 240, 120, 10));
    const found = await check(
      [
        whole("a", { mask: "otherMask.nii" }),
        caseOf("b", { mask: "otherMask.nii", images: { corticomedullary: "otherImage.nii" } }),
      ],
      false,
    );
    expect(found).toContainEqual([
      "error",
      "E_GEOMETRY",
      "a",
      "its mask fits none of its images, but those of b: another patient’s mask?",
    ]);
  });
});

describe("masks", () => {
  test.each([
    ["empty", (v: number) => v * 0, /empty/],
    ["without a tumour", (v: number) => (v === 2 ? 1 : v), /no tumour/],
    ["without a kidney", (v: number) => (v === 1 ? 0 : v), /no kidney/],
    ["with a label of another scheme", (v: number) => (v === 2 ? 5 : v), /label 5 is none of/],
  ])("%s", async (name, change, message) => {
    const mask = kidneys();
    await writeNifti(at(`${name}.nii`), { ...mask, data: mask.data.map(change) });
    expect(await check([caseOf("a", { mask: `${name}.nii`, images })])).toContainEqual([
      "error",
      "E_MASK",
      "a",
      expect.stringMatching(message),
    ]);
  });

  test("a size in centimetres", async () => {
    const found = await check([whole("a", { sizeMm: 3 })]);
    expect(found).toEqual([
      [
        "warning",
        "E_VALUE",
        "a",
        expect.stringMatching(/^size_mm 3, but the mask’s tumour measures \d\d mm$/),
      ],
    ]);
  });
});

describe("labels", () => {
  const all = async (cases: Case[]) =>
    (await checkCohort({ folder, cases }, { contents: false })).map(
      (f) => `${f.severity} ${f.code} ${f.case}`,
    );

  test("a patient in both centres is an error, twice in one a warning", async () => {
    const twice = [whole("a"), whole("b", { patient: "a" })];
    expect(await all(twice)).toContain("warning E_COHORT a");
    expect(await all([twice[0], { ...twice[1], center: "B" }])).toContain("error E_COHORT a");
  });

  test("one class, few cases, no label", async () => {
    const many = (n: number, more: Partial<Case>) =>
      Array.from({ length: n }, (_, i) => whole(`c${i}`, more));
    const one = await checkCohort(
      { folder, cases: many(20, { histology: "clear_cell" }) },
      { contents: false },
    );
    expect(one.filter((f) => f.severity === "error").map((f) => [f.code, f.case])).toEqual([
      ["E_ONE_CLASS", null],
    ]);
    expect(one.filter((f) => f.code === "E_LABEL" && f.case === null)).toHaveLength(2);
    const few = [...many(20, { stage: "I" }), whole("x", { stage: "IV" })];
    const found = await checkCohort({ folder, cases: few }, { contents: false });
    expect(found.filter((f) => f.code === "E_TOO_FEW").map((f) => f.message)).toEqual([
      "centre A: 1 stage III/IV, 20 stage I/II; intervals will be wide",
    ]);
  });

  test("ages and scores", async () => {
    expect(await all([whole("a", { age: 3 })])).toContain("warning E_VALUE a");
    expect(await all([whole("a", { renal: 10, complexity: "moderate" })])).toContain("error E_LABEL a");
    expect(await all([whole("a", { renal: 10 })])).toContain("warning E_LABEL a");
  });
});

describe("before training", () => {
  test("a sound cohort passes, though a task has one class", async () => {
    await mustBeSound({ folder, cases: [whole("a", { histology: "clear_cell" })] });
  });

  test("the first error is thrown, with how many more", async () => {
    const cases = [whole("a", { mask: "nowhere.nii" }), whole("b", { mask: "nowhere.nii" })];
    await expect(mustBeSound({ folder, cases })).rejects.toMatchObject({
      code: "E_FILE_MISSING",
      message: expect.stringMatching(/^a: .*nowhere\.nii/),
      hint: "1 more; `trinephron cohort check` lists all",
    });
  });
});

describe("a cohort without kidneys", () => {
  const tumor = kidneys().data.map((label) => (label === 2 ? 2 : 0));
  const found = async (more: Partial<Cohort>, c: Case) =>
    (await checkCohort({ folder, cases: [c], ...more, phases: ["ct"] }, { threads: 1 }))
      .filter((f) => f.case !== null)
      .map((f) => [f.severity, f.code, f.message]);
  const image = caseOf("a", { images: { ct: "unenhanced.nii" } });

  test("is sound by its tumour alone; enhancement is not looked for, and that is said", async () => {
    await writeNifti(at("tumor.nii"), { ...kidneys(), data: tumor });
    const c = { ...image, mask: "tumor.nii", sizeMm: 30 };
    expect(await found({ masks: "tumor" }, c)).toEqual([]);
    expect(await found({ masks: "tumor" }, { ...c, sizeMm: 3 })).toEqual([
      ["warning", "E_VALUE", expect.stringContaining("size_mm 3, but the mask’s tumour measures")],
    ]);
    expect(await found({}, c)).toEqual([["error", "E_MASK", expect.stringContaining("no kidney")]]);
    expect(await found({ masks: "tumor" }, { ...c, mask: "mask.nii" })).toEqual([
      ["error", "E_MASK", expect.stringContaining("outline tumours (label 2) alone")],
    ]);
    expect(uncheckedIn({ masks: "tumor" })).toEqual([
      "The masks outline tumours alone: not checked are enhancement and the order of the phases, which a kidney shows.",
    ]);
    expect(uncheckedIn({})).toEqual([]);
  });

  test("needs no mask where there are none, and says that one is not read", async () => {
    expect(await found({ masks: "none" }, image)).toEqual([]);
    expect(await found({ masks: "none" }, { ...image, mask: "tumor.nii" })).toEqual([
      ["warning", "E_MASK", expect.stringContaining("its mask is not read")],
    ]);
    expect(await found({ masks: "tumor" }, image)).toEqual([
      ["error", "E_MASK", expect.stringMatching(/^no mask/)],
    ]);
  });

  test("whose images are no HU is checked for its own range instead", async () => {
    const data = Uint8Array.from(tumor, (label) => (label > 0 ? 255 : 0));
    await writeNifti(at("bytes.nii"), { ...kidneys(), data });
    const bytes = caseOf("a", { images: { ct: "bytes.nii" } });
    expect(await found({ masks: "none" }, bytes)).toEqual([
      ["error", "E_VALUE", expect.stringContaining("no Hounsfield units")],
    ]);
    expect(await found({ masks: "none", intensities: [0, 255] }, bytes)).toEqual([]);
    expect(await found({ masks: "none", intensities: [0, 200] }, bytes)).toEqual([
      ["error", "E_VALUE", expect.stringContaining("a voxel is 255, outside the intensities 0 to 200")],
    ]);
  });
});
