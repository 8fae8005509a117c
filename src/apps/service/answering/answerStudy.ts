import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { type Prediction, predictionSchema } from "../../../evidence/predict/prediction.ts";
import { segmentationFolder } from "../../../learning/segmentation/outline/shipped.ts";
import { predictionFiles } from "../../../report/prediction/predictionFiles.ts";
import type { Database } from "../database/database.ts";
import { readInstance } from "../intake/readInstance.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import { stageCopy } from "../pixels/stagedFile.ts";
import type { AnswerJob } from "../queue/openQueue.ts";
import { addRemovals } from "../retention/removals.ts";
import { type Decision, decide } from "../rules/decide.ts";
import { factsOf } from "../rules/factsOf.ts";
import type { Rule } from "../rules/rulesFile.ts";
import { noteProgress, type ReadingProgress } from "../studies/progress.ts";
import type { ResultFile } from "../studies/result.ts";
import { type Claim, claim, isClaimed } from "./claim.ts";
import { type Answered, answered, type StudyResult, unanswered } from "./conclude.ts";
import { hashOfFile, hashOfModels } from "./hashOfModels.ts";
import { readInProcess } from "./readInProcess.ts";
import type { ReadingSettings } from "./readJob.ts";
import { verdictOn } from "./verdict.ts";

/** What a worker works with. */
export interface Answering extends Answered {
  readonly images: ContentStore;
  readonly results: ContentStore;
  /** A folder on this machine for what a study's process writes. */
  readonly work: string;
  /** Folder in which results lie until they are in their store, on its disk. */
  readonly staging: string;
  readonly reading: ReadingSettings;
  /** Folders of models that rules may read with, by their names. */
  readonly models: Readonly<Record<string, string>>;
  /** Undefined: every study is read. */
  readonly rules: readonly Rule[] | undefined;
}

/** What became of an attempt to read a study. */
export interface AnswerReport {
  /** Overtaken: the attempt was over, as where the study was cancelled or has got more images. */
  readonly outcome: "answered" | "not read" | "failed" | "overtaken";
  /** Why it was not answered. */
  readonly error?: unknown;
}
const overtakenReport: AnswerReport = { outcome: "overtaken" };

/** How often it is looked whether a study that is read was cancelled, or has got more images. */
const watchMs = 1000;
/** Between its first file and the database a result is for a moment. */
const abandonedSeconds = 24 * 3600;
/** A result is a few megabytes. */
const maxResultBytes = 2 ** 30;

/**
 * Reads one study and keeps what is found, once.
 * @param isLast whether the queue will not try again
 * @param signal once aborted reading stops
 * @returns what became of it
 * @throws what may succeed the next time; E_INTERRUPTED once aborted
 */
export async function answerStudy(
  answering: Answering,
  job: AnswerJob,
  { isLast, signal }: { readonly isLast: boolean; readonly signal: AbortSignal },
): Promise<AnswerReport> {
  const { database } = answering;
  const claimed = await claim(database, job);
  if (!claimed) return overtakenReport;
  const out = join(answering.work, `${job.study}-${job.attempt}`);
  await rm(out, { recursive: true, force: true });
  const overtaken = new AbortController();
  const watch = setInterval(async () => {
    const isMine = await isClaimed(database, job).catch(() => true);
    if (!isMine) overtaken.abort();
  }, watchMs);
  try {
    const decision = decide(answering.rules, await factsOf(database, job.study));
    if (!decision.read) throw new TrinephronError("E_RULE", decision.reason);
    const stopped = AbortSignal.any([signal, overtaken.signal]);
    const onProgress = progressNotes(database, job);
    const result = await resultOf(answering, claimed, decision, out, { signal: stopped, onProgress });
    const { rule, destinations = answering.destinations } = decision;
    const isKept = await answered({ ...answering, destinations }, claimed, { ...result, rule });
    return isKept ? { outcome: "answered" } : overtakenReport;
  } catch (error) {
    if (overtaken.signal.aborted) return overtakenReport;
    if (signal.aborted) throw error;
    const known = error instanceof TrinephronError ? error : undefined;
    const verdict = verdictOn(known?.code);
    if (verdict === "again" && !isLast) throw error;
    const state = verdict === "not read" ? verdict : "failed";
    const reason = known ?? new TrinephronError("E_RUNTIME", "an unexpected error, which the log tells");
    return (await unanswered(database, claimed, state, reason)) ? { outcome: state, error } : overtakenReport;
  } finally {
    clearInterval(watch);
    await rm(out, { recursive: true, force: true });
  }
}

async function resultOf(
  { database, images, results, staging, reading, models }: Answering,
  { images: own, queuedAt, studyUid }: Claim,
  { model: named, phases }: Extract<Decision, { read: true }>,
  out: string,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: (of: ReadingProgress) => void },
): Promise<Omit<StudyResult, "rule">> {
  const model = named === undefined ? reading.model : models[named];
  const modelSha256 = await hashOfFile(join(model, "model.onnx"));
  const segmentation = await segmentationFolder(reading.segmentation);
  const written = await readInProcess(
    {
      ...reading,
      model,
      phases,
      images: await Promise.all(own.map(async ({ name, key }) => ({ name, path: await images.local(key) }))),
      out,
      created: queuedAt.toISOString(),
      // What was read by what: the same again has the same UIDs, and replaces what is in the PACS.
      seed: [
        "trinephron",
        studyUid,
        modelSha256,
        ...(segmentation === undefined ? [] : [await hashOfModels(segmentation)]),
        hashOf(own.map(({ key }) => key)),
      ].join(" "),
    },
    signal,
    onProgress,
  );
  const files: ResultFile[] = [];
  for (const name of written.files) {
    const path = join(out, name);
    const file = await stageCopy(path, staging, maxResultBytes);
    // What no result comes to refer to, as after a kill, is removed in the end.
    await addRemovals(database, "results", [file.key], abandonedSeconds);
    await results.adopt(file);
    const { key, bytes } = file;
    files.push({
      name,
      key,
      bytes,
      ...(name.endsWith(".dcm") && { sopInstanceUid: (await readInstance(path, bytes, name)).sopInstance }),
    });
  }
  const json = (await readWhole(join(out, predictionFiles.json))).toString("utf8");
  const prediction = predictionSchema.parse(JSON.parse(json));
  return {
    modelSha256,
    modelSources: prediction.model.sources ?? [],
    answers: prediction.answers.map(short),
    files,
    missing: written.missing,
  };
}

/** Notes progress, one at a time: what comes while another is written is left out. It may fail, for nothing hangs on it. */
function progressNotes(database: Database, job: AnswerJob): (progress: ReadingProgress) => void {
  let isWriting = false;
  return (progress) => {
    if (isWriting) return;
    isWriting = true;
    noteProgress(database, job, progress)
      .catch(() => {})
      .finally(() => (isWriting = false));
  };
}

const hashOf = (keys: readonly string[]) =>
  createHash("sha256")
    .update([...keys].sort().join())
    .digest("hex");

const short = ({ task, decision, probability, borderline, threshold }: Prediction["answers"][number]) => ({
  task,
  decision,
  probability,
  borderline,
  threshold,
});
