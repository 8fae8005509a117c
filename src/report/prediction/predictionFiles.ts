import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import { dicomOutputs } from "../../evidence/predict/documents/dicomOutputs.ts";
import { fhirReport } from "../../evidence/predict/documents/fhir.ts";
import type { Prediction } from "../../evidence/predict/prediction.ts";
import type { PredictedStudy } from "../../evidence/predict/predictStudy.ts";
import { pagePicture } from "../../page/pagePicture.ts";
import { renderPrediction } from "./renderPrediction.ts";

/** Every file of a prediction. */
export const predictionFiles = {
  page: "report.html",
  segmentation: "mask.seg.dcm",
  report: "report.sr.dcm",
  picture: "report.sc.dcm",
  fhir: "report.fhir.json",
  json: "prediction.json",
} as const;

/** What was written, and what could not be and why. */
export interface WrittenPrediction {
  readonly prediction: Prediction;
  /** Names of the files in the folder. */
  readonly files: readonly string[];
  /** A line each: no DICOM objects of NIfTI images, no picture of the page without a browser. */
  readonly missing: readonly string[];
}

/** How a prediction is written. */
export interface PredictionFileOptions {
  /** Of all UIDs and FHIR identifiers: the same text gives the same ones. Default: UIDs are random. */
  readonly seed?: string | undefined;
  /** Default true: the page as a picture too, by an installed browser. */
  readonly picture?: boolean | undefined;
}

/**
 * Writes a prediction into a folder, made where it is missing; `prediction.json` last: its presence says that the
 * folder is whole. What is there of an earlier prediction is overwritten.
 * @throws E_FILE_WRITE
 */
export async function writePrediction(
  { study, prediction, pictures }: PredictedStudy,
  folder: string,
  { seed, picture = true }: PredictionFileOptions = {},
): Promise<WrittenPrediction> {
  const files: string[] = [];
  const missing: string[] = [];
  const write = async (name: string, data: string | Uint8Array) => {
    await writeWhole(join(folder, name), data);
    files.push(name);
  };
  await rm(join(folder, predictionFiles.json), { force: true });
  const page = join(folder, predictionFiles.page);
  await write(predictionFiles.page, renderPrediction(prediction, pictures));
  const header = study.phases[study.reference]?.header;
  const created = new Date(prediction.created);
  const dicom = header && dicomOutputs(prediction, study, header, created, seed);
  if (dicom) {
    await write(predictionFiles.segmentation, dicom.segmentation);
    await write(predictionFiles.report, dicom.report);
    try {
      if (picture) await write(predictionFiles.picture, dicom.picture(await pagePicture(page)));
    } catch (error) {
      if (!(error instanceof TrinephronError) || error.code !== "E_BROWSER") throw error;
      missing.push(`no picture of the page (${predictionFiles.picture}): ${error.message}`);
    }
  } else missing.push("no DICOM objects: the images were no DICOM");
  const fhir = fhirReport(prediction, {
    seed:
      seed ??
      `${prediction.model.sha256} ${prediction.created} ${prediction.study.uid ?? study.phases[study.reference]!.path}`,
    structuredReport: dicom?.reportUid,
  });
  await write(predictionFiles.fhir, `${JSON.stringify(fhir, null, 2)}\n`);
  await write(predictionFiles.json, `${JSON.stringify(prediction, null, 2)}\n`);
  return { prediction, files, missing };
}
