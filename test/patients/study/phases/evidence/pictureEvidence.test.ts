import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { favored, probabilities } from "../../../../../src/patients/study/phases/contrastPhase.ts";
import { pictureEvidence } from "../../../../../src/patients/study/phases/evidence/pictureEvidence.ts";

const ofAorta = (aorta: number, trunk = false) =>
  probabilities(pictureEvidence({ drawn: false, trunk, aorta }));

describe("the aorta alone", () => {
  test("unenhanced below some 80 HU, arterial above some 170", () => {
    for (const hu of [25, 40, 60, 75]) expect(favored(ofAorta(hu))).toBe("unenhanced");
    for (const hu of [85, 100, 120, 140, 165]) expect(favored(ofAorta(hu))).toBe("nephrographic");
    for (const hu of [180, 220, 300, 500]) expect(favored(ofAorta(hu))).toBe("corticomedullary");
  });

  test("does not tell a dark portal-venous scan from an excretory one, but a bright one", () => {
    const [dark, bright] = [95, 155].map((hu) => ofAorta(hu));
    expect(dark.excretory).toBeCloseTo(dark.nephrographic, 12);
    expect(bright.excretory).toBeLessThan(bright.nephrographic / 2);
  });
});

/*
 * Mean HU of aorta and portal vein in 1,018 real CTs (github.com/limichael2004/CT_Phase_Identifier). What is expected of
 * the aorta was chosen on the half of scans whose number hashes to even; the other half was looked at once, with the
 * figures below. 120 of its 513 scans have both values, to the tenth, and the phase of a scan of the first half: the
 * table holds scans more than once.
 */
const table = new URL("../../../../../../shared/data/ct_phases/aorta_portal_hu.csv", import.meta.url)
  .pathname;
if (!existsSync(table)) console.warn("skipped: ../shared/data/ct_phases is absent");

interface Scan {
  readonly phase: string;
  readonly aorta: number;
  readonly portal: number;
}

const even = (scan: string) =>
  Number.parseInt(createHash("sha256").update(scan).digest("hex").slice(0, 8), 16) % 2 === 0;
const names: Readonly<Record<string, string>> = {
  Pre_Contrast: "unenhanced",
  Arterial: "corticomedullary",
  Portal_Venous: "nephrographic",
};

/** Of each true phase, in the order of `names`, how many were taken for which. */
function matrix(scans: readonly Scan[], phaseOf: (scan: Scan) => string) {
  const phases = Object.values(names);
  return phases.map((truth) =>
    phases.map((taken) => scans.filter((s) => names[s.phase] === truth && phaseOf(s) === taken).length),
  );
}

const rightOf = (counts: readonly (readonly number[])[], n: number): number =>
  counts.reduce((sum, row, i) => sum + row[i], 0) / n;

/**
 * What a portal vein would add, in plain rules: contrast medium is nowhere, or in the aorta but short of a bolus and not
 * in the portal vein, where it must be by then; in the arterial phase the aorta is far brighter than the portal vein.
 */
function withPortalVein({ aorta, portal }: Scan): string {
  if (Math.max(aorta, portal) < 80 || (portal < 45 && aorta < 170)) return "unenhanced";
  return aorta - portal >= 60 ? "corticomedullary" : "nephrographic";
}

describe.skipIf(!existsSync(table))("on 1,018 real scans (../shared/data)", () => {
  const rows = existsSync(table) ? readFileSync(table, "utf8").trim().split("\n").slice(1) : [];
  const scans = rows.map((row) => {
    const [scan, phase, aorta, portal] = row.split(",");
    return { chosenOn: even(scan), phase, aorta: Number(aorta), portal: Number(portal) };
  });
  const [chosenOn, other] = [scans.filter((s) => s.chosenOn), scans.filter((s) => !s.chosenOn)];
  const key = ({ phase, aorta, portal }: Scan) => `${phase} ${aorta} ${portal}`;
  const seen = new Set(chosenOn.map(key));
  const unseen = other.filter((s) => !seen.has(key(s)));

  test("two halves", () => {
    expect([chosenOn.length, other.length, unseen.length]).toEqual([505, 513, 393]);
  });

  test("the aorta alone: 93 % on the half that nothing was chosen on", () => {
    const alone = ({ aorta }: Scan) => favored(ofAorta(aorta));
    const counts = matrix(other, alone);
    expect(counts).toEqual([
      [163, 2, 5],
      [0, 109, 18],
      [7, 2, 207],
    ]);
    expect(rightOf(counts, other.length)).toBeGreaterThan(0.93);
    expect(rightOf(matrix(unseen, alone), unseen.length)).toBeGreaterThan(0.91);
    expect(rightOf(matrix(chosenOn, alone), chosenOn.length)).toBeCloseTo(0.949, 3);
  });

  test("the same in an image that covers a trunk without a kidney to be seen", () => {
    const counts = matrix(other, ({ aorta }) => favored(ofAorta(aorta, true)));
    expect(rightOf(counts, other.length)).toBeGreaterThan(0.93);
  });

  test("with the portal vein: 96 %", () => {
    const counts = matrix(other, withPortalVein);
    expect(counts).toEqual([
      [165, 2, 3],
      [0, 117, 10],
      [0, 4, 212],
    ]);
    expect(rightOf(counts, other.length)).toBeGreaterThan(0.96);
    expect(rightOf(matrix(unseen, withPortalVein), unseen.length)).toBeGreaterThan(0.95);
  });
});
