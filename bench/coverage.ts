/**
 * How often 95 % intervals of an AUC hold the true one, and how often the paired test rejects equal AUCs, in simulated
 * binormal studies: `node bench/coverage.ts [studies]`, default 60,000 (three minutes); the bootstraps have 1,000
 * studies of 1,000 replicates. Seeded: the same figures each time.
 */
import { textTable } from "../src/apps/cli/support/io.ts";
import { derivedSeed, random } from "../src/base/random.ts";
import { normalQuantile } from "../src/numerics/stats/distributions/normal.ts";
import {
  bootstrapAuc,
  delongAuc,
  delongPaired,
  type Interval,
  logitInterval,
} from "../src/numerics/stats/index.ts";

const studies = Number(process.argv[2] ?? 60000);
const percent = (share: number) => (100 * share).toFixed(1);

const regimes = [
  { n: 200, prevalence: 0.5 },
  { n: 200, prevalence: 0.25 },
  { n: 100, prevalence: 0.5 },
  { n: 100, prevalence: 0.1 },
  { n: 40, prevalence: 0.5 },
].flatMap((regime) => [0.75, 0.85, 0.95].map((area) => ({ ...regime, area })));

const rows = regimes.map(({ n, prevalence, area }) => {
  const positives = Math.round(n * prevalence);
  const labels = Array.from({ length: n }, (_, i) => Number(i < positives));
  const shift = Math.SQRT2 * normalQuantile(area);
  const draw = random(derivedSeed(1, n, positives, area));
  const held = { plain: 0, logit: 0, percentile: 0, bca: 0 };
  const count = (name: keyof typeof held, [low, high]: Interval) => {
    if (low <= area && area <= high) held[name]++;
  };
  const few = Math.min(1000, studies);
  for (let s = 0; s < studies; s++) {
    const scores = labels.map((y) => draw.normal() + shift * y);
    const estimate = delongAuc(labels, scores);
    count("plain", estimate.ci);
    count("logit", logitInterval(estimate));
    if (s >= few) continue;
    for (const interval of ["percentile", "bca"] as const) {
      // A sample that is parted completely has replicates of 1 only.
      count(interval, bootstrapAuc(labels, scores, { seed: s, replicates: 1000, interval }));
    }
  }
  const share = (name: keyof typeof held, of: number) => percent(held[name] / of);
  return [
    `${positives} + ${n - positives}`,
    area.toFixed(2),
    share("plain", studies),
    share("logit", studies),
    share("percentile", few),
    share("bca", few),
  ];
});
process.stdout.write(
  `${textTable(["positive + negative", "AUC", "DeLong", "logit", "percentile", "BCa"], rows)}\n\n`,
);

const tests = [
  { n: 200, prevalence: 0.5 },
  { n: 200, prevalence: 0.1 },
  { n: 60, prevalence: 0.5 },
].map(({ n, prevalence }) => {
  const positives = Math.round(n * prevalence);
  const labels = Array.from({ length: n }, (_, i) => Number(i < positives));
  const draw = random(derivedSeed(2, n, positives));
  let rejected = 0;
  for (let s = 0; s < studies; s++) {
    const shared = labels.map((y) => 0.7 * draw.normal() + 1.2 * y);
    const [a, b] = [0, 1].map(() => shared.map((x) => x + 0.7 * draw.normal()));
    if (delongPaired(labels, a, b).p < 0.05) rejected++;
  }
  return [`${positives} + ${n - positives}`, percent(rejected / studies)];
});
process.stdout.write(`${textTable(["positive + negative", "equal AUCs rejected at 0.05, %"], tests)}\n`);
