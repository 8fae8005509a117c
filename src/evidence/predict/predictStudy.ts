import { createHash } from "node:crypto";
import { TrinephronError } from "../../base/errors.ts";
import { software } from "../../base/version.ts";
import type { Work } from "../../base/work.ts";
import type { DicomHeader } from "../../imaging/formats/dicom/index.ts";
import { isUid, keepable } from "../../imaging/formats/dicom/write/keepable.ts";
import { readTumors } from "../../imaging/nephrometry/index.ts";
import { tumorJson } from "../../imaging/nephrometry/json.ts";
import { cropImages } from "../../learning/crop/crop.ts";
import type { Crop, CropSettings } from "../../learning/crop/cropInput.ts";
import { type ModelFolder, tasksOfModel } from "../../learning/trained/modelFolder.ts";
import { type Answer, openPredictor, type Predictor } from "../../learning/trained/predictor.ts";
import { indexToPoint, voxelVolumeMl } from "../../numerics/volume/index.ts";
import { isStudyPhase, masksOf, type Phase } from "../../patients/cohort/case.ts";
import type { Task, TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import {
  type AlignedPhase,
  type AssembledStudy,
  type MaskedStudy,
  phasesIn,
} from "../../patients/study/assembled.ts";
import { otherRemark, type Remark } from "../../patients/study/remark.ts";
import { featureTexts } from "./featureText.ts";
import { familiarity } from "./likeness.ts";
import type { PredictionPictures, TaskMaps } from "./pictures.ts";
import {
  type PredictedAnswer,
  type PredictedPhase,
  type Prediction,
  researchUse,
  type WarningSubject,
} from "./prediction.ts";
import { hiResCam } from "./reasons/hiResCam.ts";
import { networkWeights } from "./reasons/networkWeights.ts";
import { occlusion } from "./reasons/occlusion.ts";
import { reasons } from "./reasons/reasons.ts";

/** How a study is read by a model. */
export interface PredictOptions extends Work {
  /** Of the study, in errors; default the path of its reference phase. */
  readonly name?: string | undefined;
  /** Default: now. */
  readonly created?: Date | undefined;
  /** Default true: maps and reasons. */
  readonly explain?: boolean | undefined;
}

/** A study read by a model: what is written, and what a report draws. */
export interface PredictedStudy {
  readonly study: MaskedStudy;
  readonly prediction: Prediction;
  readonly pictures: PredictionPictures;
}

/** A probability whose logit lies this near the threshold's says little: ± 0.1 at one half. */
const borderlineLogit = 0.4;
/** Reasons named. */
const named = 5;

/**
 * The answers to one patient's study, with what they rest on.
 * @throws E_MODEL for a model of images without kidneys; E_MASK where the study has no mask, or one without kidney or tumour; E_PHASE where it has none of the model's
 * phases, or phases are plainly swapped; E_GEOMETRY, E_VALUE where voxels are no HU
 */
export async function predictStudy(
  assembled: AssembledStudy,
  model: ModelFolder,
  options: PredictOptions = {},
): Promise<PredictedStudy> {
  const { config } = model;
  const {
    name = pathOf(assembled),
    created = new Date(),
    explain = true,
    threads = 2,
    signal,
    progress,
  } = options;
  mustReadKidneys(model);
  const study = withMask(assembled, name);
  const identity = identityOf(study);
  const crop = await cropOf(study, model, name, config.settings.crop);
  const predictor = await openPredictor(model, threads);
  try {
    const answer = await predictor.answer(crop);
    const maps = explain ? await mapsOf(predictor, crop, model, options) : {};
    signal?.throwIfAborted();
    progress?.("measuring the tumour", 0, 1);
    const missing = config.phases.filter((phase) => !study.phases[phase]);
    const known = model.familiarity && answer.features;
    const measured = measure(study);
    const familiar = known
      ? familiarity(answer.features!, model.familiarity!, featureTexts(config.settings))
      : undefined;
    const why = explain ? await reasonsOf(model, answer) : {};
    progress?.("measuring the tumour", 1, 1);
    const { patient, study: from } = identity.header ?? {};
    const warnings = [...study.warnings, ...identity.warnings, ...warningsOf(missing, model, familiar)];
    const prediction: Prediction = {
      format: "trinephron-prediction/1",
      researchUse,
      software,
      created: created.toISOString(),
      model: {
        kind: config.kind,
        sha256: createHash("sha256").update(model.onnx).digest("hex"),
        tasks: config.tasks,
        ...(config.definitions && { definitions: config.definitions }),
        phases: config.phases,
        trainingCases: config.cases.train,
        center: config.settings.center,
        ...(config.sources && { sources: config.sources }),
      },
      patient: stated({ ...patient }),
      study: stated({ uid: from?.uid, date: from?.date, description: from?.description }),
      phases: config.phases.flatMap((phase) => {
        const found = study.phases[phase];
        return found ? [phaseOf(found)] : [];
      }),
      missingPhases: missing,
      ...measured,
      answers: tasksOfModel(config).map((task) => answerOf(task, answer, model, why[task.name])),
      ...(familiar && { familiarity: familiar }),
      warnings: warnings.map(({ text }) => text),
      warningsAbout: warnings.map(({ about }) => about),
    };
    const settings = finer(config.settings.crop, study);
    const shown = await cropOf(study, model, name, settings);
    const mapVoxels = config.settings.crop.voxels;
    return { study, prediction, pictures: { crop: shown, settings, mapVoxels, maps } };
  } finally {
    await predictor.close();
  }
}

/** @throws E_MODEL for a model of another organ's images: what is said of a study is measured on its kidney, in HU */
function mustReadKidneys({ folder, config }: ModelFolder): void {
  if (masksOf(config) === "kidney" && !config.intensities) return;
  const of = config.intensities ? "images that are no CT numbers" : "images without kidneys";
  throw new TrinephronError(
    "E_MODEL",
    `${folder}: learnt from ${of}; a single study is read by models of kidneys alone`,
    "ask it about a cohort, by validate or experiment",
  );
}

/** Whose study it is, as all outputs can hold it, and what they cannot. */
function identityOf({ phases, reference }: AssembledStudy): {
  readonly header?: DicomHeader;
  readonly warnings: readonly Remark[];
} {
  const header = phases[reference]?.header;
  if (!header) return { warnings: [] };
  const kept = keepable(header);
  const images = phasesIn({ phases }).flatMap(({ slices }) => slices.map(({ file }) => file.header));
  const nameless = images.filter(
    ({ sopInstance, series }) => !isUid(sopInstance ?? "") || !isUid(series.uid ?? ""),
  ).length;
  return {
    header: kept.header,
    warnings: [
      ...kept.remarks,
      ...(nameless > 0 ? [`${nameless} images have no valid UID: the outputs do not refer to them.`] : []),
    ].map(otherRemark),
  };
}

/** Finer than this a picture of 5 cm shows no more. */
const finestMm = 0.8;

/** The same cube in whole fractions of its voxels, about as fine as the image's own. */
function finer(settings: CropSettings, { phases, reference }: AssembledStudy): CropSettings {
  const { fieldOfViewMm, voxels } = settings;
  const own = Math.max(finestMm, Math.min(...phases[reference]!.volume.spacing));
  return {
    ...settings,
    contextMm: undefined,
    voxels: voxels * Math.max(1, Math.round(fieldOfViewMm / voxels / own)),
  };
}

function cropOf(
  study: MaskedStudy,
  { config }: ModelFolder,
  name: string,
  settings: CropSettings,
): Promise<Crop> {
  const { phases } = config;
  if (!phases.some((phase) => isStudyPhase(phase) || study.phases[phase]))
    throw new TrinephronError(
      "E_PHASE",
      `${name}: none of the images ${phases.join(", ")}, which the model reads`,
      `nothing tells which series they are: say so with --phase ${phases[0]}=…, or --image of a NIfTI file`,
    );
  const images = Object.fromEntries(
    phasesIn(study).map(({ phase, path, volume }) => [phase, { path, read: () => volume }]),
  );
  const drawn = { path: `${name} (mask)`, read: () => study.mask.volume };
  return cropImages({ case: name, images, mask: drawn }, settings);
}

async function mapsOf(
  predictor: Predictor,
  crop: Crop,
  model: ModelFolder,
  { signal, progress }: PredictOptions,
): Promise<PredictionPictures["maps"]> {
  const { config } = model;
  const weights = networkWeights(model);
  const cams = weights && (await hiResCam(config, weights, crop));
  const covered = await occlusion(predictor, crop, config.settings.crop, config.tasks, { signal, progress });
  return Object.fromEntries(
    config.tasks.map((task): [Task, TaskMaps] => [task, { cam: cams?.[task], occlusion: covered[task]! }]),
  );
}

type Reasons = NonNullable<PredictedAnswer["reasons"]>;

async function reasonsOf(model: ModelFolder, { features }: Answer): Promise<Partial<Record<Task, Reasons>>> {
  const weights = networkWeights(model);
  if (!weights || !features || !model.familiarity) return {};
  const texts = featureTexts(model.config.settings);
  const added = await reasons(model.config, weights, features, model.familiarity.mean);
  return Object.fromEntries(
    model.config.tasks.map((task): [Task, Reasons] => {
      const logits = added[task]!;
      const measured = texts
        .flatMap((text, f) =>
          text.learnt ? [] : [{ ...text, value: text.value(features[f]), logit: logits[f] }],
        )
        .sort((a, b) => Math.abs(b.logit) - Math.abs(a.logit));
      const total = (list: readonly { logit: number }[]) => list.reduce((sum, { logit }) => sum + logit, 0);
      return [
        task,
        {
          features: measured
            .slice(0, named)
            .map(({ name, value, logit }) => ({ name, ...(value !== undefined && { value }), logit })),
          learnt: texts.reduce((sum, { learnt }, f) => sum + (learnt ? logits[f] : 0), 0),
          rest: total(measured.slice(named)),
        },
      ];
    }),
  );
}

function answerOf(
  { name: task, ...words }: TaskDefinition,
  { probabilities, logits, gates }: Answer,
  { config }: ModelFolder,
  why: Reasons | undefined,
): PredictedAnswer {
  const [positive, negative] = [words.positive.words, words.negative.words];
  const probability = probabilities[task]!;
  const threshold = config.thresholds[task]!;
  const auc = config.validationAuc[task];
  return {
    task,
    positive,
    negative,
    probability,
    threshold,
    decision: probability >= threshold ? positive : negative,
    borderline: Math.abs(logits[task]! - Math.log(threshold / (1 - threshold))) < borderlineLogit,
    ...(auc !== undefined && { validationAuc: auc }),
    ...(why && { reasons: why }),
    gates: gates
      .filter(({ gate }) => gate === task)
      .map(({ level, experts, weights }) => ({ level, experts: [...experts], weights: [...weights] })),
  };
}

function phaseOf({ phase, path, header, volume, ...rest }: AlignedPhase): PredictedPhase {
  const { evidence, confidence, alignment, sliceCount, spacing } = rest;
  const series = header?.series;
  return {
    phase,
    path,
    slices: sliceCount,
    spacingMm: [...spacing],
    evidence: [...evidence],
    ...(series && {
      series: stated({ uid: series.uid, number: series.number, description: series.description }),
    }),
    ...(confidence !== undefined && { confidence }),
    ...(alignment && { alignment: { ...alignment, translationMm: [...alignment.translationMm] } }),
  };
}

/** The largest tumour's size and scores. */
function measure({ mask, phases, reference }: MaskedStudy): Pick<Prediction, "tumor" | "nephrometry"> {
  const ct = phases[reference]?.volume;
  const [largest] = readTumors(mask.volume, undefined, ct && { ct });
  const { scores, affected, tumor } = largest;
  const center = [0, 0, 0];
  let n = 0;
  const [nx, ny] = affected.mask.size;
  tumor.forEach((inside, v) => {
    if (!inside) return;
    n++;
    center[0] += v % nx;
    center[1] += Math.floor(v / nx) % ny;
    center[2] += Math.floor(v / (nx * ny));
  });
  const at = indexToPoint(affected.mask, [center[0] / n, center[1] / n, center[2] / n]);
  return {
    tumor: {
      maskSource: mask.source,
      ...(mask.outline && { outline: { ...mask.outline } }),
      side: scores.side,
      volumeMl: n * voxelVolumeMl(affected.mask),
      maximalDiameterMm: scores.maximalDiameterMm,
      centerMm: [...at],
      remarks: mask.remarks.map(({ text }) => text),
    },
    nephrometry: tumorJson(scores),
  };
}

interface Warned {
  readonly about: WarningSubject;
  readonly text: string;
}

function warningsOf(
  missing: readonly Phase[],
  { config }: ModelFolder,
  familiar: Prediction["familiarity"],
): Warned[] {
  const simulated = config.sources?.filter((source) => source !== "real") ?? [];
  const warnings: Warned[] = [];
  const warn = (about: WarningSubject, text: string) => warnings.push({ about, text });
  if (simulated.length > 0)
    warn(
      "training images",
      `The model was trained on ${simulated.join(" and ")} images, not on real CT alone: its answers to a patient mean nothing.`,
    );
  for (const phase of missing) warn("missing phase", `No ${phase} phase: the model answers without it.`);
  if (familiar?.unlike)
    warn(
      "familiarity",
      `This case is unlike all ${familiar.validationCases} validation cases: its answers are extrapolation.`,
    );
  return warnings;
}

/** Without what is unknown. */
const stated = <T extends object>(facts: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;

const pathOf = ({ phases, reference }: AssembledStudy): string => phases[reference]!.path;

function withMask(study: AssembledStudy, name: string): MaskedStudy {
  if (study.mask) return { ...study, mask: study.mask };
  const why = study.warnings.flatMap(({ about, text }) => (about === "mask left out" ? text : []));
  throw new TrinephronError(
    "E_MASK",
    `${name}: no mask of kidney and tumour${why.length > 0 ? ` (${why.join("; ")})` : ""}`,
    "give one with --mask, or --point or --box inside the tumour, or a model that outlines it with --segmentation",
  );
}
