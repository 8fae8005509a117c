/**
 * What a segmentation model outlines against the masks of a cohort, one image a case:
 * `node bench/outlines.ts COHORT MODEL CENTER [phase] [every]`. Prints Dice of kidneys with their lesions and of tumours,
 * how many tumours are found, and the weighted kappa of the R.E.N.A.L. totals of the two masks; a line of JSON a case
 * comes first. `every` takes each n-th case.
 */
import { resolve } from "node:path";
import { TrinephronError } from "../src/base/errors.ts";
import { readNifti } from "../src/imaging/formats/nifti/index.ts";
import { nephrometry } from "../src/imaging/nephrometry/index.ts";
import { kidneyLabels } from "../src/learning/segmentation/kidneyLabels.ts";
import { outlineWith } from "../src/learning/segmentation/outline/outlineWith.ts";
import { detectLesions } from "../src/learning/segmentation/scores/lesions.ts";
import { dice, overlap } from "../src/learning/segmentation/scores/overlap.ts";
import { openSegmentationModel } from "../src/learning/segmentation/segmentationModel.ts";
import { kappa, quantile } from "../src/numerics/stats/index.ts";
import { reorient, type Volume } from "../src/numerics/volume/index.ts";
import { maskOf } from "../src/numerics/volume/maskOf.ts";
import { caseMask } from "../src/patients/cohort/caseMask.ts";
import { readCohort } from "../src/patients/cohort/csv.ts";
import { onGrid } from "../src/patients/study/align.ts";

const [folder, modelFolder, center, phase = "nephrographic", every = "1"] = process.argv.slice(2);
const cohort = await readCohort(folder);
const cases = cohort.cases
  .filter((c) => c.center === center && c.mask && c.images[phase])
  .filter((_, n) => n % Number(every) === 0);
const model = await openSegmentationModel(modelFolder, { threads: 2 });

const isLesion = (label: number) => label === 2;
const isAny = (label: number) => label > 0;
const diceOf = (a: Volume<Uint8Array>, b: Volume<Uint8Array>, such: (label: number) => boolean) =>
  dice(overlap(maskOf(a.data, such), maskOf(b.data, such))) ?? 1;

/** R.E.N.A.L. total; undefined where the mask has no kidney with a tumour. */
function renalTotal(mask: Volume<Uint8Array>): number | undefined {
  try {
    return nephrometry(mask).tumors[0]?.renal.total;
  } catch (error) {
    if (error instanceof TrinephronError) return undefined;
    throw error;
  }
}

/** As `predict` outlines a study; where it refuses to, why, and what the model outlines all the same. */
async function outlined(image: Volume<Int16Array>) {
  try {
    const { volume, outline } = await outlineWith(modelFolder, { threads: 2 })(image, phase);
    return { found: volume, agreement: outline?.agreement };
  } catch (error) {
    if (!(error instanceof TrinephronError) || error.code !== "E_MASK") throw error;
    const { mask } = kidneyLabels(await model.segment([image]), model.labels);
    return { found: mask!, refused: error.message };
  }
}

const rows = [];
for (const c of cases) {
  const stored = reorient(await readNifti(resolve(cohort.folder, c.images[phase]!)));
  const image = onGrid(stored, stored);
  const { mask: truth } = caseMask(await readNifti(resolve(cohort.folder, c.mask!)), c.mask!);
  const { found, agreement, refused } = await outlined(image);
  const { reference } = detectLesions(maskOf(truth.data, isLesion), maskOf(found.data, isLesion), truth);
  const row = {
    case: c.case,
    kidney: diceOf(truth, found, isAny),
    tumor: diceOf(truth, found, isLesion),
    found: reference[0]?.iou !== null,
    renal: [renalTotal(truth), renalTotal(found)],
    agreement,
    refused,
  };
  rows.push(row);
  console.log(JSON.stringify(row));
}
await model.close();

const report = (name: string, values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const at = (p: number) => quantile(sorted, p).toFixed(3);
  console.log(`${name}: mean ${mean.toFixed(3)}, median ${at(0.5)} (quartiles ${at(0.25)}–${at(0.75)})`);
};
console.log(`${rows.length} cases of centre ${center}, ${phase}`);
report(
  "Dice, kidneys with lesions",
  rows.map(({ kidney }) => kidney),
);
report(
  "Dice, tumours",
  rows.map(({ tumor }) => tumor),
);
console.log(`tumours found (IoU 0.1): ${rows.filter(({ found }) => found).length} of ${rows.length}`);
console.log(`refused by predict: ${rows.filter(({ refused }) => refused).length}`);
const totals = rows.flatMap(({ renal: [a, b] }) => (a === undefined || b === undefined ? [] : [[a, b]]));
const table = Array.from({ length: 9 }, () => new Array<number>(9).fill(0));
for (const [a, b] of totals) table[a - 4][b - 4]++;
for (const weights of ["linear", "quadratic"] as const)
  console.log(
    `R.E.N.A.L. total, ${totals.length} cases: ${weights} kappa ${kappa(table, weights).toFixed(3)}`,
  );
