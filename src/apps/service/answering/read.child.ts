import { TrinephronError } from "../../../base/errors.ts";
import { readStart, readWhole } from "../../../base/files.ts";
import type { Progress } from "../../../base/work.ts";
import { predictStudy } from "../../../evidence/predict/predictStudy.ts";
import { readHeaders, type Source } from "../../../imaging/formats/dicom/index.ts";
import { outlineWith } from "../../../learning/segmentation/outline/outlineWith.ts";
import { segmentationFolder } from "../../../learning/segmentation/outline/shipped.ts";
import { readModelFolder } from "../../../learning/trained/modelFolder.ts";
import { assembleStudy } from "../../../patients/study/assemble.ts";
import { writePrediction } from "../../../report/prediction/predictionFiles.ts";
import type { ReadAnswer, ReadJob, ReadMessage } from "./readJob.ts";

/**
 * Reads one study, in a process of its own: reading takes all of a processor for minutes, and what a broken study does
 * to it does not reach the service.
 */

// The service has ended: the study is read again by the next.
process.on("disconnect", () => process.exit(1));
// The parent stops this process where it has to.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});

process.once("message", async (job: ReadJob) => {
  let answer: ReadAnswer;
  try {
    answer = { written: await read(job) };
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    const { code, message, hint } = error;
    answer = { error: { code, message, hint } };
  }
  process.send?.(answer, () => process.disconnect());
});

/** Between two messages of one step. */
const tellMs = 500;
let toldStep = "";
let toldAt = 0;
const progress: Progress = (step, done, total) => {
  const now = performance.now();
  if (step === toldStep && now - toldAt < tellMs) return;
  [toldStep, toldAt] = [step, now];
  const fraction = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  process.send?.({ progress: { step, fraction } } satisfies ReadMessage);
};

async function read(job: ReadJob) {
  const { images, model: folder, out, created, seed, picture, ...options } = job;
  const { threads, align, explain } = options;
  const model = await readModelFolder(folder);
  const segmentation = await segmentationFolder(options.segmentation);
  const files = await readHeaders(images.map(source));
  const study = await assembleStudy(files, {
    name: "the study",
    align,
    threads,
    progress,
    outline: segmentation === undefined ? undefined : outlineWith(segmentation, { threads, progress }),
  });
  const missing = job.phases.filter((phase) => !study.phases[phase]);
  if (missing.length > 0)
    throw new TrinephronError("E_PHASE", `the study lacks ${missing.join(", ")}, which its rule asks for`);
  const predicted = await predictStudy(study, model, {
    name: "the study",
    created: new Date(created),
    explain,
    threads,
    progress,
  });
  progress("writing the report", 0, 1);
  const written = await writePrediction(predicted, out, { seed, picture });
  return { files: written.files, missing: written.missing };
}

const source = ({ name, path }: ReadJob["images"][number]): Source => ({
  name,
  whole: () => readWhole(path),
  start: (length) => readStart(path, length),
});
