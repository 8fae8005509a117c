/**
 * Dice of masks grown from a point and from a box against the masks of a cohort: `node bench/growMask.ts cohort/ 10
 * nephrographic [model]`. The point is the tumour's deepest voxel, the box its bounding box, of its largest part; every
 * n-th case. With a segmentation model, also of what `predict` outlines by it where the same point or box is given.
 */
import { join } from "node:path";
import { readWhole } from "../src/base/files.ts";
import { readNifti } from "../src/imaging/formats/nifti/index.ts";
import { parseDelimited } from "../src/imaging/formats/tables/delimited.ts";
import { outlineWith } from "../src/learning/segmentation/outline/outlineWith.ts";
import {
  boundingBox,
  connectedComponents,
  distanceTransform,
  indexToPoint,
  type Vec3,
} from "../src/numerics/volume/index.ts";
import { onGrid } from "../src/patients/study/align.ts";
import type { Pointed, StudyMask } from "../src/patients/study/assembled.ts";
import { growFrom } from "../src/patients/study/mask/grow/grow.ts";

const [folder = "cohort", wanted = "10", phase = "nephrographic", model] = process.argv.slice(2);
const table = join(folder, "cohort.csv");
const { rows } = parseDelimited(await readWhole(table), table);
const every = Math.max(1, Math.floor(rows.length / Number(wanted)));
const chosen = rows.filter((_, n) => n % every === 0).slice(0, Number(wanted));

const dice = (mask: Uint8Array, truth: Uint8Array, label: number): number => {
  let [both, sum] = [0, 0];
  for (let v = 0; v < mask.length; v++) {
    const [a, b] = [mask[v] === label, truth[v] === label];
    if (a && b) both++;
    sum += Number(a) + Number(b);
  }
  return (2 * both) / sum;
};
const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

const found: Record<string, number[]> = {};
for (const { cells } of chosen) {
  const truth = await readNifti(join(folder, cells.mask));
  const stored = await readNifti(join(folder, cells[phase]));
  const image = onGrid(stored, stored);
  const { labels } = connectedComponents(
    Uint8Array.from(truth.data, (l) => (l === 2 ? 1 : 0)),
    truth.size,
  );
  const main = Uint8Array.from(truth.data, (l, v) => (l === 2 ? (labels[v] === 1 ? 2 : 0) : l));
  const depth = distanceTransform(
    Uint8Array.from(main, (l) => (l === 2 ? 0 : 1)),
    truth.size,
    truth.spacing,
  );
  const deepest = depth.reduce((best, d, v) => (d > depth[best] ? v : best), 0);
  const [nx, ny] = truth.size;
  const point = indexToPoint(truth, [
    deepest % nx,
    Math.floor(deepest / nx) % ny,
    Math.floor(deepest / (nx * ny)),
  ]);
  const { start, end } = boundingBox(
    Uint8Array.from(main, (l) => (l === 2 ? 1 : 0)),
    truth.size,
  )!;
  const last = end.map((e) => e - 1) as unknown as Vec3;
  const box = [indexToPoint(truth, start), indexToPoint(truth, last)] as const;
  const outline = model === undefined ? undefined : outlineWith(model, { threads: 2 });
  const ways: [string, Pointed][] = [
    ["point", { point }],
    ["box", { box }],
  ];
  for (const [how, pointed] of ways) {
    await score(`grown from a ${how}`, () => growFrom(image, pointed));
    if (outline) await score(`outlined at a ${how}`, () => outline(image, phase, pointed));
  }

  async function score(how: string, mask: () => StudyMask | Promise<StudyMask>): Promise<void> {
    const { tumor, kidney } = await scores(mask, main);
    (found[`${how}, tumour`] ??= []).push(tumor);
    (found[`${how}, kidney`] ??= []).push(kidney);
    console.log(`${cells.case}, ${how}: tumour ${tumor.toFixed(2)}, kidney ${kidney.toFixed(2)}`);
  }
}
for (const [what, values] of Object.entries(found))
  console.log(
    `${what}: median ${median(values).toFixed(2)}, ${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, n = ${values.length}`,
  );

async function scores(
  mask: () => StudyMask | Promise<StudyMask>,
  truth: Uint8Array,
): Promise<{ tumor: number; kidney: number }> {
  try {
    const { data } = (await mask()).volume;
    return { tumor: dice(data, truth, 2), kidney: dice(data, truth, 1) };
  } catch (error) {
    console.log(String(error));
    return { tumor: 0, kidney: 0 };
  }
}
