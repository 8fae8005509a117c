/** Time of the AUC and DeLong's variance and tests on 10⁶ cases, untied and tied: `node bench/auc.ts`. */
import { textTable } from "../src/apps/cli/support/io.ts";
import { random } from "../src/base/random.ts";
import { auc, delongAuc, delongPaired, delongUnpaired } from "../src/numerics/stats/index.ts";

const n = 1e6;
const draw = random(1);
const labels = Uint8Array.from({ length: n }, (_, i) => Number(i % 3 === 0));
const column = (effect: number, steps: number) =>
  Float64Array.from(labels, (y) => Math.round(steps * (draw.normal() + effect * y)) / steps);

const rows = [
  ["untied", 1e12],
  ["scores of one decimal", 10],
].map(([name, steps]) => {
  const [a, b] = [column(1, Number(steps)), column(0.5, Number(steps))];
  const seconds = (act: () => unknown) => {
    const started = performance.now();
    act();
    return ((performance.now() - started) / 1000).toFixed(2);
  };
  return [
    String(name),
    seconds(() => auc(labels, a)),
    seconds(() => delongAuc(labels, a)),
    seconds(() => delongPaired(labels, a, b)),
    seconds(() => delongUnpaired(labels, a, labels, b)),
  ];
});
process.stdout.write(
  `${textTable(["10⁶ cases, seconds", "auc", "delongAuc", "delongPaired", "delongUnpaired"], rows)}\n`,
);
