import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import type { Volume } from "../../../src/numerics/volume/index.ts";
import type { Outline } from "../../../src/patients/study/assembled.ts";
import { assembleNifti } from "../../../src/patients/study/assembleNifti.ts";
import { ct, kidneys } from "../cohort/bodies.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-assemble-nifti-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const mask = kidneys();
const image = ct(mask, 195, 180, 12);
const without = (where: (label: number, n: number) => boolean, value = Number.NaN): Volume => ({
  ...image,
  data: Float32Array.from(image.data, (hu, n) => (where(mask.data[n], n) ? value : hu)),
});

beforeAll(async () => {
  await writeNifti(at("mask.nii"), mask);
  await writeNifti(at("cmp.nii"), ct(mask, 240, 120, 10));
});

test("images without a mask are outlined, on the nephrographic phase or else the first, and where it is pointed at; those with one are not", async () => {
  await writeNifti(at("np.nii"), image);
  const asked: unknown[] = [];
  const outline: Outline = async (_, phase, pointed) => {
    asked.push(pointed ? [phase, pointed.point] : phase);
    return { volume: mask, source: "outlined by a program", remarks: [] };
  };
  const both = { corticomedullary: at("cmp.nii"), nephrographic: at("np.nii") };
  const study = await assembleNifti(both, { outline });
  expect(study.mask).toMatchObject({ volume: mask, source: "outlined by a program" });
  await assembleNifti({ excretory: at("np.nii"), corticomedullary: at("cmp.nii") }, { outline });
  await assembleNifti(both, { outline, mask: at("mask.nii") });
  await assembleNifti(both, { outline, point: [1, 2, 3] });
  expect(asked).toEqual(["nephrographic", "corticomedullary", ["nephrographic", [1, 2, 3]]]);
  // Without a program the tumour is grown from there.
  const nowhere = assembleNifti(both, { point: [1e6, 0, 0] });
  await expect(nowhere).rejects.toMatchObject({ code: "E_MASK" });
});

describe("voxels that are no number", () => {
  const assemble = async (volume: Volume) => {
    await writeNifti(at("np.nii"), volume);
    const images = { corticomedullary: at("cmp.nii"), nephrographic: at("np.nii") };
    return assembleNifti(images, { name: "a", mask: at("mask.nii") });
  };

  test.each([Number.NaN, Infinity, -Infinity])("in kidney or tumour: E_VALUE (%d)", async (value) => {
    for (const label of [1, 2])
      await expect(assemble(without((l, n) => l === label && n % 97 === 0, value))).rejects.toMatchObject({
        code: "E_VALUE",
        message: expect.stringMatching(/np\.nii: \d+ voxels of the kidney or tumour are not a number$/),
      });
  });

  test("on a grid of its own, too", async () => {
    const shifted = without((l, n) => l === 2 && n % 31 === 0);
    const origin = [shifted.origin[0] + 0.7, shifted.origin[1], shifted.origin[2]] as const;
    await writeNifti(at("np.nii"), { ...shifted, origin });
    const images = { corticomedullary: at("np.nii"), nephrographic: at("cmp.nii") };
    await expect(
      assembleNifti(images, { name: "a", mask: at("mask.nii"), align: false }),
    ).rejects.toMatchObject({ code: "E_VALUE" });
  });

  test("elsewhere they count as outside the image, and a warning says so", async () => {
    const study = await assemble(without((l, n) => l === 0 && n % 1000 === 0));
    const count = mask.data.filter((l, n) => l === 0 && n % 1000 === 0).length;
    expect(study.warnings.map(({ text }) => text)).toContain(
      `${at("np.nii")}: ${count} voxels are not a number: taken as outside the image`,
    );
    const { data } = study.phases.nephrographic!.volume;
    expect(data.every((hu, n) => hu === (mask.data[n] === 0 && n % 1000 === 0 ? -1024 : image.data[n]))).toBe(
      true,
    );
    expect((await assemble(image)).warnings.map(({ text }) => text)).not.toContainEqual(
      expect.stringContaining("not a number"),
    );
  });
});
