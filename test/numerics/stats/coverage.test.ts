import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { normalQuantile } from "../../../src/numerics/stats/distributions/normal.ts";
import { delongAuc, delongPaired, logitInterval } from "../../../src/numerics/stats/index.ts";

// Binormal scores; three standard errors of a coverage of 0.95 in 6,000 studies are 0.008. bench/coverage.ts has more
// studies and shows where DeLong's plain interval covers less.
const studies = 6000;
const half = (n: number) => Array.from({ length: n }, (_, i) => Number(i < n / 2));

test.each([
  { n: 200, area: 0.75 },
  { n: 500, area: 0.85 },
])(
  "an AUC of $area lies in 94–96 % of DeLong's 95 % intervals of $n cases, and of logit ones",
  ({ n, area }) => {
    const labels = half(n);
    const draw = random(n);
    const shift = Math.SQRT2 * normalQuantile(area);
    let [plain, logit] = [0, 0];
    for (let s = 0; s < studies; s++) {
      const estimate = delongAuc(
        labels,
        labels.map((y) => draw.normal() + shift * y),
      );
      const [low, high] = logitInterval(estimate);
      plain += Number(estimate.ci[0] <= area && area <= estimate.ci[1]);
      logit += Number(low <= area && area <= high);
    }
    for (const covered of [plain, logit]) {
      expect(covered / studies).toBeGreaterThan(0.94);
      expect(covered / studies).toBeLessThan(0.96);
    }
  },
);

test("the paired test rejects equal AUCs in 4–6 % of studies of 200", () => {
  const labels = half(200);
  const draw = random(12);
  let rejected = 0;
  for (let s = 0; s < studies; s++) {
    const shared = labels.map((y) => 0.7 * draw.normal() + y);
    const [a, b] = [0, 1].map(() => shared.map((x) => x + 0.7 * draw.normal()));
    if (delongPaired(labels, a, b).p < 0.05) rejected++;
  }
  expect(rejected / studies).toBeGreaterThan(0.04);
  expect(rejected / studies).toBeLessThan(0.06);
});
