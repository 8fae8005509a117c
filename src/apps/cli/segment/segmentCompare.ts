import { join } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist } from "../../../base/files.ts";
import { speckMl } from "../../../imaging/nephrometry/kidney/cleanLabels.ts";
import { compareMasks } from "../../../learning/segmentation/compare/compareMasks.ts";
import { readLabelScheme } from "../../../learning/segmentation/compare/labelScheme.ts";
import type { OverlapResults } from "../../../learning/segmentation/compare/overlapResults.ts";
import { overlapSummary } from "../../../report/overlap/renderOverlap.ts";
import { overlapFiles, writeOverlap } from "../../../report/overlap/writeOverlap.ts";
import {
  type CommonOptions,
  number,
  result,
  say,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly labels?: string;
  readonly images?: string;
  readonly tolerance?: number;
  readonly iou: number;
  readonly speck: number;
  readonly pictures: number;
  readonly threads?: number;
}

/** Registers `segment compare`. */
export function registerSegmentCompare(segment: Command): void {
  withCommonOptions(
    segment
      .command("compare")
      .description(
        "score predicted masks against a reference: Dice, surface distances, volumes, lesions found",
      )
      .argument("<reference>", "NIfTI labels (1 kidney, 2 tumour, 3 cyst), or a folder or cohort of them")
      .argument(
        "<predicted>",
        "the same of a model or another reader, on the same grids, under the same names",
      )
      .requiredOption("--out <folder>", "where scores.csv, lesions.csv, scores.json and report.html go")
      .option(
        "--labels <file>",
        "what other labels mean: CSV (name, label), or JSON with classes of your own",
      )
      .option(
        "--images <path>",
        "images by the cases' names, shown below the outlines; of two files, the image",
      )
      .option(
        "--tolerance <mm>",
        "of the surface Dice; default: KiTS's own for its classes",
        number("--tolerance", 0),
      )
      .option(
        "--iou <share>",
        "intersection over union from which a lesion counts as found",
        number("--iou", 0),
        0.1,
      )
      .option("--speck <mL>", "smaller pieces are no lesions", number("--speck", 0), speckMl)
      .option("--pictures <n>", "cases of least Dice to show, of each class", wholeNumber("--pictures", 0), 3)
      .option("--threads <n>", "cases at a time; by default one a core", wholeNumber("--threads", 1)),
  ).action(compare);
}

async function compare(reference: string, predicted: string, options: Options): Promise<void> {
  const { out, labels, images, tolerance, iou, speck, pictures, threads, seed } = options;
  if (iou > 1) throw new TrinephronError("E_USAGE", `--iou ${iou}: a share is at most 1`);
  await mustNotExist(join(out, overlapFiles.json), options);
  const given = await readLabelScheme(labels);
  const classes = given.classes.map((each) => ({ ...each, toleranceMm: tolerance ?? each.toleranceMm }));
  const results = await longWork((work) =>
    compareMasks(reference, predicted, {
      scheme: { ...given, classes },
      detection: { leastIou: iou, speckMl: speck },
      ...{ pictures, images, threads, seed, ...work },
    }),
  );
  await writeOverlap(results, out);
  for (const { case: name, reason } of results.leftOut) say(`${name} is left out: ${reason}`);
  for (const { case: name, remarks } of results.cases)
    for (const remark of remarks) say(`${name}: ${remark}`);
  const { pictures: _, cases, ...rest } = results;
  const files = Object.values(overlapFiles).join(", ");
  result(
    options,
    { out, scored: cases.length, ...rest },
    `${asText(results)}\n\nWritten to ${out}: ${files}`,
  );
}

function asText(results: OverlapResults): string {
  const mean = (found: OverlapResults["summary"][number]["scores"]["dice"], digits: number) =>
    found ? found.mean.toFixed(digits).replace(/^-/, "−") : "–";
  const table = textTable(
    ["class", "cases", "Dice", "surface Dice", "HD95, mm", "ASSD, mm", "volume error, mL", "found", "false"],
    results.summary.map(({ class: name, scores, detection }) => [
      name,
      String(results.cases.length),
      mean(scores.dice, 3),
      mean(scores.surfaceDice, 3),
      mean(scores.hd95Mm, 1),
      mean(scores.assdMm, 2),
      mean(scores.volumeErrorMl, 1),
      detection ? `${detection.found} of ${detection.lesions}` : "–",
      detection ? String(detection.falsePositives) : "–",
    ]),
  );
  return `${overlapSummary(results)}\n\n${table}`;
}
