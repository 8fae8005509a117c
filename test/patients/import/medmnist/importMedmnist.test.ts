import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { readCohort } from "../../../../src/patients/cohort/csv.ts";
import { splitDevelopment, usualSplit } from "../../../../src/patients/cohort/split.ts";
import { classCounts } from "../../../../src/patients/cohort/summary.ts";
import { importMedmnist } from "../../../../src/patients/import/medmnist/importMedmnist.ts";
import { hasPython, runPython } from "../../../python.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-medmnist-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

/** A file of 5, 3 and 4 drawn cases. @param change a line of Python on the arrays `a` */
function file(name: string, change = "pass"): string {
  const script = `
import numpy, sys
r = numpy.random.default_rng(7)
a = {}
for part, n in ("train", 5), ("val", 3), ("test", 4):
    a[part + "_images"] = r.integers(0, 256, (n, 4, 5, 6), dtype="u1")
    a[part + "_labels"] = numpy.array([[i % 2] for i in range(n)], dtype="u1")
${change}
numpy.savez_compressed(sys.argv[1], **a)`;
  expect(runPython(script, [at(name)])).toMatchObject({ status: 0 });
  return at(name);
}

describe.skipIf(!hasPython("numpy"))("a MedMNIST file", () => {
  test("keeps its official parts: train and val are developed on, test is the other centre", async () => {
    await importMedmnist(file("a.npz"), { out: at("a") });
    const cohort = await readCohort(at("a"));
    expect(cohort).toMatchObject({ masks: "none", intensities: [0, 255], phases: ["image"] });
    const of = (center: string) => cohort.cases.filter((c) => c.center === center);
    expect(of("test").map((c) => [c.case, c.part])).toEqual(
      [0, 1, 2, 3].map((n) => [`test-000${n}`, undefined]),
    );
    const split = splitDevelopment(of("development"), { ...usualSplit, stratifyBy: cohort.tasks! });
    expect(split.validation.map((c) => c.case)).toEqual(["val-0000", "val-0001", "val-0002"]);
    expect(split.train).toHaveLength(5);
  });

  test("keeps its voxels, the last axis along i", async () => {
    const path = file("b.npz");
    const { cohort } = await importMedmnist(path, { out: at("b") });
    const { stdout } = runPython(
      `
import json, numpy, sys
print(json.dumps(numpy.load(sys.argv[1])["val_images"][1].ravel().tolist()))`,
      [path],
    );
    const second = cohort.cases.find((c) => c.case === "val-0001")!;
    const image = await readNifti(join(cohort.folder, second.images.image!));
    expect([image.size, image.spacing]).toEqual([
      [6, 5, 4],
      [1, 1, 1],
    ]);
    expect([...image.data]).toEqual(JSON.parse(stdout));
    expect(JSON.parse(readFileSync(at("b", "import.json"), "utf8")).images).toMatch(/no CT numbers/);
  });

  test.each([
    [
      "pictures of two dimensions",
      'a["val_images"] = a["val_images"][:, 0]',
      "E_UNSUPPORTED",
      /3 × 5 × 6, not/,
    ],
    ["floating point", 'a["train_images"] = a["train_images"] / 255', "E_UNSUPPORTED", /of bytes/],
    [
      "several labels a case",
      'a["test_labels"] = numpy.zeros((4, 2))',
      "E_UNSUPPORTED",
      /4 × 2, not one label/,
    ],
    ["a part that is not there", 'del a["val_labels"]', "E_FORMAT", /no array val_labels/],
    ["more than two labels", 'a["val_labels"][0] = 4', "E_USAGE", /labels run from 0 to 4/],
  ])("with %s is refused", async (_, change, code, says) => {
    await expect(importMedmnist(file("c.npz", change), { out: at("c") })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
    expect(existsSync(at("c", "cohort.csv"))).toBe(false);
  });

  test("is asked what the tasks ask; those of other columns are refused", async () => {
    const path = file("d.npz", 'a["val_labels"][0] = 4');
    const asked = (more: object) => {
      const side = (words: string, values: string[]) => ({ words, values });
      const task = {
        name: "late",
        positive: side("late", ["4"]),
        negative: side("early", ["0", "1"]),
        ...more,
      };
      writeFileSync(at("tasks.json"), JSON.stringify({ format: "trinephron-tasks/1", tasks: [task] }));
      return importMedmnist(path, { out: at("d"), tasks: at("tasks.json") });
    };
    await expect(asked({})).rejects.toMatchObject({ code: "E_USAGE" });
    expect(classCounts((await asked({ column: "label" })).cohort)[0]).toMatchObject({
      positive: 1,
      negative: 7,
    });
  });
});

const adrenal = resolve(import.meta.dirname, "../../../../../shared/data/adrenalmnist3d/adrenalmnist3d.npz");
if (!existsSync(adrenal)) console.warn("skipped: ../shared/data/adrenalmnist3d is absent");

test.skipIf(!existsSync(adrenal))("AdrenalMNIST3D has the classes that its authors count", async () => {
  const tasks = resolve(import.meta.dirname, "../../../../docs/studies/adrenalmnist3d-tasks.json");
  const { cohort } = await importMedmnist(adrenal, { out: at("adrenal"), tasks });
  const n = (part: string) => cohort.cases.filter((c) => c.case.startsWith(part)).length;
  expect([n("train-"), n("val-"), n("test-")]).toEqual([1188, 98, 298]);
  expect(classCounts(cohort)).toMatchObject([
    { center: "development", positive: 281, negative: 1005 },
    { center: "test", positive: 69, negative: 229 },
  ]);
});
