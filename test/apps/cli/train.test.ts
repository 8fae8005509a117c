import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readNifti, writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { readCheckpoint } from "../../../src/learning/train/checkpoint.ts";
import type { Epoch } from "../../../src/learning/trained/history.ts";
import type { Case, Phase } from "../../../src/patients/cohort/case.ts";
import { checkCohort } from "../../../src/patients/cohort/check/check.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { here } from "./inProcess.ts";
import {
  copyCohort,
  expectRefused,
  filesIn,
  linkCohort,
  otherTable,
  run,
  settingsFile,
  smallDisk,
  start,
  temporaryFolder,
  tinyTables,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("train");
const at = (...names: string[]) => join(folder, ...names);
const short = settingsFile(at("short.json"));
const long = settingsFile(at("long.json"), { epochs: 8, patience: 8, threads: 2 });

let cohort: string;
let cases: readonly Case[];
beforeAll(async () => {
  cohort = await tinyTables(at("cohort"));
  ({ cases } = await readCohort(cohort));
});

const train = (out: string, settings: string, more: readonly string[] = [], table = cohort) => [
  "train",
  table,
  "--out",
  out,
  "--settings",
  settings,
  ...more,
];
/** The weights, thresholds and calibration, and the epochs but for their duration. */
const bits = (out: string) => ({
  model: createHash("sha256")
    .update(readFileSync(join(out, "model.onnx")))
    .digest("hex"),
  history: (JSON.parse(readFileSync(join(out, "history.json"), "utf8")) as Epoch[]).map(
    ({ seconds: _, ...epoch }) => epoch,
  ),
});
const finished = ["MODEL_CARD.md", "config.json", "history.json", "model.onnx", "training-log.csv"];

describe("a run that is stopped", () => {
  beforeAll(async () => {
    expect((await here(...train(at("whole"), long))).status).toBe(0);
  });

  test("ends with the same bits after SIGKILL while cropping, while writing checkpoints and within epochs", async () => {
    const own = at("killed-cohort");
    linkCohort(cohort, own);
    const out = at("killed");
    const go = train(out, long, [], own);

    const cropping = await run(go, (stderr, kill) => /cropping: [1-9]/.test(stderr) && kill("SIGKILL"));
    expect(cropping.status).toBeNull();
    const crops = filesIn(join(own, ".crops")).filter((name) => name.endsWith(".crop"));
    expect(crops.length).toBeGreaterThan(0);
    expect(crops.length).toBeLessThan(40);
    expect(filesIn(out)).toEqual([]);

    mkdirSync(out);
    // The partial file beside the checkpoint is there only while it is being written; each has a name of its own.
    for (const writes of [1, 3]) {
      const child = start(...go);
      const seen = new Set<string>();
      const watcher = watch(out, (_, name) => {
        if (name?.startsWith("checkpoint.bin.partial") && seen.add(name).size === writes)
          child.kill("SIGKILL");
      });
      const status = await new Promise((resolve) => child.on("close", resolve));
      watcher.close();
      expect(status).toBeNull();
      expect(existsSync(join(out, "model.onnx"))).toBe(false);
    }
    // In an epoch's midst.
    const reached = (stderr: string) =>
      [...stderr.matchAll(/^MTDL: (\d+)\/24/gm)].some(([, n]) => Number(n) >= 12);
    const { status } = await run(go, (stderr, kill) => reached(stderr) && kill("SIGKILL"));
    expect(status).toBeNull();
    expect(readdirSync(out)).toContain("checkpoint.bin");

    expect((await here(...go)).status).toBe(0);
    expect(bits(out)).toEqual(bits(at("whole")));
    expect(filesIn(out)).toEqual(finished);
  });

  test("SIGINT: one line, then the same command goes on; other settings do not", async () => {
    const out = at("interrupted");
    const stopped = await run(
      train(out, long),
      (stderr, kill) => /^MTDL: 10\/24/m.test(stderr) && kill("SIGINT"),
    );
    expectRefused(
      stopped,
      "E_INTERRUPTED",
      /stopped in epoch \d+; \d+ epochs kept in .*the same command goes on/,
    );
    const [, kept] = / (\d+) epochs kept/.exec(stopped.stderr)!;
    expect(Number(kept)).toBeGreaterThan(0);
    expect(filesIn(out)).toEqual(["checkpoint.bin", "training-log.csv"]);
    expectRefused(await here(...train(out, short)), "E_CHECKPOINT", /other settings/);
    await expect(readCheckpoint(join(out, "checkpoint.bin"), "another run")).rejects.toMatchObject({
      code: "E_CHECKPOINT",
    });
    const { stderr } = await here(...train(out, long));
    expect(stderr).toMatch(new RegExp(`^MTDL: ${3 * Number(kept) + 1}/24 epoch ${Number(kept) + 1} `, "m"));
    expect(bits(out)).toEqual(bits(at("whole")));
  });

  test("SIGINT while cropping keeps whole crops", async () => {
    const own = at("stopped-cohort");
    linkCohort(cohort, own);
    const stopped = await run(
      train(at("none"), long, [], own),
      (stderr, kill) => /cropping: [1-9]/.test(stderr) && kill("SIGINT"),
    );
    expectRefused(stopped, "E_INTERRUPTED", /^E_INTERRUPTED: stopped/);
    const left = filesIn(join(own, ".crops"));
    expect(left.length).toBeGreaterThan(0);
    expect(left.every((name) => name.endsWith(".crop"))).toBe(true);
    expect(existsSync(at("none"))).toBe(false);
  });
});

describe("another centre", () => {
  test("changes no bit of the model, its thresholds and its calibration, corrupted or removed", async () => {
    const own = at("other-cohort");
    copyCohort(cohort, own);
    expect((await here(...train(at("with"), short, [], own))).status).toBe(0);
    const foreign = cases.filter((c) => c.center === "B");
    for (const [i, c] of foreign.entries())
      if (i % 2) rmSync(join(own, "images", c.case), { recursive: true });
      else
        for (const path of [...Object.values(c.images), c.mask]) writeFileSync(join(own, path!), "no image");
    const other = cases.map((c): Case => {
      if (c.center === "A") return c;
      const { histology: _, renal: __, sizeMm: ___, ...rest } = c;
      return { ...rest, stage: c.stage === "I" ? "IV" : "I", complexity: "high" };
    });
    for (const [i, rows] of [other, cases.filter((c) => c.center === "A")].entries()) {
      const out = at(`without-${i}`);
      expect((await here(...train(out, short, [], otherTable(own, `table-${i}`, rows)))).status).toBe(0);
      expect(bits(out)).toEqual(bits(at("with")));
    }
  });
});

describe("is refused in one line, with nothing written", () => {
  const one = (change: (c: Case) => Case) => cases.map((c) => (c.case === "A-0003" ? change(c) : c));
  const own = (name: string) => cases.find((c) => c.case === name)!;
  const image = (phase: Phase, path: string) =>
    one((c) => ({ ...c, images: { ...c.images, [phase]: path } }));
  const file = (name: string) => `broken/${name}.nii.gz`;
  beforeAll(async () => {
    mkdirSync(join(cohort, "broken"));
    const { images, mask } = own("A-0003");
    const volume = await readNifti(join(cohort, images.nephrographic!));
    const labels = await readNifti(join(cohort, mask!));
    const write = (name: string, data: typeof volume.data, more = {}) =>
      writeNifti(join(cohort, file(name)), { ...volume, data, ...more });
    await write("empty-mask", new Uint8Array(labels.data.length));
    await write("shifted-mask", Uint8Array.from(labels.data), {
      origin: [volume.origin[0] + 40, volume.origin[1], volume.origin[2]],
    });
    await write(
      "picture",
      Uint8Array.from(volume.data, (hu) => Math.min(Math.max((hu + 150) / 2, 0), 255)),
    );
    await write(
      "nan",
      Float32Array.from(volume.data, (hu, v) => (labels.data[v] === 2 ? Number.NaN : hu)),
    );
    await write(
      "infinite",
      Float32Array.from(volume.data, (hu, v) => (labels.data[v] === 1 && v % 50 === 0 ? Infinity : hu)),
    );
    await write(
      "normalised",
      Float32Array.from(volume.data, (hu) => (hu - 100) / 300),
    );
    await write("copy", Float32Array.from(volume.data));
    await write(
      "other-labels",
      Uint8Array.from(labels.data, (label) => (label === 2 ? 7 : label)),
    );
    await write(
      "fractions",
      Float32Array.from(labels.data, (label) => label / 2),
    );
    await write(
      "no-tumour",
      Uint8Array.from(labels.data, (label) => (label === 2 ? 1 : label)),
    );
    await write("short", volume.data);
    truncateSync(join(cohort, file("short")), 20_000);
    writeFileSync(join(cohort, file("text")), "not an image ".repeat(100));
  });

  const swapped = (a: Phase, b: Phase) => () =>
    one((c) => ({ ...c, images: { ...c.images, [a]: c.images[b]!, [b]: c.images[a]! } }));
  const mask = (path: string) => () => one((c) => ({ ...c, mask: path }));
  const table: [string, string, RegExp, () => readonly Case[]][] = [
    [
      "corticomedullary for nephrographic",
      "E_PHASE",
      /A-0003.*swapped/,
      swapped("corticomedullary", "nephrographic"),
    ],
    [
      "one file for two phases",
      "E_PHASE",
      /A-0003: its nephrographic and excretory images are the same/,
      () => image("excretory", own("A-0003").images.nephrographic!),
    ],
    ["a mask elsewhere", "E_GEOMETRY", /A-0003/, mask(file("shifted-mask"))],
    ["a mask of another patient's size", "E_GEOMETRY", /A-0003.*A-0007/, () => mask(own("A-0007").mask!)()],
    ["an empty mask", "E_MASK", /empty-mask.*empty/, mask(file("empty-mask"))],
    ["no mask", "E_MASK", /A-0003/, () => one(({ mask: _, ...c }) => c)],
    ["a truncated image", "E_FILE_TRUNCATED", /short\.nii\.gz/, () => image("excretory", file("short"))],
    ["a file that is no image", "E_FORMAT", /text\.nii\.gz/, () => image("excretory", file("text"))],
    ["a missing file", "E_FILE_MISSING", /nowhere\.nii/, () => image("excretory", "nowhere.nii")],
    ["an 8-bit picture", "E_VALUE", /picture.*Hounsfield/, () => image("nephrographic", file("picture"))],
    ["voxels that are no number", "E_VALUE", /nan.*not a number/, () => image("nephrographic", file("nan"))],
    [
      "voxels that are infinite",
      "E_VALUE",
      /infinite.*not a number/,
      () => image("nephrographic", file("infinite")),
    ],
    [
      "a normalised image",
      "E_VALUE",
      /normalised.*Hounsfield/,
      () => image("nephrographic", file("normalised")),
    ],
    [
      "one image for two phases, stored otherwise",
      "E_PHASE",
      /A-0003.*nephrographic and excretory images are the same/,
      () => image("excretory", file("copy")),
    ],
    ["other labels", "E_MASK", /other-labels.*label 7/, mask(file("other-labels"))],
    ["fractions for labels", "E_MASK", /fractions.*label 0\.5/, mask(file("fractions"))],
    ["a mask without tumour", "E_MASK", /no-tumour.*no tumour/, mask(file("no-tumour"))],
    ["no image at all", "E_PHASE", /A-0003/, () => one((c) => ({ ...c, images: {} }))],
    ["one class", "E_ONE_CLASS", /stage/, () => cases.map((c) => ({ ...c, stage: "I" as const }))],
    ["no case of the centre", "E_COHORT", /centre A.*B/, () => cases.filter((c) => c.center === "B")],
    ["two cases", "E_ONE_CLASS", /training cases/, () => cases.slice(0, 2)],
    ["no case", "E_COHORT", /no case below the header/, () => []],
  ];
  test.concurrent.each(table)("%s: %s", async (name, code, says, rows) => {
    const id = name.replace(/\W/g, "-");
    const path = otherTable(cohort, id, rows());
    expectRefused(await here(...train(at(id), short, [], path)), code, says);
    expect(existsSync(at(id))).toBe(false);
  });
  // After them, for while they run together one may be writing.
  test("no crop is left half-written", () => {
    expect(filesIn(join(cohort, ".crops")).filter((crop) => !crop.endsWith(".crop"))).toEqual([]);
  });

  /** What is no fault of the cohort, but of what was asked for, or leaves nothing to check. */
  const ofTheCall = ["no case of the centre", "no case"];
  test.each(table.filter(([name]) => !ofTheCall.includes(name)))(
    "and found by `cohort check` before: %s: %s",
    async (_, code, __, rows) => {
      // The first of them: the faulty one and its neighbours.
      const own = rows()
        .filter((c) => c.center === "A")
        .slice(0, 4);
      const found = await checkCohort({ folder: cohort, cases: own }, { threads: 1 });
      const where = code === "E_ONE_CLASS" ? null : "A-0003";
      expect(found).toContainEqual({ severity: "error", code, case: where, message: expect.any(String) });
    },
  );

  const options: [string, string, RegExp, readonly string[]][] = [
    ["no such cohort", "E_FILE_MISSING", /nowhere/, ["train", at("nowhere"), "--out", at("x")]],
    [
      "an unknown task",
      "E_USAGE",
      /--tasks grade: no task .*histology, stage, complexity/,
      ["--tasks", "grade"],
    ],
    ["no epochs", "E_USAGE", /--epochs 0/, ["--epochs", "0"]],
    ["no settings file", "E_FILE_MISSING", /none\.json/, ["--settings", at("none.json")]],
  ];
  test.concurrent.each(options)("%s: %s", async (name, code, says, args) => {
    const out = at(name.replace(/\W/g, "-"));
    expectRefused(await here(...(args[0] === "train" ? args : train(out, short, args))), code, says);
    expect(existsSync(out)).toBe(false);
  });

  test.concurrent.each([
    ["E_FORMAT", /bad-0\.json: not JSON/, "{"],
    ["E_FORMAT", /bad-1\.json/, "[1]"],
    ["E_USAGE", /bad-2\.json: .*"learningrate"/, '{"learningrate": 1}'],
    ["E_USAGE", /bad-3\.json: crop: voxels: not a multiple/, '{"crop": {"voxels": 17}}'],
  ])("settings: %s %s", async (code, says, text) => {
    const [, n] = /bad-(\d)/.exec(String(says))!;
    writeFileSync(at(`bad-${n}.json`), text);
    expectRefused(await here(...train(at("bad"), at(`bad-${n}.json`))), code, says);
    expect(existsSync(at("bad"))).toBe(false);
  });

  const disk = smallDisk(folder, "256k");
  test.skipIf(!disk)("a full disk", async () => {
    const ample = settingsFile(at("ample.json"), { backbone: { width: 16, stages: 2 }, epochs: 1 });
    const full = await run(train(join(disk!, "model"), ample));
    expectRefused(
      full,
      "E_FILE_WRITE",
      /checkpoint\.bin: the disk is full — free space, then run the same command/,
    );
    expect(filesIn(disk!)).toEqual([]);
  });
  test.skipIf(!disk)("a full disk while cropping", async () => {
    const absolute = (path: string) => join(cohort, path);
    const table = cases.map((c) => ({
      ...c,
      images: Object.fromEntries(Object.entries(c.images).map(([phase, path]) => [phase, absolute(path!)])),
      mask: absolute(c.mask!),
    }));
    const full = await run(train(at("full"), short, [], otherTable(disk!, "cohort", table)));
    expectRefused(full, "E_FILE_WRITE", /\.crop: the disk is full — free space/);
    const left = filesIn(join(disk!, ".crops"));
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((name) => !name.endsWith(".crop"))).toEqual([]);
    expect(existsSync(at("full"))).toBe(false);
  });
});

describe("the output folder", () => {
  test("keeps a model of other settings, and any file of another's; --force replaces a run's files alone", async () => {
    const out = at("kept");
    mkdirSync(out);
    writeFileSync(join(out, "notes.txt"), "mine");
    expect((await here(...train(out, short))).status).toBe(0);
    const before = bits(out);
    const again = await here(...train(out, short));
    expect([again.status, again.stderr]).toEqual([0, expect.not.stringContaining("MTDL:")]);
    expectRefused(
      await here(...train(out, short, ["--seed", "9"])),
      "E_FILE_EXISTS",
      /other settings.*--force/,
    );
    expect(bits(out)).toEqual(before);
    expect((await here(...train(out, short, ["--seed", "9", "--force"]))).status).toBe(0);
    expect(bits(out)).not.toEqual(before);
    expect(readFileSync(join(out, "notes.txt"), "utf8")).toBe("mine");
  });

  test("a config.json of something else, a file in its place, and a damaged model are refused", async () => {
    mkdirSync(at("taken"));
    writeFileSync(at("taken", "config.json"), "{}");
    expectRefused(await here(...train(at("taken"), short)), "E_FILE_EXISTS", /config\.json, but no model/);
    expect(readFileSync(at("taken", "config.json"), "utf8")).toBe("{}");
    writeFileSync(at("taken", "model.onnx"), "not a model");
    expectRefused(await here(...train(at("taken"), short)), "E_MODEL", /model\.onnx/);
    expectRefused(await here(...train(short, short)), "E_FILE_WRITE", /a file where a folder should be/);
  });
});

test("options win over the settings file, and the file over their defaults", async () => {
  const file = settingsFile(at("file.json"), { seed: 7, tasks: ["stage"], epochs: 1 });
  const trained = async (out: string, ...more: string[]) => {
    const { stdout } = await here(...train(at(out), file, ["--json", ...more]));
    const { tasks, settings } = JSON.parse(stdout);
    return [tasks, settings.seed, settings.epochs];
  };
  expect(await trained("file")).toEqual([["stage"], 7, 1]);
  expect(await trained("options", "--tasks", "histology", "--seed", "1", "--epochs", "2")).toEqual([
    ["histology"],
    1,
    2,
  ]);
});
