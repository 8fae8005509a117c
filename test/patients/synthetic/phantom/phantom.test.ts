import { expect, test } from "vitest";
import { auc } from "../../../../src/numerics/stats/index.ts";
import { mean } from "../../../../src/numerics/stats/moments.ts";
import {
  connectedComponents,
  maximalDiameter,
  voxelVolumeMl,
} from "../../../../src/numerics/volume/index.ts";
import { drawPatient } from "../../../../src/patients/synthetic/phantom/patient.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";
import { logistic } from "../paint/logistic.ts";

const none = { perirenal: false, sinus: false, vein: false };
const patients = Array.from({ length: 12000 }, (_, n) => drawPatient("A", n, 2));
const advanced = patients.map(({ stage }): 0 | 1 => (stage === "III" || stage === "IV" ? 1 : 0));

test("patients are as frequent as in the study: 74.8 % ccRCC, 18.8 % III/IV, 35 % female, 54 ± 12 years", () => {
  const share = (of: (p: (typeof patients)[number]) => boolean) =>
    patients.filter(of).length / patients.length;
  expect(share((p) => p.histology === "clear_cell")).toBeCloseTo(0.748, 1.5);
  expect(Math.abs(mean(advanced) - 0.188)).toBeLessThan(0.015);
  expect(Math.abs(share((p) => p.sex === "female") - 0.35)).toBeLessThan(0.015);
  expect(Math.abs(mean(patients.map((p) => p.age)) - 54)).toBeLessThan(0.5);
});

test("size alone tells III/IV with an AUC near 0.80, size and visible invasion with one of 0.90–0.94", () => {
  expect(
    Math.abs(
      auc(
        advanced,
        patients.map((p) => p.sizeMm),
      ) - 0.8,
    ),
  ).toBeLessThan(0.02);
  const rows = patients.map(({ sizeMm, invasion: i }) => [Math.log(sizeMm), +i.perirenal, +i.sinus, +i.vein]);
  const half = rows.length / 2;
  const score = logistic(rows.slice(0, half), advanced.slice(0, half));
  const reached = auc(advanced.slice(half), rows.slice(half).map(score));
  expect(reached).toBeGreaterThan(0.9);
  expect(reached).toBeLessThan(0.94);
});

test("invasion shows in T3 alone, but for strands", () => {
  for (const { stage, invasion } of patients)
    if (stage === "I" || stage === "II") expect(invasion).toMatchObject({ sinus: false, vein: false });
});

test("a narrower sinus leaves more kidney, and the tumour as it is", () => {
  const made = (sinus: number) =>
    phantom({ sizeMm: 30, side: "right", invasion: none }, 4, { spacing: 3, sinus }).mask.data;
  const count = (mask: Uint8Array, label: number) => mask.filter((v) => v === label).length;
  const [usual, solid] = [made(1), made(0.1)];
  expect(count(solid, 1)).toBeGreaterThan(1.1 * count(usual, 1));
  expect(count(solid, 2)).toBe(count(usual, 2));
});

test.each([18, 40, 65, 110])(
  "a tumour of %d mm measures that, in one piece, on a kidney of human size",
  (sizeMm) => {
    const { mask } = phantom({ sizeMm, side: "left", invasion: none }, sizeMm, { spacing: 1.5 });
    const tumor = mask.data.map((v) => (v === 2 ? 1 : 0));
    expect(connectedComponents(tumor, mask.size).sizes).toHaveLength(1);
    const { mm } = maximalDiameter(tumor, mask)!;
    expect(mm / sizeMm).toBeGreaterThan(0.88);
    expect(mm / sizeMm).toBeLessThan(1.15);
    const kidneyMl = mask.data.filter((v) => v === 1).length * voxelVolumeMl(mask);
    expect(kidneyMl).toBeGreaterThan(50);
    expect(kidneyMl).toBeLessThan(230);
  },
);

test("the hilum opens to the middle of the body, whichever the side", () => {
  for (const side of ["left", "right"] as const) {
    const { mask, structures } = phantom({ sizeMm: 30, side, invasion: { ...none, vein: true } }, 3, {
      spacing: 2,
    });
    let [sum, count] = [0, 0];
    for (let n = 0; n < structures.length; n++)
      if (structures[n] === 2) {
        sum += mask.origin[0] + (n % mask.size[0]) * 2;
        count++;
      }
    expect(Math.sign(sum / count)).toBe(side === "left" ? -1 : 1);
  }
});

test("the same seed draws the same bits; shapes follow size, side and invasion, nothing else of the patient", () => {
  const spec = { sizeMm: 44, side: "right", invasion: { ...none, perirenal: true } } as const;
  const [a, b] = [
    phantom(spec, 6, { spacing: 2 }),
    phantom({ ...spec, stage: "IV", histology: "papillary" } as typeof spec, 6, { spacing: 2 }),
  ];
  expect(Buffer.from(a.mask.data).equals(Buffer.from(b.mask.data))).toBe(true);
  expect(Buffer.from(a.structures).equals(Buffer.from(b.structures))).toBe(true);
});

test("invasion shows: strands, a vein full of tumour, growth into the sinus", () => {
  const make = (invasion: Partial<typeof none>) =>
    phantom({ sizeMm: 55, side: "left", invasion: { ...none, ...invasion } }, 8, { spacing: 2 });
  const count = (data: Uint8Array, label: number) => data.filter((v) => v === label).length;
  const plain = make({});
  expect(count(plain.structures, 1)).toBe(0);
  expect(count(make({ perirenal: true }).structures, 1)).toBeGreaterThan(200);
  expect(count(make({ vein: true }).mask.data, 2) - count(plain.mask.data, 2)).toBeGreaterThan(250);
  expect(count(make({ sinus: true }).mask.data, 2)).toBeGreaterThan(count(plain.mask.data, 2) + 50);
});
