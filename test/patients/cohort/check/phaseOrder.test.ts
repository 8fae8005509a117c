import { describe, expect, test } from "vitest";
import { type Phase, phases } from "../../../../src/patients/cohort/case.ts";
import { type Enhancement, phaseFault } from "../../../../src/patients/cohort/check/phaseOrder.ts";

const enhancement = (median: number, spread: number, brightMl = 0): Enhancement => ({
  median,
  spread,
  brightMl,
});
type Found = Partial<Record<Phase, Enhancement>>;

/** A usual kidney, after facts of the literature: cortex 240 and medulla 120 HU, then 190 and 180, then 165. */
const usual: Record<Phase, Enhancement> = {
  corticomedullary: enhancement(187, 120),
  nephrographic: enhancement(187, 34),
  excretory: enhancement(163, 33, 4),
};
const swap = (found: Found, a: Phase, b: Phase): Found => ({ ...found, [a]: found[b], [b]: found[a] });
const pairs = phases.flatMap((a, i) => phases.slice(i + 1).map((b) => [a, b] as const));

describe("phases that are what they are called", () => {
  test.each<[string, Found]>([
    ["a usual kidney", usual],
    ["an artery-bright corticomedullary phase", { ...usual, corticomedullary: enhancement(230, 150, 9) }],
    ["a late corticomedullary phase", { ...usual, corticomedullary: enhancement(170, 45) }],
    [
      "noise of 30 HU in one phase",
      { ...usual, corticomedullary: enhancement(170, 60), nephrographic: enhancement(185, 85) },
    ],
    ["no opacified collecting system", { ...usual, excretory: enhancement(163, 33) }],
    [
      "calyces within the kidney's mask",
      { ...usual, corticomedullary: enhancement(150, 60), excretory: enhancement(170, 190, 20) },
    ],
    [
      "an obstructed kidney that still fills",
      { ...usual, nephrographic: enhancement(90, 40), excretory: enhancement(120, 40) },
    ],
    [
      "a stone in every phase",
      {
        corticomedullary: enhancement(187, 120, 5),
        nephrographic: enhancement(187, 34, 5),
        excretory: enhancement(163, 33, 5),
      },
    ],
    [
      "a kidney that hardly works",
      {
        corticomedullary: enhancement(50, 25),
        nephrographic: enhancement(60, 25),
        excretory: enhancement(70, 25),
      },
    ],
    ["no phase", {}],
  ])("%s", (_, found) => {
    expect(phaseFault(found)).toBeUndefined();
    for (const phase of phases)
      expect(phaseFault(found[phase] ? { [phase]: found[phase] } : {})).toBeUndefined();
    for (const [a, b] of pairs)
      if (found[a] && found[b]) expect(phaseFault({ [a]: found[a], [b]: found[b] })).toBeUndefined();
  });
});

describe("phases that cannot be", () => {
  test.each(pairs)("%s and %s swapped, with and without the third", (a, b) => {
    expect(phaseFault(swap(usual, a, b))).toMatch(/swapped/);
    expect(phaseFault(swap({ [a]: usual[a], [b]: usual[b] }, a, b))).toMatch(/swapped/);
  });

  test("all three moved round", () => {
    const { corticomedullary: c, nephrographic: n, excretory: e } = usual;
    expect(phaseFault({ corticomedullary: n, nephrographic: e, excretory: c })).toMatch(/swapped/);
    expect(phaseFault({ corticomedullary: e, nephrographic: c, excretory: n })).toMatch(/swapped/);
  });

  test.each(phases)("an unenhanced image as %s", (phase) => {
    expect(phaseFault({ ...usual, [phase]: enhancement(36, 25) })).toMatch(
      new RegExp(`^the ${phase} image shows no contrast medium: .* 36 HU, and 187 HU`),
    );
  });
});
