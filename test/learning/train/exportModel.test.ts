import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { evaluate } from "../../../src/learning/train/evaluate.ts";
import { cropExamples } from "../../../src/learning/train/examples.ts";
import { deploy } from "../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import { claimRunFolder } from "../../../src/learning/train/runFolder.ts";
import { readModelFolder, writeModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { parametersIn } from "../../../src/numerics/graph/index.ts";
import { askR, hasR } from "../../numerics/stats/r.ts";
import { tinyData, tinySettings } from "./tinyRun.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-deploy-"));
afterAll(() => rm(folder, { recursive: true }));

const data = tinyData(40);
const settings = tinySettings();
const learner = await openLearner(settings);
const { logits, validationAuc } = await evaluate(learner, cropExamples(data, settings), data, settings);
const theta = learner.vectors.theta;
await learner.close();
const trained = { weights: parametersIn(theta, learner.layout), logits, validationAuc, bestEpoch: 3 };
const model = deploy(trained, data, settings);
const path = join(folder, "model");
await writeModelFolder({ folder: path, ...model });

describe("a model handed out", () => {
  test("is read back with all that was written", async () => {
    expect((await readModelFolder(path)).config).toEqual(model.config);
  });

  test("is the same bytes each time, and says what it was trained on", () => {
    expect(deploy(trained, data, settings).onnx).toEqual(model.onnx);
    expect(model.config).toMatchObject({
      kind: "mtdl",
      cases: { train: 34, validation: 6 },
      thresholdChosen: "Youden's index on 6 validation cases of centre A",
      dataHash: "of the data",
      bestEpoch: 3,
      parameters: theta.length,
    });
  });

  test("logits turned round are left as they are, not turned back", () => {
    const wrong = Float32Array.from(logits, (_, i) => {
      const label = data.labels[data.validation[i >> 1]][i % 2];
      return label === 1 ? -2 - (i % 3) : 2 + (i % 3);
    });
    const { calibration } = deploy({ ...trained, logits: wrong }, data, settings).config;
    expect(calibration).toEqual({
      histology: { slope: 1, intercept: 0 },
      stage: { slope: 1, intercept: 0 },
    });
  });

  test.skipIf(!hasR)("its calibration is R's penalised fit, its threshold pROC's", () => {
    const many = tinyData(66);
    const own = { ...many, validation: many.validation.concat(many.train.slice(0, 30)) };
    const drawn = Float32Array.from({ length: 72 }, (_, i) => {
      const label = own.labels[own.validation[i >> 1]][i % 2] ?? 0;
      return 1.5 * Math.sin(17 * i) + label;
    });
    const { config } = deploy({ ...trained, logits: drawn }, own, settings);
    const rows = own.validation.map((c, i) => ({ x: drawn[2 * i], y: own.labels[c][0]! }));
    const [intercept, slope, threshold] = askR<number[]>(
      { x: rows.map((r) => r.x), y: rows.map((r) => r.y) },
      `x <- unlist(input$x); y <- unlist(input$y)
f <- function(b) { z <- b[1] + b[2] * x; sum(log1p(exp(-abs(z))) + pmax(z, 0) - y * z) + 0.5 / 2 * b[2]^2 }
b <- optim(c(0, 1), f, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))$par
r <- roc(y, plogis(b[1] + b[2] * x), levels = 0:1, direction = "<")
j <- which.max(r$sensitivities + r$specificities)
p <- plogis(b[1] + b[2] * x)
output <- c(b, sum(p >= r$thresholds[j]))`,
    );
    expect(config.calibration.histology!.intercept).toBeCloseTo(intercept, 4);
    expect(config.calibration.histology!.slope).toBeCloseTo(slope, 4);
    const called = rows.filter(
      ({ x }) => 1 / (1 + Math.exp(-(slope * x + intercept))) >= config.thresholds.histology! - 1e-5,
    );
    expect(called.length).toBe(threshold);
  });
});

describe("a model folder", () => {
  test("missing, cut short, another ONNX file or no ONNX at all", async () => {
    await expect(readModelFolder(join(folder, "none"))).rejects.toMatchObject({ code: "E_FILE_MISSING" });
    const broken = join(folder, "broken");
    await writeModelFolder({ folder: broken, ...model });
    await truncate(join(broken, "model.onnx"), model.onnx.length - 700);
    await expect(readModelFolder(broken)).rejects.toMatchObject({ code: "E_MODEL" });
    await writeFile(join(broken, "model.onnx"), "no model");
    await expect(readModelFolder(broken)).rejects.toMatchObject({ code: "E_MODEL" });
    await writeFile(join(broken, "model.onnx"), "");
    await expect(readModelFolder(broken)).rejects.toMatchObject({ code: "E_MODEL" });
  });
});

describe("a run's folder", () => {
  const claim = (name: string, hash = "of the data", force = false) =>
    claimRunFolder(join(folder, name), settings, hash, undefined, force);

  test("is made, and found again with its model; another's is refused, or with force removed", async () => {
    expect(await claim("run")).toBeUndefined();
    await writeModelFolder({ folder: join(folder, "run"), ...model });
    expect(await claim("run")).toEqual(model.config);
    await expect(claim("run", "of other data")).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
    await writeFile(join(folder, "run", "notes.txt"), "mine");
    expect(await claim("run", "of other data", true)).toBeUndefined();
    expect(await readdir(join(folder, "run"))).toEqual(["notes.txt"]);
  });

  test("what a killed run left half-written is cleared, its checkpoint kept", async () => {
    const names = ["checkpoint.bin", "checkpoint.bin.partial-7", "config.json", "config.json.partial-9"];
    expect(await claim("killed")).toBeUndefined();
    for (const name of names) await writeFile(join(folder, "killed", name), "");
    expect(await claim("killed")).toBeUndefined();
    expect(await readdir(join(folder, "killed"))).toEqual(["checkpoint.bin", "config.json"]);
  });
});
