import { cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readPredictions } from "../../../src/evidence/predictions/predictions.ts";
import { parseResults } from "../../../src/evidence/validate/results.ts";
import { readNifti, writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";
import { here } from "./inProcess.ts";
import {
  expectRefused,
  filesIn,
  linkCohort,
  otherTable,
  run,
  smallDisk,
  temporaryFolder,
  tinyExperiment,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("validate");
const at = (...names: string[]) => join(folder, ...names);
let cohort: string;
let cases: readonly Case[];
let mtdl: string;
let stdl: readonly string[];
beforeAll(async () => {
  const made = await tinyExperiment();
  ({ mtdl, stdl } = made);
  cohort = at("cohort");
  linkCohort(made.cohort, cohort, { crops: true });
  ({ cases } = await readCohort(cohort));
});

interface Models {
  readonly mtdl?: string;
  readonly stdl?: readonly string[];
}
const validate = (out: string, more: readonly string[] = [], table = cohort, models: Models = {}) => [
  "validate",
  table,
  "--mtdl",
  models.mtdl ?? mtdl,
  ...(models.stdl ?? stdl).flatMap((one) => ["--stdl", one]),
  "--out",
  out,
  "--no-efficiency",
  "--threads",
  "1",
  ...more,
];
const files = ["predictions.csv", "readers.csv", "report.html", "results.json", "thresholds.json"];

describe("a validation", () => {
  beforeAll(async () => {
    const { status, stdout, stderr } = await here(...validate(at("whole"), ["--simulate-readers", "--json"]));
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/^E_/m)]);
    expect(JSON.parse(stdout).format).toBe("trinephron-results/1");
  });

  test("tests every external case on every task, and says what is simulated", async () => {
    const written = filesIn(at("whole"));
    expect(written.filter((name) => !name.startsWith("figures/"))).toEqual(files);
    expect(written).toContain("figures/figure-2-roc.svg");
    expect(written).toContain("figures/figure-2-roc.csv");
    const results = parseResults(readFileSync(at("whole", "results.json"), "utf8"), "results.json");
    expect(results.study).toMatchObject({ development: "A", external: ["B"], sources: ["procedural"] });
    expect(results.auc.map(({ task, model, n }) => [task, model, n])).toEqual(
      tasks.flatMap((task) => ["mtdl", "stdl", "measured", "size"].map((model) => [task, model, 24])),
    );
    expect(results.flow.map(({ development }) => development)).toEqual([
      ...results.flow.slice(1).map(() => undefined),
      "A",
    ]);
    expect(results.study.notes.join()).toContain("Simulated readers");
    expect(results.training.map(({ model, epochs }) => [model, epochs.length])).toEqual(
      ["mtdl", "stdl histology", "stdl stage", "stdl complexity"].map((model) => [model, 2]),
    );
    const predictions = await readPredictions(at("whole", "predictions.csv"));
    expect(predictions.length).toBe(72);
    expect(new Set(predictions.map(({ center }) => center))).toEqual(new Set(["B"]));
  });

  test("is not overwritten without --force", async () => {
    const before = readFileSync(at("whole", "results.json"));
    expectRefused(await here(...validate(at("whole"))), "E_FILE_EXISTS", /results\.json.*--force/);
    expect(readFileSync(at("whole", "results.json")).equals(before)).toBe(true);
  });

  test("takes nothing from the external labels but the final test", async () => {
    const flipped = cases.map((c): Case => {
      if (c.center === "A") return c;
      const { renal: _, ...rest } = c;
      return {
        ...rest,
        histology: c.histology === "clear_cell" ? "papillary" : "clear_cell",
        stage: c.stage === "I" || c.stage === "II" ? "III" : "I",
        complexity: c.complexity === "high" ? "low" : "high",
      };
    });
    const { status } = await here(...validate(at("flipped"), [], otherTable(cohort, "flipped", flipped)));
    expect(status).toBe(0);
    const text = (out: string, name: string) => readFileSync(at(out, name), "utf8");
    expect(text("flipped", "thresholds.json")).toBe(text("whole", "thresholds.json"));
    const answers = async (out: string) =>
      (await readPredictions(at(out, "predictions.csv"))).map(({ case: id, task, probabilities }) => ({
        id,
        task,
        probabilities,
      }));
    expect(await answers("flipped")).toEqual(await answers("whole"));
    const aucs = (out: string) => parseResults(text(out, "results.json"), out).auc.map(({ value }) => value);
    aucs("flipped").forEach((value, i) => {
      expect(value).toBeCloseTo(1 - aucs("whole")[i], 12);
    });
  });

  test("stopped by Ctrl-C writes nothing and says so", async () => {
    const fresh = at("fresh");
    linkCohort(cohort, fresh);
    for (const [n, pattern] of [
      /cropping external cases: [1-9]/,
      /answering external cases: [1-9]/,
    ].entries()) {
      const out = at(`stopped-${n}`);
      const stopped = await run(
        validate(out, [], fresh),
        (stderr, kill) => pattern.test(stderr) && kill("SIGINT"),
      );
      expectRefused(stopped, "E_INTERRUPTED", /stopped/);
      expect(existsSync(out)).toBe(false);
    }
    expect(filesIn(join(fresh, ".crops")).every((name) => name.endsWith(".crop"))).toBe(true);
  });
});

test("painting stopped by Ctrl-C keeps whole cases and goes on from them", async () => {
  const out = at("painted");
  const few = otherTable(cohort, "few", cases.slice(0, 16));
  const paint = ["cohort", "paint", few, "--out", out, "--spacing", "4"];
  const stopped = await run(paint, (stderr, kill) => /painting: [1-9]/.test(stderr) && kill("SIGINT"));
  expectRefused(stopped, "E_INTERRUPTED", /stopped with \d+ of 16 cases done/);
  const left = filesIn(out);
  expect(left).not.toContain("cohort.csv");
  expect(left.filter((name) => !/^PAINTED\.txt$|\.json$|\.nii\.gz$/.test(name))).toEqual([]);
  expect(left.filter((name) => name.endsWith(".nii.gz")).length).toBe(
    4 * left.filter((name) => name.endsWith("painted.json")).length,
  );
  expect((await here(...paint)).status).toBe(0);
  expect((await readCohort(out)).cases.length).toBe(16);
});

describe("is refused in one line, with nothing written", () => {
  const one = (change: (c: Case) => Case) => cases.map((c) => (c.case === "B-0002" ? change(c) : c));
  const image = (path: string) => one((c) => ({ ...c, images: { ...c.images, excretory: path } }));
  beforeAll(async () => {
    const { images, mask } = cases.find((c) => c.case === "B-0002")!;
    mkdirSync(join(cohort, "broken"));
    const volume = await readNifti(join(cohort, images.excretory!));
    await writeNifti(join(cohort, "broken/short.nii.gz"), volume);
    truncateSync(join(cohort, "broken/short.nii.gz"), 20_000);
    const labels = await readNifti(join(cohort, mask!));
    await writeNifti(join(cohort, "broken/empty.nii.gz"), {
      ...labels,
      data: new Uint8Array(labels.data.length),
    });
  });

  const tables: [string, string, RegExp, () => readonly Case[]][] = [
    [
      "swapped phases",
      "E_PHASE",
      /B-0002.*swapped/,
      () =>
        one((c) => ({
          ...c,
          images: {
            ...c.images,
            corticomedullary: c.images.excretory!,
            excretory: c.images.corticomedullary!,
          },
        })),
    ],
    [
      "one file for two phases",
      "E_PHASE",
      /B-0002.*the same/,
      () => one((c) => ({ ...c, images: { ...c.images, excretory: c.images.nephrographic! } })),
    ],
    ["a truncated image", "E_FILE_TRUNCATED", /short/, () => image("broken/short.nii.gz")],
    ["a missing image", "E_FILE_MISSING", /nowhere/, () => image("nowhere.nii")],
    ["an empty mask", "E_MASK", /empty/, () => one((c) => ({ ...c, mask: "broken/empty.nii.gz" }))],
    [
      "another patient's mask",
      "E_GEOMETRY",
      /B-0002/,
      () => one((c) => ({ ...c, mask: cases.find(({ case: id }) => id === "A-0007")!.mask! })),
    ],
    [
      "one class",
      "E_ONE_CLASS",
      /histology/,
      () => cases.map((c) => (c.center === "B" ? { ...c, histology: "clear_cell" as const } : c)),
    ],
    [
      "one case of a class",
      "E_TOO_FEW",
      /stage/,
      () =>
        cases.map((c, i) =>
          c.center === "B" ? { ...c, stage: i === 40 ? ("IV" as const) : ("I" as const) } : c,
        ),
    ],
    ["no external centre", "E_COHORT", /other than A/, () => cases.filter((c) => c.center === "A")],
    [
      "a patient of the development centre",
      "E_COHORT",
      /patient A-0001/,
      () => one((c) => ({ ...c, patient: "A-0001" })),
    ],
    ["no case", "E_COHORT", /no case/, () => []],
  ];
  test.concurrent.each(tables)("%s: %s", async (name, code, says, rows) => {
    const id = name.replace(/\W/g, "-");
    const path = otherTable(cohort, id, rows());
    expectRefused(await here(...validate(at(id), [], path)), code, says);
    expect(existsSync(at(id))).toBe(false);
  });

  test("models that are missing, damaged, of other tasks or doubled", async () => {
    const refused = async (code: string, says: RegExp, models: Models) => {
      expectRefused(await here(...validate(at("refused"), [], cohort, models)), code, says);
      expect(existsSync(at("refused"))).toBe(false);
    };
    await refused("E_FILE_MISSING", /none.model\.onnx/, { mtdl: at("none") });
    await refused("E_MODEL", /stdl-histology.*not all three tasks/, { mtdl: stdl[0] });
    await refused("E_MODEL", /complexity/, { stdl: stdl.slice(0, 2) });
    cpSync(mtdl, at("damaged"), { recursive: true });
    truncateSync(at("damaged", "model.onnx"), 9000);
    await refused("E_MODEL", /damaged/, { mtdl: at("damaged") });
    cpSync(mtdl, at("no-history"), { recursive: true });
    writeFileSync(at("no-history", "history.json"), "[");
    await refused("E_MODEL", /history\.json: damaged/, { mtdl: at("no-history") });
  });

  test("readers of other cases, or none where a file is named", async () => {
    writeFileSync(at("readers.csv"), "case,reader,experience,task,score\nZ-1,R1,senior,stage,3\n");
    for (const [file, code, says] of [
      [at("readers.csv"), "E_COHORT", /Z-1/],
      [at("absent.csv"), "E_FILE_MISSING", /absent/],
    ] as const) {
      expectRefused(await here(...validate(at("read"), ["--readers", file])), code, says);
      expect(existsSync(at("read"))).toBe(false);
    }
  });

  const disk = smallDisk(folder, "64k");
  test.skipIf(!disk)("a full disk: what is written is whole, results.json is not there", async () => {
    const out = join(disk!, "out");
    expectRefused(await run(validate(out)), "E_FILE_WRITE", /results\.json: the disk is full — free space/);
    expect(filesIn(out)).toEqual(["predictions.csv", "readers.csv", "thresholds.json"]);
    expect((await readPredictions(join(out, "predictions.csv"))).length).toBe(72);
    const report = await run(["report", at("whole", "results.json"), "--out", join(disk!, "report.html")]);
    expectRefused(report, "E_FILE_WRITE", /report\.html: the disk is full — free space/);
    const painted = await run(["cohort", "paint", cohort, "--out", join(disk!, "painted"), "--spacing", "4"]);
    expectRefused(painted, "E_FILE_WRITE", /\.nii\.gz: the disk is full — free space/);
    expect(filesIn(disk!).filter((name) => name.includes("partial") || name.endsWith("cohort.csv"))).toEqual(
      [],
    );
  });
});
