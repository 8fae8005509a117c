/**
 * How often tests of reader studies reject where there is no difference, and how often 95 % intervals of the mean AUC
 * hold the true one, in simulated studies (Roe & Metz, Acad Radiol 1997;4:298 and 587): `node bench/readers.ts
 * [studies]`, default 2,000 (some four minutes). Seeded: the same figures each time. No human being read anything here.
 */
import { textTable } from "../src/apps/cli/support/io.ts";
import { derivedSeed, random } from "../src/base/random.ts";
import { normalCdf } from "../src/numerics/stats/distributions/normal.ts";
import { mrmc, mrmcOneShot, mrmcOneShotStandalone } from "../src/numerics/stats/index.ts";

const studies = Number(process.argv[2] ?? 2000);

/** Variances of reader and reader by modality, case, case by modality, reader by case, and the rest. */
const structures = {
  HL: { mean: 1.5, reader: 0.0055, case: 0.3, caseByModality: 0.3, readerByCase: 0.2, rest: 0.2 },
  LL: { mean: 1.5, reader: 0.0055, case: 0.1, caseByModality: 0.1, readerByCase: 0.2, rest: 0.6 },
  HH: { mean: 1.5, reader: 0.03, case: 0.3, caseByModality: 0.3, readerByCase: 0.2, rest: 0.2 },
  LH: { mean: 1.5, reader: 0.03, case: 0.1, caseByModality: 0.1, readerByCase: 0.2, rest: 0.6 },
  "HH, high AUC": { mean: 2.5, reader: 0.056, case: 0.3, caseByModality: 0.3, readerByCase: 0.2, rest: 0.2 },
};

/** Which reader reads which case of a class; `chance` is drawn anew for each. */
const designs = [
  { name: "factorial: 5 readers, 50 + 50", readers: 5, n: 50, read: () => true },
  { name: "split-plot: 2 × 3 readers, 2 × (50 + 50)", readers: 6, n: 100, read: (j, k) => j % 2 === k % 2 },
  { name: "split-plot: 4 × 5 readers, 4 × (25 + 25)", readers: 20, n: 100, read: (j, k) => j % 4 === k % 4 },
  { name: "split-plot: 3 × 2 readers, 3 × (20 + 20)", readers: 6, n: 60, read: (j, k) => j % 3 === k % 3 },
  {
    name: "unequal: 3 readers 30 + 30, 3 others 70 + 70",
    readers: 6,
    n: 100,
    read: (j, k) => (j % 2 === 0) === k % 10 < 3,
  },
  {
    name: "5 readers, a fifth missing of 50 + 50",
    readers: 5,
    n: 50,
    read: (_j, _k, chance) => chance > 0.2,
  },
  { name: "nested: 6 readers, 25 + 25 each", readers: 6, n: 150, read: (j, k) => j === k % 6 },
] satisfies {
  name: string;
  readers: number;
  n: number;
  read: (reader: number, k: number, chance: number) => boolean;
}[];

const percent = (share: number) => (100 * share).toFixed(1);

const rows = designs.flatMap(({ name, readers, n, read }) =>
  Object.entries(structures).map(([structure, v]) => {
    const draw = random(derivedSeed(1, name, structure));
    const labels = Array.from({ length: 2 * n }, (_, k) => (k < n ? 1 : 0));
    const of = (variance: number) => Math.sqrt(variance) * draw.normal();
    const spread = 1 + 2 * v.reader;
    const area = normalCdf(v.mean / Math.sqrt(2 * spread));
    const counts = { rejected: 0, held: 0, model: 0, factorial: 0, negative: 0, plain: 0 };
    for (let s = 0; s < studies; s++) {
      const own = Array.from({ length: readers }, () => [of(v.reader), of(v.reader)]);
      const cases = labels.map(() => of(v.case));
      const pairs = own.map(() => cases.map(() => of(v.readerByCase)));
      const there = own.map((_, j) => cases.map((_, k) => read(j, k % n, draw.uniform())));
      const modality = () => {
        const byReader = own.map(() => [of(v.reader), of(v.reader)]);
        const byCase = cases.map(() => of(v.caseByModality));
        return own.map((effect, j) =>
          labels.map((y, k) =>
            there[j][k]
              ? v.mean * y + effect[y] + byReader[j][y] + cases[k] + byCase[k] + pairs[j][k] + of(v.rest)
              : Number.NaN,
          ),
        );
      };
      const [a, b] = [modality(), modality()];
      // A model of the readers' mean AUC, whose scores share the cases' difficulty.
      const model = labels.map((y, k) => (v.mean * y) / Math.sqrt(spread) + cases[k] + of(1 - v.case));
      const found = mrmcOneShot(labels, [a, b]);
      const against = mrmcOneShotStandalone(labels, model, a);
      const [{ ci, error }] = found.means;
      if (found.differences[0].p < 0.05) counts.rejected++;
      if (ci[0] <= area && area <= ci[1]) counts.held++;
      if (against.p < 0.05) counts.model++;
      if (name.startsWith("factorial") && mrmc(labels, [a, b]).test.p < 0.05) counts.factorial++;
      if ([error, found.differences[0].error, against.error].some(Number.isNaN)) counts.negative++;
      const [plain] = mrmcOneShot(labels, [a], { centered: false }).means;
      if (Number.isNaN(plain.error)) counts.plain++;
    }
    return [
      name,
      structure,
      area.toFixed(3),
      percent(counts.rejected / studies),
      name.startsWith("factorial") ? percent(counts.factorial / studies) : "–",
      percent(counts.held / studies),
      percent(counts.model / studies),
      percent(counts.negative / studies),
      percent(counts.plain / studies),
    ];
  }),
);
process.stdout.write(
  `${textTable(["design", "structure", "AUC", "rejects", "OR rejects", "holds", "model rejects", "negative", "not centred"], rows)}\n`,
);
