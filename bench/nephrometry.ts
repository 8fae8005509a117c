/**
 * Agreement with the published algorithm (github.com/neheller/seg-to-nephrometry) on the masks it was run on,
 * and the ratio of its time to ours: `node bench/nephrometry.ts`. Needs ../shared/data.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { textTable } from "../src/apps/cli/support/io.ts";
import { readNifti } from "../src/imaging/formats/nifti/index.ts";
import {
  defaultRules,
  nephrometry,
  published,
  type Rules,
  refined,
  renal,
} from "../src/imaging/nephrometry/index.ts";
import { crossTable, icc, kappa } from "../src/numerics/stats/index.ts";
import type { Volume } from "../src/numerics/volume/index.ts";

interface Reference {
  readonly scores: {
    readonly renal: Record<"R" | "E" | "N" | "L" | "R_cont" | "E_cont" | "N_cont", number> & { A: string };
    readonly padua: { readonly composite: string };
    readonly cindex: { readonly composite: number };
  };
  /** The published algorithm's time on one core, without reading files. */
  readonly seconds: number;
}

const data = resolve(import.meta.dirname, "../../shared/data");
const references = Object.entries(
  JSON.parse(
    // Python writes Infinity, where it found no sinus.
    readFileSync(`${data}/nephrometry/reference.json`, "utf8").replaceAll("Infinity", "1e999"),
  ) as Record<string, Reference>,
);

const sets: [string, Rules][] = [
  ["published", published],
  ["default: published, largest tumour alone", defaultRules],
  ["refined", refined],
];
const pairs = sets.map(() => new Map<string, [number, number][]>());
const suffixes = sets.map(() => 0);
/** N by default rules of masks with one tumour: the published algorithm takes several as one. */
const single: [number, number][] = [];
let closeCIndex = 0;
const times: { ours: number; cpu: number; theirs: number }[] = [];

for (const [name, { scores, seconds }] of references) {
  const mask = (await readNifti(`${data}/kits23/dataset/${name}/segmentation.nii.gz`)) as Volume<Uint8Array>;
  const started = performance.now();
  const before = process.cpuUsage();
  const scored = nephrometry(mask).tumors;
  const [largest] = scored;
  const { user, system } = process.cpuUsage(before);
  times.push({ ours: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, theirs: seconds });
  for (const [s, [, rules]] of sets.entries()) {
    const { R, E, N, L, total, suffix } = renal(mask, rules);
    const them = scores.renal;
    const add = (key: string, us: number, theirs: number) => {
      const list = pairs[s].get(key) ?? [];
      pairs[s].set(key, list);
      if (Number.isFinite(us) && Number.isFinite(theirs)) list.push([us, theirs]);
    };
    add("R", R.points, them.R);
    add("E", E.points, them.E);
    add("N", N.points, them.N);
    add("L", L.points, them.L);
    add("total", total, them.R + them.E + them.N + them.L);
    add("R mm", R.mm, them.R_cont);
    add("E fraction", E.endophyticFraction, them.E_cont);
    add("N mm", N.mm, them.N_cont);
    if (suffix === them.A) suffixes[s]++;
    if (s !== 1) continue;
    add("PADUA", largest.padua.total, Number.parseInt(scores.padua.composite, 10));
    add("C-index", largest.cIndex, scores.cindex.composite);
    if (Math.abs(largest.cIndex / scores.cindex.composite - 1) <= 0.05) closeCIndex++;
    if (scored.length === 1 && Number.isFinite(N.mm) && Number.isFinite(them.N_cont))
      single.push([N.mm, them.N_cont]);
  }
}

const categories: Record<string, number[]> = {
  R: [1, 2, 3],
  E: [1, 2, 3],
  N: [1, 2, 3],
  L: [1, 2, 3],
  total: [4, 5, 6, 7, 8, 9, 10, 11, 12],
  PADUA: [6, 7, 8, 9, 10, 11, 12, 13, 14],
};
for (const [s, [title]] of sets.entries()) {
  const rows = [...pairs[s]].map(([key, values]) => {
    const [us, them] = [values.map((v) => v[0]), values.map((v) => v[1])];
    const list = categories[key];
    const agreement = list
      ? `κ ${kappa(crossTable(us, them, list), "quadratic").toFixed(3)}`
      : `ICC(2,1) ${icc(values).icc21.toFixed(3)}`;
    const same = list ? String(values.filter(([a, b]) => a === b).length) : "";
    return [key, String(values.length), agreement, same];
  });
  rows.push(["A", String(references.length), "", String(suffixes[s])]);
  process.stdout.write(`\n${title}\n${textTable(["", "n", "agreement", "equal"], rows)}\n`);
}
process.stdout.write(
  `\ndefault: C-index within 5 % in ${closeCIndex} of ${references.length}; ` +
    `N mm over the ${single.length} masks with one tumour and a sinus: ICC(2,1) ${icc(single).icc21.toFixed(3)}\n`,
);
const seconds = times.map((t) => t.ours).sort((a, b) => a - b);
const total = (key: "ours" | "cpu" | "theirs") => times.reduce((sum, t) => sum + t[key], 0);
process.stdout.write(
  `\nall scores, s a mask: median ${seconds[seconds.length >> 1].toFixed(2)}, most ${seconds.at(-1)?.toFixed(2)}; ` +
    `the published algorithm's time over ours: ${(total("theirs") / total("ours")).toFixed(0)} ` +
    `(over our processor time: ${(total("theirs") / total("cpu")).toFixed(0)})\n`,
);
