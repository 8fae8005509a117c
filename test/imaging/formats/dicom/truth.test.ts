import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  type CtVolume,
  readHeaders,
  readVolume,
  type Slice,
  sourcesOf,
  stacksOf,
} from "../../../../src/imaging/formats/dicom/index.ts";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { apply, indexMap } from "../../../../src/numerics/volume/geometry.ts";
import type { Volume } from "../../../../src/numerics/volume/volume.ts";

const data = join(import.meta.dirname, "../../../../../shared/data");
const suite = join(data, "dicom_suite/dicom2nifti");
const ct = join(data, "ct/totalsegmentator/example_ct_dicom");
const present = existsSync(suite) && existsSync(ct);
const peer = present && spawnSync("dcm2niix", ["--version"]).error === undefined;
if (!present) console.warn("skipped: ../shared/data is missing");
else if (!peer) console.warn("skipped: dcm2niix is missing");

const folder = mkdtempSync(join(tmpdir(), "dicom-truth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The only volume of a folder, CT or not. */
async function volumeOf(path: string): Promise<CtVolume> {
  const files = await readHeaders(await sourcesOf(path));
  const slices = files.flatMap((file) =>
    (file.planes ?? []).flatMap((plane, frame) => (plane ? [{ file, frame, plane } as Slice] : [])),
  );
  const stacks = stacksOf(slices);
  expect(stacks).toHaveLength(1);
  return readVolume(stacks[0], path);
}

/** Furthest a voxel centre lies from one of the other's, voxels; mean difference of the values there. */
function difference(ours: Volume, theirs: Volume): { offset: number; mean: number } {
  expect(ours.size.toSorted()).toEqual(theirs.size.toSorted());
  const map = indexMap(ours, theirs);
  const [nx, ny, nz] = ours.size;
  let [offset, sum] = [0, 0];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const point = apply(map, [i, j, k]);
        const [x, y, z] = point.map(Math.round);
        offset = Math.max(offset, Math.abs(point[0] - x), Math.abs(point[1] - y), Math.abs(point[2] - z));
        sum += Math.abs(
          ours.data[i + nx * (j + ny * k)] - theirs.data[x + theirs.size[0] * (y + theirs.size[1] * z)],
        );
      }
  return { offset, mean: sum / (nx * ny * nz) };
}

describe.skipIf(!present)("dicom2nifti's own truths", () => {
  test.each(
    [
      "anatomical/001",
      "anatomical/001_implicit",
      "anatomical/002_non_isotropic",
      "compressed/001",
      "compressed_j2k/001",
      "compressed_jpeg/001",
      "compressed_jpegls/001",
      "compressed_rle/001",
    ].filter((name) => existsSync(join(suite, "generic", name))),
  )("%s: the same value in each voxel", async (name) => {
    const { volume } = await volumeOf(join(suite, "generic", name));
    const truth = await readNifti(join(suite, "generic", `${name}_ground_truth.nii.gz`));
    const { offset, mean } = difference(volume, truth);
    expect(offset).toBeLessThan(0.01);
    // A fractional rescale rounds differently.
    expect(mean).toBeLessThan(1e-5);
  });
});

describe.skipIf(!peer)("dcm2niix", () => {
  const converted = (path: string, name: string) => {
    execFileSync("dcm2niix", ["-z", "n", "-o", folder, "-f", name, path], { stdio: "ignore" });
    return readNifti(
      join(folder, existsSync(join(folder, `${name}_Tilt_1.nii`)) ? `${name}_Tilt_1.nii` : `${name}.nii`),
    );
  };

  test("has the same HU in each voxel of a JPEG 2000 abdominal CT", async () => {
    const { offset, mean } = difference((await volumeOf(ct)).volume, await converted(ct, "ct"));
    expect(offset).toBeLessThan(0.01);
    expect(mean).toBe(0);
  });

  test("shears a gantry tilt of 14° to the same grid, and values that differ by rounding", async () => {
    const path = join(suite, "failing/gantrytilting/001");
    const { volume, remarks } = await volumeOf(path);
    expect(remarks).toEqual(["gantry tilt of 14.0° sheared upright"]);
    const { offset, mean } = difference(volume, await converted(path, "tilt"));
    expect(offset).toBeLessThan(0.01);
    expect(mean).toBeLessThan(1);
  });
});
