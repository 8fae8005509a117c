import { type Results, tasksOfResults } from "../../evidence/validate/results.ts";
import { centerWords } from "../../learning/trained/modelFolder.ts";
import { html, type Part } from "../../page/html.ts";
import { isStudyPhase, masksOf } from "../../patients/cohort/case.ts";
import { areStudyTasks } from "../../patients/cohort/tasks.ts";
import { imagesLabel, taskOf, taskSpoken, taskTitle, validatedTasks } from "../labels.ts";
import { listed } from "../numbers.ts";
import type { Item } from "../places.ts";

type Config = Results["cards"][number]["config"];
type Entry = readonly [id: string, term: string, text: Part];

/** What the multi-task model is for, reads, was trained on and cannot do: after Mitchell et al., FAT* 2019. */
export function modelCard(results: Results): Item {
  const config = results.cards.find(({ model }) => model === "mtdl")?.config;
  const entries: readonly Entry[] = [
    [
      "card-use",
      "Intended use",
      `Research only: to study whether one model can tell ${purpose(results, config)}. Not a medical device; no decision on a patient may rest on it. Users are researchers who check its answers against ${areStudyTasks(tasksOfResults(results)) ? "pathology" : "the truth"}.`,
    ],
    ["card-answers", "Answers", answers(results)],
    ...(config ? fromConfig(config) : []),
    ["card-limits", "Limits", limits(results, config)],
  ];
  return {
    kind: "text",
    places: entries.map(([id, term]) => ({ id, label: `Model card, ${term.toLowerCase()}` })),
    content: html`<dl>${entries.map(([id, term, text]) => html`<dt id="${id}">${term}</dt><dd>${text}</dd>`)}</dl>${
      config === undefined &&
      html`
<p class="absent">No configuration of the models: these results do not hold it.</p>`
    }`,
  };
}

const purpose = (results: Results, config: Config | undefined): string =>
  areStudyTasks(tasksOfResults(results))
    ? "histology, stage and anatomical complexity of a solid malignant kidney tumour from preoperative multiphase CT"
    : `${listed(tasksOfResults(results).map(({ name }) => taskSpoken(results, name)))} ${config?.intensities ? "from images" : `of a ${config && masksOf(config) !== "kidney" ? "tumour" : "kidney tumour"} from CT`}`;

const answers = (results: Results): string =>
  `${validatedTasks(results)
    .map((task) => `${taskTitle(results, task)}: probability of ${taskOf(results, task).positive.words}`)
    .join("; ")}. Each is a number from 0 to 1, calibrated on cases of the development centre.`;

function fromConfig(config: Config): Entry[] {
  const { settings, phases, cases, dataHash, bestEpoch, parameters, variant } = config;
  const { crop, ple, augmentation, optimizer } = settings;
  const [low, high] = crop.window;
  const classes = [
    settings.classWeights && "classes weighted alike in the loss",
    settings.balanced && "rare label combinations drawn more often",
  ].filter((text) => text !== false);
  const experts =
    ple.levels === 0
      ? "shared bottom without gates"
      : `progressive layered extraction, ${ple.levels} levels, ${ple.expertsPerTask} experts a task, ${ple.sharedExperts} shared, ${ple.units} units`;
  return [
    [
      "card-inputs",
      "Inputs needed",
      `${phases.every(isStudyPhase) ? "Contrast phases" : "Images"}: ${listed(phases)}${crop.maskChannels ? `; masks of ${outlined(config)}` : ""}. A cube of ${crop.fieldOfViewMm} mm around the ${centerWords[crop.center]}, resampled to ${crop.voxels}³ voxels${crop.contextMm ? `, and a wider one of ${crop.contextMm} mm in as many voxels` : ""}; ${low} to ${high} ${config.intensities ? "(the images’ own numbers, no HU)" : "HU"} mapped to −1 to 1. A phase that is missing is 0 throughout.`,
    ],
    [
      "card-network",
      "Network",
      `${answersFrom(settings)}; ${experts}; towers of ${settings.tower} units, dropout ${settings.dropout}. ${parameters} parameters.${
        variant ? ` Variant ${variant.name} of the trained model.` : ""
      }`,
    ],
    [
      "card-data",
      "Training data",
      `Centre ${settings.center}: ${cases.train} cases trained on, ${cases.validation} to choose the epoch, to calibrate and to set thresholds; no patient in both. SHA-256 of names, labels, split and voxels: ${dataHash}.`,
    ],
    [
      "card-training",
      "Training",
      `${cases.train} training and ${cases.validation} validation cases. Initial weights random (He et al. 2015), none pretrained; seed ${settings.seed}. ${
        optimizer.kind === "adamw" ? "AdamW" : `Stochastic gradient descent, momentum ${optimizer.momentum}`
      }, weight decay ${optimizer.weightDecay}, gradients clipped at norm ${optimizer.clipNorm}; learning rate ${settings.learningRate} after ${settings.warmupEpochs} epochs of warm-up, falling along a cosine; batches of ${settings.batch}; at most ${settings.epochs} epochs, stopped after ${settings.patience} without a better validation score. Kept: epoch ${bestEpoch}, the running mean of the weights with decay ${settings.averaging}. Task weights: ${
        settings.weighting.kind === "uncertainty" ? "by uncertainty" : "fixed"
      }. Class imbalance: ${classes.length > 0 ? listed(classes) : "no weights, no resampling"}. Augmentation: ${[
        augmentation.flip && "flips",
        `rotation up to ${augmentation.rotationDegrees}°`,
        `scale ±${augmentation.scale}`,
        `shift ${augmentation.shiftMm} mm`,
        `noise ${augmentation.noiseHu}${config.intensities ? "" : " HU"}`,
        `intensity ±${augmentation.intensity}`,
        `a phase left out with probability ${augmentation.phaseDropout}`,
      ]
        .filter((text) => text !== false)
        .join(", ")}.`,
    ],
  ];
}

const outlined = (config: Config): string =>
  masksOf(config) === "kidney" ? "kidney and tumour" : "the tumour";

/** What the answers rest on, in the words of the card. */
function answersFrom({ features, backbone, embedding }: Config["settings"]): string {
  const measured = "what is measured of the tumour (HU by phase, shape and place in the kidney)";
  const learnt = `what is learnt from the image by a three-dimensional residual network of ${backbone.depth} layers, ${backbone.stages} stages, width ${backbone.width}, stem ${backbone.stem.kernel}³ with stride ${backbone.stem.stride}, standardised weights, its stages pooled over cube and tumour to ${embedding} units`;
  const parts = { learnt: [learnt], measured: [measured], both: [measured, learnt] }[features];
  return `Answers from ${parts.join(", and from ")}`;
}

function limits(results: Results, config?: Config): string {
  const label = imagesLabel(results);
  return [
    label &&
      `Trained and tested on images that are not all real CT (${label}): accuracy on real CT is unknown.`,
    `Tested at ${listed(results.study.external.map((center) => `centre ${center}`))} only; other scanners, protocols and patients may give other results.`,
    config?.settings.crop.maskChannels &&
      `Needs masks of ${outlined(config)}; wrong masks give wrong answers.`,
    config && "Poor images are not recognised as such.",
    "Benign tumours, several tumours, and nodes or metastases outside the crop are not judged.",
    "Not tested by sex, age or other groups in this report.",
  ]
    .filter((text) => text)
    .join(" ");
}
