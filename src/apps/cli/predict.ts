import { join } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { mustNotExist } from "../../base/files.ts";
import { predictStudy } from "../../evidence/predict/predictStudy.ts";
import { predictionText } from "../../evidence/predict/text.ts";
import { outlineWith } from "../../learning/segmentation/outline/outlineWith.ts";
import { segmentationFolder } from "../../learning/segmentation/outline/shipped.ts";
import { readModelFolder } from "../../learning/trained/modelFolder.ts";
import type { Vec3 } from "../../numerics/volume/volume.ts";
import { inOrder, type Phase, phases } from "../../patients/cohort/case.ts";
import { assembleNifti } from "../../patients/study/assembleNifti.ts";
import { readStudy } from "../../patients/study/readStudy.ts";
import { predictionFiles, writePrediction } from "../../report/prediction/predictionFiles.ts";
import { type CommonOptions, result, say, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";
import { box, point } from "./support/places.ts";

interface Options extends CommonOptions {
  readonly model: string;
  readonly out: string;
  readonly image: Readonly<Partial<Record<Phase, string>>>;
  readonly phase: Readonly<Partial<Record<Phase, string>>>;
  readonly mask?: string;
  readonly labels?: string;
  readonly point?: Vec3;
  readonly box?: readonly [Vec3, Vec3];
  readonly segmentation?: string;
  readonly align: boolean;
  readonly explain: boolean;
  readonly threads: number;
}

/** Registers `predict`. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command("predict")
      .description("read one patient's study with a trained model: its answers, and why")
      .argument("[study]", "folder, ZIP or DICOMDIR of the patient's DICOM files")
      .requiredOption("--model <folder>", "a trained model")
      .requiredOption("--out <folder>", "where prediction.json, report.html and the DICOM and FHIR files go")
      .option(
        "--image <phase=file>",
        "a NIfTI image of a phase, instead of DICOM; once for each",
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
      .option(
        "--segmentation <folder>",
        "without a mask: a model that outlines kidney and tumour, as segment takes; by default the one that comes along; none",
      )
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
  mustBePhases("--image", options.image, model.config.phases);
  mustBePhases("--phase", options.phase, model.config.phases);
  const segmentation = await segmentationFolder(options.segmentation);
  const name = study ?? Object.values(options.image)[0]!;
  const written = await longWork(async (work) => {
    const outline =
      segmentation === undefined
        ? undefined
        : outlineWith(segmentation, { threads: options.threads, ...work });
    const reading = { ...options, phases: options.phase, outline, ...work };
    const found =
      study === undefined
        ? await assembleNifti(options.image, { ...reading, name })
        : await readStudy(study, reading);
    const { threads, explain } = options;
    const read = await predictStudy(found, model, { name, explain, threads, ...work });
    return writePrediction(read, options.out);
  });
  for (const line of written.missing) say(line);
  const where = `Written to ${options.out}: ${written.files.join(", ")}`;
  result(options, written.prediction, `${predictionText(written.prediction)}\n\n${where}`);
}

/** Parses `phase=value`, gathered over repeats. */
function byPhase(option: string) {
  return (text: string, before: Readonly<Partial<Record<Phase, string>>>) => {
    const [, phase, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (phase === undefined || value === undefined)
      throw new TrinephronError(
        "E_USAGE",
        `${option} ${text}: not phase=…`,
        `phases are ${phases.join(", ")}`,
      );
    if (phase in before) throw new TrinephronError("E_USAGE", `${option}: ${phase} stands twice`);
    return { ...before, [phase]: value };
  };
}

/** Names are the contrast phases', or those of the images that the model reads. @throws E_USAGE for another */
function mustBePhases(
  option: string,
  given: Readonly<Partial<Record<Phase, string>>>,
  ofModel: readonly Phase[],
): void {
  const known = inOrder([...new Set([...phases, ...ofModel])]);
  const stranger = Object.keys(given).find((phase) => !known.includes(phase));
  if (stranger !== undefined)
    throw new TrinephronError(
      "E_USAGE",
      `${option} ${stranger}=${given[stranger]}: not phase=…`,
      `phases are ${known.join(", ")}`,
    );
}
