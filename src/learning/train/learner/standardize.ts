import type { ParameterLayout } from "../../../numerics/graph/index.ts";
import { standardization, standardizedBlocks } from "../../model/network.ts";

/**
 * Sets the parameters that standardise what is pooled: mean, and 1 / deviation, of the rows.
 * @param theta written to
 * @param rows of training cases, `[cases][P]`
 * @param keep blocks that stay as they are
 */
export function setStandardization(
  theta: Float32Array,
  layout: ParameterLayout,
  rows: readonly Float32Array[],
  keep: readonly (typeof standardizedBlocks)[number][] = [],
): void {
  let from = 0;
  for (const block of standardizedBlocks) {
    const { mean, gain } = standardization(block);
    const parameter = layout.parameters.find(({ name }) => name === mean);
    if (!parameter) continue;
    const [columns] = parameter.shape;
    if (!keep.includes(block)) {
      const [means, gains] = [mean, gain].map((name) => layout.offsets.get(name)!);
      for (let f = 0; f < columns; f++) {
        let [sum, squares] = [0, 0];
        for (const row of rows) {
          sum += row[from + f];
          squares += row[from + f] ** 2;
        }
        const average = sum / rows.length;
        theta[means + f] = average;
        theta[gains + f] = 1 / Math.sqrt(Math.max(squares / rows.length - average ** 2, 0) + 1e-4);
      }
    }
    from += columns;
  }
}
