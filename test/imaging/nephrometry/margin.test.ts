import { describe, expect, test } from "vitest";
import { borderline } from "../../../src/imaging/nephrometry/describe.ts";
import { nephrometry, refined } from "../../../src/imaging/nephrometry/index.ts";
import { type Ball, phantom } from "./phantom.ts";

const score = (ball: Ball) => nephrometry(phantom({ sides: ["right"], tumors: [ball] }), refined).tumors[0];

describe("distance to the nearest cut-off", () => {
  test("N 6 mm, 1 mm from 1 point", () => {
    const scores = score({ center: [-74, 0, 0], radius: 5 });
    expect(scores.renal.N).toEqual({ points: 2, mm: 6 });
    expect(scores.margins.N).toEqual({ by: 1, unit: "mm", points: 1, borderline: true });
    expect(borderline(scores)).toContain("N 6.0 mm, 1.0 mm from 1 point");
  });

  test("right at a cut-off: by nothing, to the points it has not", () => {
    const { renal, margins } = score({ center: [-75, 0, 0], radius: 5 });
    expect(renal.N).toEqual({ points: 1, mm: 7 });
    expect(margins.N).toEqual({ by: 0, unit: "mm", points: 2, borderline: true });
    const { renal: wide, margins: near } = score({ center: [-65, -34, 0], radius: 20 });
    expect(wide.R).toEqual({ points: 1, mm: 40 });
    expect(near.R).toEqual({ by: 0, unit: "mm", points: 2, borderline: true });
  });

  test("L: mm to the line, mm past the midline, or the fraction from half", () => {
    expect(score({ center: [-65, -22, 34], radius: 8 }).margins.L).toMatchObject({ unit: "mm", points: 2 });
    const crossing = score({ center: [-65, -41, 28], radius: 28 });
    expect(crossing.renal.L.crossesMidline).toBe(true);
    expect(crossing.margins.L).toEqual({ by: 0, unit: "mm", points: 2, borderline: true });
    const across = score({ center: [-65, -22, 24], radius: 8 });
    expect(across.margins.L).toEqual({
      by: 0.5 - across.renal.L.fractionBetweenPolarLines,
      unit: "fraction",
      points: 3,
      borderline: expect.any(Boolean),
    });
    expect(score({ center: [-71, 0, 0], radius: 6 }).margins.L).toBeUndefined();
  });

  test("none for a tumour wholly inside (E)", () => {
    const { renal, margins } = score({ center: [-67, 0, 20], radius: 8 });
    expect(renal.E.points).toBe(3);
    expect(margins.E).toBeUndefined();
  });
});
