import { describe, expect, test } from "vitest";
import { readTumors, refined, uncertainty } from "../../../src/imaging/nephrometry/index.ts";
import { type Ball, phantom } from "./phantom.ts";

const spacing = [1.5, 1.5, 2] as const;
const read = (ball: Ball) => readTumors(phantom({ spacing, sides: ["right"], tumors: [ball] }), refined)[0];

describe("uncertainty", () => {
  test("the interval holds the score, and reaches over a cut-off that is near", () => {
    const reading = read({ center: [-65, -34, 20], radius: 20 });
    const spread = uncertainty(reading, refined);
    const { renal } = reading.scores;
    expect(spread.variants).toBe(11);
    expect(spread.R[0]).toBeLessThan(40);
    expect(spread.R[1]).toBeGreaterThan(40);
    // One voxel either way at both ends.
    expect(spread.R[1] - spread.R[0]).toBeLessThanOrEqual(4 * 1.5 * Math.SQRT2);
    for (const [[low, high], value] of [
      [spread.total, renal.total],
      [spread.R, renal.R.mm],
      [spread.E, renal.E.endophyticFraction],
      [spread.N, renal.N.mm],
      [spread.L, renal.L.fractionBetweenPolarLines],
    ] as const) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(spread.total[0]).toBeLessThan(spread.total[1]);
    const { low, moderate, high } = spread.probability;
    expect(low + moderate + high).toBeCloseTo(1, 12);
  });

  test("certain where every cut-off is far", () => {
    const polar = uncertainty(read({ center: [-55, 0, 58], radius: 9 }), refined);
    expect(polar.probability).toEqual({ low: 1, moderate: 0, high: 0 });
    expect(polar.total).toEqual([4, 4]);
    const central = uncertainty(read({ center: [-60, -30, 5], radius: 39 }), refined);
    expect(central.probability.high).toBe(1);
  });

  test("a tumour of one voxel does not vanish from the count", () => {
    const spread = uncertainty(read({ center: [-83, 0, 1], radius: 1 }), refined);
    expect(spread.variants).toBeLessThan(11);
    expect(spread.variants).toBeGreaterThan(0);
  });
});
