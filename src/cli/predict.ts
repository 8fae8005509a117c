import { join } from "node:path";
import type { Command } from "commander";
import { type Phase, phases } from "../cohort/case.ts";
import { TrinephronError } from "../errors.ts";
import { readHeaders, sourcesOf } from "../formats/dicom/index.ts";
import { predictStudy, withMask } from "../predict/predictStudy.ts";
import { predictionText } from "../predict/text.ts";
import { type AssembledStudy, type AssembleOptions, assembleNifti, assembleStudy } from "../study/index.ts";
import { readModelFolder } from "../train/modelFolder.ts";
import type { Vec3 } from "../volume/volume.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  mustNotExist,
  progress,
  result,
  say,
  wholeNumber,
  withCommonOptions,
} from "./io.ts";
import { predictionFiles, writePrediction } from "./predictionFiles.ts";

interface Options extends CommonOptions {
  readonly model: string;
  readonly out: string;
  readonly image: Readonly<Partial<Record<Phase, string>>>;
  readonly phase: Readonly<Partial<Record<Phase, string>>>;
  readonly mask?: string;
  readonly labels?: string;
  readonly point?: Vec3;
  readonly box?: readonly [Vec3, Vec3];
  readonly align: boolean;
  readonly explain: boolean;
  readonly threads: number;
}

/** Registers `predict`. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command("predict")
      .description("read one patient's study with a trained model: three answers, and why")
      .argument("[study]", "folder, ZIP or DICOMDIR of the patient's DICOM files")
      .requiredOption("--model <folder>", "a trained model")
      .requiredOption("--out <folder>", "where prediction.json, report.html and the DICOM and FHIR files go")
      .option(
        "--image <phase=file>",
        "a NIfTI image of a phase, instead of DICOM; once a phase",
        byPhase("--image"),
        {},
      )
      .option(
        "--phase <phase=series>",
        "which series is a phase: its UID, number or description",
        byPhase("--phase"),
        {},
      )
      .option(
        "--mask <path>",
        "kidney and tumour: NIfTI, DICOM SEG or RTSTRUCT; else one in the study is taken",
      )
      .option("--labels <file>", "name,label table for the mask's regions")
      .option("--point <L,P,S>", "without a mask: a point inside the tumour, LPS mm", point)
      .option("--box <L,P,S,L,P,S>", "without a mask: two corners around the tumour, LPS mm", box)
      .option("--no-align", "leave phases as scanned")
      .option("--no-explain", "no explanation maps: faster")
      .option("--threads <n>", "threads", wholeNumber("--threads", 1), 2),
  ).action(predict);
}

async function predict(study: string | undefined, options: Options): Promise<void> {
  const named = Object.keys(options.image).length > 0;
  if ((study === undefined) === !named)
    throw new TrinephronError("E_USAGE", "give a study's folder, or --image phase=file for each phase");
  await mustNotExist(join(options.out, predictionFiles.json), options);
  const model = await readModelFolder(options.model);
  const bars = new Map<string, ReturnType<typeof progress>>();
  const step = (label: string, done: number, total: number) => {
    if (!bars.has(label)) bars.set(label, progress(label, total));
    bars.get(label)!.step(done);
    if (done === total) bars.get(label)!.end();
  };
  const name = study ?? Object.values(options.image)[0]!;
  const written = await interruptible(async (signal) => {
    const assembleOptions: AssembleOptions = {
      ...options,
      phases: options.phase,
      name,
      signal,
      progress: step,
    };
    const assembled = withMask(await assembledOf(study, options, assembleOptions), name);
    const { threads, explain } = options;
    const read = await predictStudy(assembled, model, {
      name,
      now: new Date(),
      explain,
      threads,
      signal,
      progress: step,
    });
    return writePrediction(read, assembled, options.out);
  });
  for (const line of written.missing) say(line);
  const where = `Written to ${options.out}: ${written.files.join(", ")}`;
  result(options, written.prediction, `${predictionText(written.prediction)}\n\n${where}`);
}

async function assembledOf(
  study: string | undefined,
  { image }: Options,
  options: AssembleOptions,
): Promise<AssembledStudy> {
  if (study === undefined) return assembleNifti(image, options);
  const sources = await sourcesOf(study);
  const files = await readHeaders(sources, (done) =>
    options.progress?.("reading headers", done, sources.length),
  );
  if (!files.some(({ header }) => header))
    throw new TrinephronError("E_FORMAT", `${study}: no DICOM file among ${files.length}`);
  return assembleStudy(files, options);
}

/** Parses `phase=value`, gathered over repeats. */
function byPhase(option: string) {
  return (text: string, before: Readonly<Partial<Record<Phase, string>>>) => {
    const [, phase, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (!phases.includes(phase as Phase))
      throw new TrinephronError(
        "E_USAGE",
        `${option} ${text}: not phase=…`,
        `phases are ${phases.join(", ")}`,
      );
    if (phase in before) throw new TrinephronError("E_USAGE", `${option}: ${phase} stands twice`);
    return { ...before, [phase]: value };
  };
}

function numbers(option: string, text: string, count: number): number[] {
  const values = text.split(",").map(Number);
  if (values.length !== count || !values.every(Number.isFinite))
    throw new TrinephronError("E_USAGE", `${option} ${text}: not ${count} numbers with commas between`);
  return values;
}

const point = (text: string): Vec3 => numbers("--point", text, 3) as unknown as Vec3;

function box(text: string): readonly [Vec3, Vec3] {
  const [a, b, c, d, e, f] = numbers("--box", text, 6);
  return [
    [Math.min(a, d), Math.min(b, e), Math.min(c, f)],
    [Math.max(a, d), Math.max(b, e), Math.max(c, f)],
  ];
}
