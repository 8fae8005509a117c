import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { software } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import type { NpyArray } from "../../../imaging/formats/numpy/npy.ts";
import { type Npz, openNpz } from "../../../imaging/formats/numpy/npz.ts";
import { lpsDirection, type Vec3 } from "../../../numerics/volume/index.ts";
import type { Case, Cohort } from "../../cohort/case.ts";
import { caseFolder } from "../../cohort/caseFolder.ts";
import { formatCohort, parseCohort, writeCohort } from "../../cohort/csv.ts";
import { type FlowStep, writeFlow } from "../../cohort/flow.ts";
import { type CohortQuestions, ownAnswers, parseTasks, readTasksFile } from "../../cohort/tasksFile.ts";
import { writeImportRecord } from "../importRecord.ts";
import { writeImage } from "../writeImage.ts";

/** What is taken of a MedMNIST file. */
export interface ImportMedmnistOptions extends Omit<Work, "threads"> {
  /** Folder of the cohort. */
  readonly out: string;
  /** Path of a `tasks.json` whose tasks read the column `label`; without it label 1 against label 0. */
  readonly tasks?: string | undefined;
}

/** A cohort made of a MedMNIST file. */
export interface ImportedMedmnist {
  readonly cohort: Cohort;
  readonly flow: readonly FlowStep[];
}

/** Parts of the file in its order, and where their cases go. */
const officialParts = [
  { name: "train", center: "development", part: "training" },
  { name: "val", center: "development", part: "validation" },
  { name: "test", center: "test" },
] as const;
type OfficialPart = (typeof officialParts)[number];

/** The one column of images, and the one of labels. */
const image = "image";
const label = "label";

/** The file gives no voxel size. */
const nominalMm = 1;

/**
 * Makes a cohort of a three-dimensional MedMNIST file (Yang et al., Sci Data 2023;10:41). Its official parts stay what
 * they are: `train` and `val` are the centre `development`, each case with its part, and `test` the centre `test`. The
 * voxels are those of the file, 0 to 255 and no HU; axes and the voxels' size of 1 mm are nominal; a case is a patient,
 * for the file tells no more. `cohort.csv` comes last.
 * @throws E_FORMAT, E_FILE_TRUNCATED, E_UNSUPPORTED for a file that is not of this kind; E_USAGE for more than two labels
 * without `tasks`, or tasks that ask for other columns; E_LABEL; E_FILE_MISSING, E_FILE_WRITE, E_INTERRUPTED
 */
export async function importMedmnist(
  path: string,
  options: ImportMedmnistOptions,
): Promise<ImportedMedmnist> {
  const { out, signal, progress } = options;
  const sha256 = createHash("sha256")
    .update(await readWhole(path))
    .digest("hex");
  const npz = await openNpz(path);
  const read = await Promise.all(officialParts.map((part) => readPart(npz, part, path)));
  const questions = await questionsOf(
    options.tasks,
    read.flatMap(({ labels }) => labels),
  );
  const cases: Case[] = [];
  const total = read.reduce((sum, { labels }) => sum + labels.length, 0);
  const [fault] = parseCohort(
    Buffer.from(formatCohort(read.flatMap(casesOf), questions)),
    path,
    questions,
  ).faults;
  if (fault) throw fault;
  for (const one of read)
    for (const [n, c] of casesOf(one).entries()) {
      if (signal?.aborted)
        throw new TrinephronError(
          "E_INTERRUPTED",
          `stopped with ${cases.length} of ${total} images written`,
          "run the same command again",
        );
      await writeImage(join(out, c.images[image]!), volumeOf(one.images, n));
      cases.push(c);
      progress?.("writing images", cases.length, total);
    }
  const flow = read.map(({ official, labels }) => ({
    step: `Official part ${official.name}`,
    in: labels.length,
    out: labels.length,
    excluded: [],
  }));
  await writeFlow(out, flow);
  await writeImportRecord(out, {
    software,
    from: "medmnist",
    file: basename(path),
    sha256,
    images: "voxels as in the file, 0 to 255; no CT numbers",
    geometry: `the file gives none: axes and the voxel size of ${nominalMm} mm are nominal`,
    patients: "the file names none: each case stands for one",
  });
  const cohort: Cohort = { folder: resolve(out), cases, ...questions };
  await writeCohort(cohort);
  return { cohort, flow };
}

interface ReadPart {
  readonly official: OfficialPart;
  /** `[N, D, H, W]` */
  readonly images: NpyArray;
  readonly labels: readonly number[];
}

async function readPart(npz: Npz, official: OfficialPart, path: string): Promise<ReadPart> {
  const { name } = official;
  const images = await npz.array(`${name}_images`);
  const labels = await npz.array(`${name}_labels`);
  const shape = (array: NpyArray) => array.shape.join(" × ");
  if (images.shape.length !== 4 || !(images.data instanceof Uint8Array))
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${path}: ${name}_images is ${shape(images)}, not cases of one three-dimensional image of bytes each`,
      "take one of MedMNIST's 3D sets",
    );
  const [n] = images.shape;
  if (labels.data.length !== n)
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${path}: ${name}_labels is ${shape(labels)}, not one label for each of ${n} cases`,
      "take a set with one label a case",
    );
  return { official, images, labels: [...labels.data] };
}

const casesOf = ({ official, labels }: ReadPart): Case[] =>
  labels.map((value, n) => {
    const name = `${official.name}-${String(n).padStart(4, "0")}`;
    return {
      case: name,
      patient: name,
      center: official.center,
      images: { [image]: `${caseFolder(name)}/${image}.nii.gz` },
      source: "real",
      ...("part" in official && { part: official.part }),
      cells: { [label]: String(value) },
    };
  });

function volumeOf({ shape, data }: NpyArray, n: number) {
  const [, depth, height, width] = shape;
  const voxels = depth * height * width;
  const size: Vec3 = [width, height, depth];
  return {
    size,
    spacing: [nominalMm, nominalMm, nominalMm] as Vec3,
    origin: [0, 0, 0] as Vec3,
    direction: lpsDirection,
    data: data.slice(n * voxels, (n + 1) * voxels) as Uint8Array<ArrayBuffer>,
  };
}

/** What the cohort asks: as a file says, or label 1 against label 0. */
async function questionsOf(path: string | undefined, labels: readonly number[]): Promise<CohortQuestions> {
  const written = path === undefined ? undefined : await readTasksFile(path);
  const stranger = written && [...ownAnswers(written)].find((column) => column !== label);
  if (written && (stranger !== undefined || ownAnswers(written).length === 0))
    throw new TrinephronError(
      "E_USAGE",
      `--tasks ${path}: its tasks read ${stranger ?? "other columns"}, and MedMNIST has the column ${label} alone`,
      `let each task have "column": "${label}"`,
    );
  const most = labels.reduce((a, b) => Math.max(a, b), 0);
  if (!written && most > 1)
    throw new TrinephronError(
      "E_USAGE",
      `no --tasks, though the labels run from 0 to ${most}`,
      "say in a tasks.json which of them are positive and negative",
    );
  const tasks = written?.tasks ?? parseTasks(binary, "label").tasks;
  return { tasks, phases: [image], masks: "none", intensities: [0, 255] };
}

const binary = JSON.stringify({
  format: "trinephron-tasks/1",
  tasks: [
    {
      name: label,
      positive: { words: "label 1", values: ["1"] },
      negative: { words: "label 0", values: ["0"] },
    },
  ],
});
