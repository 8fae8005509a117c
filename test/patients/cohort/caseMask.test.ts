import { describe, expect, test } from "vitest";
import { boundingBox, indexToPoint, type Volume } from "../../../src/numerics/volume/index.ts";
import { caseMask } from "../../../src/patients/cohort/caseMask.ts";
import { kidneys } from "./bodies.ts";

const both = kidneys();
const of = (label: (given: number, n: number) => number): Volume<Uint8Array> => ({
  ...both,
  data: both.data.map(label),
});
const tumorAlone = of((label) => (label === 2 ? 2 : 0));
const middle = (tumor: Volume<Uint8Array>) => {
  const { start, end } = boundingBox(tumor.data, tumor.size)!;
  return indexToPoint(tumor, [0, 1, 2].map((a) => (start[a] + end[a] - 1) / 2) as [number, number, number]);
};

describe("a mask of a tumour alone", () => {
  test("has the tumour where a mask of its kidney has it, and no kidney", () => {
    const alone = caseMask(tumorAlone, "mask.nii", "tumor");
    const whole = caseMask(both, "mask.nii");
    expect(alone.kidney).toBeUndefined();
    expect(whole.kidney).toBeDefined();
    expect(middle(alone.tumor)).toEqual(middle(whole.tumor));
    const voxels = ({ data }: Volume<Uint8Array>) => data.reduce((sum, v) => sum + v, 0);
    expect(voxels(alone.tumor)).toBe(voxels(whole.tumor));
  });

  test("of two tumours the larger counts", () => {
    const second = [5, 6].flatMap((k) => [5, 6, 7].map((i) => i + both.size[0] * (5 + both.size[1] * k)));
    const two = of((label, n) => (label === 2 || second.includes(n) ? 2 : 0));
    expect(middle(caseMask(two, "mask.nii", "tumor").tumor)).toEqual(
      middle(caseMask(tumorAlone, "mask.nii", "tumor").tumor),
    );
  });

  test("at the image's edge it is whole", () => {
    const edge = of((_, n) => (n % both.size[0] < 4 && n < both.size[0] * 8 ? 2 : 0));
    const { tumor } = caseMask(edge, "mask.nii", "tumor");
    expect(tumor.data.reduce((sum, v) => sum + v, 0)).toBe(4 * 8);
  });

  test.each([
    [
      "with a kidney",
      both,
      /^mask\.nii: label 1, though the cohort's masks outline tumours \(label 2\) alone/,
    ],
    ["without a tumour", of(() => 0), /^mask\.nii: the mask holds no tumour/],
    ["of one's own label", of((label) => 7 * label), /label \d+ is none of/],
  ])("%s is E_MASK", (_, mask, says) => {
    expect(() => caseMask(mask, "mask.nii", "tumor")).toThrow(
      expect.objectContaining({ code: "E_MASK", message: expect.stringMatching(says) }),
    );
  });
});
