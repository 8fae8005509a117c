/**
 * How often the interval of a learning curve's difference holds the truth, which is 0 here: two models of the same worth
 * are trained with some seeds and answer 180 cases. Beside it the percentile interval of a bootstrap that draws seeds
 * and, within each class, cases: `node bench/seeds.ts`. Seeded: the same figures each time.
 */
import { random } from "../src/base/random.ts";
import { meanDifference } from "../src/evidence/experiment/designs/seedsAndCases.ts";
import { auc, percentileInterval } from "../src/numerics/stats/index.ts";
import { textTable } from "../src/page/textTable.ts";

const studies = 400;
const replicates = 200;
const draw = random(11);
const labels = Array.from({ length: 180 }, (_, k) => Number(k % 3 === 0));
const ofClass = (label: number) => [...labels.keys()].filter((k) => labels[k] === label);
const classes = [ofClass(1), ofClass(0)];

/** What varies: a seed's worth, and what a model makes of a case whatever its seed. */
const kinds = [
  { name: "seeds", seed: 0.5, case: 0.1 },
  { name: "cases", seed: 0.1, case: 0.5 },
];

/** `[seed]`: scores of one model. */
function model(difficulty: readonly number[], seeds: number, kind: (typeof kinds)[number]): number[][] {
  const own = labels.map(() => draw.normal());
  return Array.from({ length: seeds }, () => {
    const worth = 1.3 + kind.seed * draw.normal();
    return labels.map((y, k) => worth * y + 0.8 * difficulty[k] + kind.case * own[k] + 0.5 * draw.normal());
  });
}

function resampled(a: readonly number[][], b: readonly number[][]): readonly [number, number] {
  const values = Array.from({ length: replicates }, () => {
    const cases = classes.flatMap((own) => own.map(() => own[draw.integer(own.length)]));
    const of = (scores: readonly number[]) =>
      auc(
        cases.map((k) => labels[k]),
        cases.map((k) => scores[k]),
      );
    const differences = a.map(() => {
      const seed = draw.integer(a.length);
      return of(a[seed]) - of(b[seed]);
    });
    return differences.reduce((x, y) => x + y) / a.length;
  });
  return percentileInterval(values);
}

const holds = ([low, high]: readonly [number, number]) => Number(low <= 0 && 0 <= high);
const rows = kinds.flatMap((kind) =>
  [3, 5].map((seeds) => {
    let [ours, bootstrap] = [0, 0];
    for (let s = 0; s < studies; s++) {
      const difficulty = labels.map(() => draw.normal());
      const [a, b] = [model(difficulty, seeds, kind), model(difficulty, seeds, kind)];
      ours += holds(meanDifference(labels, a, b).ci);
      bootstrap += holds(resampled(a, b));
    }
    const percent = (count: number) => `${((100 * count) / studies).toFixed(0)} %`;
    return [kind.name, String(seeds), percent(ours), percent(bootstrap)];
  }),
);
console.log(textTable(["mostly varies", "seeds", "Obuchowski & Rockette", "bootstrap"], rows));
