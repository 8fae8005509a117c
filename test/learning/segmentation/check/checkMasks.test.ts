import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { checkMasks } from "../../../../src/learning/segmentation/check/checkMasks.ts";
import { maskAgreement } from "../../../../src/learning/segmentation/check/maskAgreement.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import type { Case } from "../../../../src/patients/cohort/case.ts";
import { byLabel, phantomMask, phantomModel } from "../outline/phantomModel.ts";

let made: Awaited<ReturnType<typeof phantomModel>>;
beforeAll(async () => {
  made = await phantomModel();
});
afterAll(() => rm(made.folder, { recursive: true, force: true }));

/** Upside down: the volume's slices in the other order. */
function flipped(mask: Volume<Uint8Array>): Volume<Uint8Array> {
  const area = mask.size[0] * mask.size[1];
  const data = new Uint8Array(mask.data.length);
  for (let k = 0; k < mask.size[2]; k++)
    data.set(mask.data.subarray(k * area, (k + 1) * area), (mask.size[2] - 1 - k) * area);
  return { ...mask, data };
}

/** A kidney's block with a tumour at its end, off the middle of every axis. */
function block(at: number): Volume<Uint8Array> {
  const mask = phantomMask(5, 4);
  const [nx, ny, nz] = mask.size;
  const data = new Uint8Array(nx * ny * nz);
  for (let k = 2; k < 8; k++)
    for (let j = 2; j < 8; j++)
      for (let i = at; i < at + 8; i++) data[i + nx * (j + ny * k)] = i < at + 6 ? 1 : 2;
  return { ...mask, data };
}

test("agreement: kidneys that the mask does not touch are left out; a mirrored mask is told which way", () => {
  const [one, other] = [block(1), block(10)];
  const both = { ...one, data: one.data.map((label, n) => label || other.data[n]) };
  expect(maskAgreement(one, both)).toEqual({ kidney: 1, tumor: expect.closeTo(2 / 3, 5), mirrored: null });
  expect(maskAgreement(flipped(one), one)).toEqual({
    kidney: 0,
    tumor: 0,
    mirrored: { axis: "head to feet", kidney: 1 },
  });
  expect(maskAgreement(other, one)).toMatchObject({ kidney: 0, mirrored: null });
  const plain = { ...one, data: one.data.map((label) => Math.min(label, 1)) };
  expect(maskAgreement(plain, one).tumor).toBeNull();
});

test("a cohort's masks are compared with what a model outlines; those that differ ask for a look", async () => {
  const mask = phantomMask(5, 4);
  const folder = join(made.folder, "cohort");
  const elsewhere = block(2);
  for (const [name, own] of [
    ["right", mask],
    ["flipped", flipped(mask)],
    ["elsewhere", elsewhere],
  ] as const) {
    await writeNifti(join(folder, `${name}.nii.gz`), byLabel(mask));
    await writeNifti(join(folder, `${name}-mask.nii.gz`), own);
  }
  const row = (name: string, more: Partial<Case> = {}): Case => ({
    ...{ case: name, patient: name, center: "A", source: "procedural" },
    images: { nephrographic: `${name}.nii.gz` },
    mask: `${name}-mask.nii.gz`,
    ...more,
  });
  const cases = [
    row("right"),
    row("flipped"),
    row("elsewhere"),
    row("flipped", { case: "outlined", maskOrigin: "program" }),
    row("missing"),
  ];
  const { agreements, findings } = await checkMasks({ folder, cases }, made.model, { threads: 1 });
  expect(agreements.map((each) => each.case)).toEqual(["right", "flipped", "elsewhere"]);
  expect(agreements[0].kidney).toBeGreaterThan(0.85);
  expect(agreements[0].tumor).toBeGreaterThan(0.7);
  expect(findings.map((each) => [each.case, each.code, each.severity])).toEqual([
    ["flipped", "E_MASK", "warning"],
    ["elsewhere", "E_MASK", "warning"],
  ]);
  await expect(checkMasks({ folder, cases, masks: "tumor" }, made.model)).rejects.toMatchObject({
    code: "E_USAGE",
  });
});
