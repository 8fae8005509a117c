/**
 * One patient's three-phase study of 3 × 150 slices (512 × 512) to all its outputs, registration included, beside
 * reading the same files by dcm2niix and registering them at full size by elastix's own rigid defaults:
 * `node bench/predict.ts [pairs] [--model folder]`. Needs Debian's dcm2niix for the peer.
 * The study is painted (a simulation), its phases shifted by up to 15 mm; without --model the network is untrained.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultParameterMapNode, elastixNode } from "@itk-wasm/elastix";
import { textTable } from "../src/apps/cli/support/io.ts";
import { ctSeries, segmentation, uid } from "../src/imaging/formats/dicom/index.ts";
import { readNifti } from "../src/imaging/formats/nifti/index.ts";
import { deploy } from "../src/learning/train/exportModel.ts";
import { openLearner } from "../src/learning/train/learner/learner.ts";
import { writeModelFolder } from "../src/learning/trained/modelFolder.ts";
import { trainSettings } from "../src/learning/trained/settings.ts";
import { parametersIn } from "../src/numerics/graph/index.ts";
import { quantile } from "../src/numerics/stats/index.ts";
import { gridAround, indexToPoint, resample, type Vec3, type Volume } from "../src/numerics/volume/index.ts";
import { phases } from "../src/patients/cohort/case.ts";
import { studyTasks } from "../src/patients/cohort/tasks.ts";
import { paint } from "../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../src/patients/synthetic/phantom/phantom.ts";

const { values, positionals } = parseArgs({
  options: { model: { type: "string" } },
  allowPositionals: true,
});
const pairs = Number(positionals[0] ?? 3);
const folder = mkdtempSync(join(tmpdir(), "bench-predict-"));
const bin = new URL("../bin/trinephron.js", import.meta.url).pathname;
const peer = spawnSync("dcm2niix", ["--version"]).error === undefined;

try {
  const input = join(folder, "study");
  const shifts = writeStudy(input);
  const model = values.model ?? (await untrained());
  const own: { seconds: number; peak: number }[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    own.push(predict(input, model));
    if (peer) theirs.push(await dcm2niixAndElastix(input));
  }
  const row = (name: string, list: readonly number[]) => [
    name,
    quantile(list, 0.5).toFixed(2),
    `${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)}`,
  ];
  console.log(
    textTable(
      ["figure", "median", "smallest–largest"],
      [
        row(
          "predict, whole process, seconds",
          own.map(({ seconds }) => seconds),
        ),
        row(
          "peak memory, GiB",
          own.map(({ peak: bytes }) => bytes / 2 ** 30),
        ),
        ...(peer
          ? [
              row("dcm2niix, then elastix, seconds", theirs),
              row(
                "ratio of time",
                own.map(({ seconds }, n) => seconds / theirs[n]),
              ),
            ]
          : []),
      ],
    ),
  );
  console.log(`phases shifted by ${shifts.map((mm) => mm.toFixed(0)).join(", ")} mm`);
  if (!peer) console.warn("dcm2niix is not installed: no peer");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes the study; returns how far each phase lies off. */
function writeStudy(input: string): number[] {
  const { mask } = phantom(
    { sizeMm: 50, side: "left", invasion: { perirenal: false, sinus: false, vein: false } },
    3,
    {
      spacing: 1,
    },
  );
  const painted = paint(mask, { histology: "clear_cell", necrosis: false }, centerStyle("A", 1), 3, {
    spacing: 1,
  });
  const center = indexToPoint(painted.mask, painted.mask.size.map((n) => (n - 1) / 2) as unknown as Vec3);
  const grid = gridAround(center, [512, 512, 150], [0.75, 0.75, 1.25]);
  const context = {
    patient: { id: "BENCH", name: "Painted^Study" },
    study: { uid: uid(), date: "20260101" },
    frameOfReference: uid(),
  };
  const offsets: Vec3[] = [
    [9, -6, 10],
    [0, 0, 0],
    [-7, 8, -5],
  ];
  const slices = phases.map((phase, p) => {
    const image = resample(painted.phases[phase], grid, { fill: -1024 });
    const origin = image.origin.map((o, a) => o + offsets[p][a]) as unknown as Vec3;
    const series = { uid: uid(), number: p + 2, description: ["art", "ven", "late"][p] };
    mkdirSync(join(input, phase), { recursive: true });
    const written = [
      ...ctSeries(
        { ...image, origin },
        { context, series, acquired: new Date(2026, 0, 1, 9, p), name: phase },
      ),
    ];
    written.forEach(({ bytes }, k) => writeFileSync(join(input, phase, `${k}.dcm`), bytes));
    return written;
  });
  const seg = segmentation(resample(painted.mask, grid, { interpolation: "nearest" }), {
    context,
    series: { uid: uid(), number: 9, description: "mask" },
    algorithm: { type: "MANUAL", name: "" },
    source: slices[1],
    created: new Date(2026, 0, 1, 10),
    name: "mask",
  });
  writeFileSync(join(input, "mask.dcm"), seg.bytes);
  return offsets.map((mm) => Math.hypot(...mm));
}

/** A model of the default size whose weights are its starting values. */
async function untrained(): Promise<string> {
  const settings = trainSettings.parse({ tasks: ["histology", "stage", "complexity"], center: "A" });
  const learner = await openLearner(settings);
  const classes = [0, 1].map((label) => settings.tasks.map(() => label as 0 | 1));
  const data = {
    crops: [],
    labels: classes,
    train: [0, 1],
    validation: [0, 1],
    tasks: studyTasks,
    classWeights: settings.tasks.map(() => [1, 1] as const),
    sources: ["painted" as const],
    hash: "none",
  };
  const logits = Float32Array.from([-1, -1, -1, 1, 1, 1]);
  const trained = {
    weights: parametersIn(learner.vectors.theta, learner.layout),
    logits,
    validationAuc: {},
    bestEpoch: 1,
  };
  const model = join(folder, "model");
  await writeModelFolder({ folder: model, ...deploy(trained, data, settings) });
  await learner.close();
  return model;
}

function predict(input: string, model: string): { seconds: number; peak: number } {
  const script = `
    process.argv = [process.argv[0], ${JSON.stringify(bin)}, "predict", ${JSON.stringify(input)}, "--model",
      ${JSON.stringify(model)}, "--out", ${JSON.stringify(join(folder, "out"))}, "--force", "--json"];
    process.on("exit", () => require("node:fs").writeSync(2, "PEAK " + process.resourceUsage().maxRSS));
    import(${JSON.stringify(bin)});`;
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(stderr);
  return {
    seconds: (performance.now() - start) / 1000,
    peak: 1024 * Number(/PEAK (\d+)/.exec(stderr)?.[1]),
  };
}

async function dcm2niixAndElastix(input: string): Promise<number> {
  const start = performance.now();
  const out = join(folder, "nifti");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const phase of phases)
    spawnSync("dcm2niix", ["-z", "n", "-f", phase, "-o", out, join(input, phase)], { stdio: "ignore" });
  const read = async (phase: string) => {
    const name = readdirSync(out).find((file) => file.startsWith(phase) && file.endsWith(".nii"))!;
    return itkImage(await readNifti(join(out, name)));
  };
  const { parameterMap } = await defaultParameterMapNode("rigid", {});
  const fixed = await read("nephrographic");
  for (const phase of ["corticomedullary", "excretory"])
    await elastixNode([parameterMap] as never, { fixed, moving: await read(phase) });
  return (performance.now() - start) / 1000;
}

function itkImage({ size, spacing, origin, direction: [u, v, w], data }: Volume) {
  return {
    imageType: { dimension: 3, componentType: "float32", pixelType: "Scalar", components: 1 },
    name: "image",
    size: [...size],
    spacing: [...spacing],
    origin: [...origin],
    direction: Float64Array.of(u[0], v[0], w[0], u[1], v[1], w[1], u[2], v[2], w[2]),
    data: Float32Array.from(data),
    metadata: new Map(),
  } as never;
}
