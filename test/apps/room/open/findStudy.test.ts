import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findStudy } from "../../../../src/apps/room/open/findStudy.ts";
import { sourcesOfFiles } from "../../../../src/apps/room/open/sourceOfFile.ts";
import { encodeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { phases } from "../../../../src/patients/cohort/case.ts";
import { paintedBody } from "../paintedStudy.ts";

const body = paintedBody();
const file = (path: string, bytes: Uint8Array) => ({ path, file: new Blob([Uint8Array.from(bytes)]) });
const nifti = (path: string, volume: Volume) =>
  file(path, path.endsWith(".gz") ? gzipSync(encodeNifti(volume), { level: 1 }) : encodeNifti(volume));
const open = (...files: ReturnType<typeof file>[]) => findStudy(sourcesOfFiles(files), () => {});

describe("a folder of NIfTI files", () => {
  const names = ["p/a_arterial.nii.gz", "p/b_nephrographic.nii", "p/c_excretory.nii.gz"];
  const images = phases.map((phase, n) => nifti(names[n], body.phases[phase]));
  const mask = nifti("p/labels.nii.gz", body.mask);

  test("phases by their names, a map of labels as the mask, voxels as they were", async () => {
    const { study, images: found } = await open(...images, mask, file("p/.DS_Store", Uint8Array.of(1)));
    expect(study.problems).toEqual([]);
    expect(study.images.map(({ name, phase }) => [name, phase])).toEqual(
      phases.map((phase, n) => [names[n], phase]),
    );
    expect(study.mask!.size).toEqual(body.mask.size);
    const labels = (data: Uint8Array) => data.reduce((sum, label) => sum + (label === 2 ? 1 : 0), 0);
    expect(labels(study.mask!.data)).toBe(labels(body.mask.data));
    const volume = await found[1].read(new Set());
    expect(volume.data.every((hu: number, n: number) => hu === body.phases.nephrographic.data[n])).toBe(true);
  });

  test("what cannot be read is told with its code, and the rest is opened", async () => {
    const broken = file("p/z.nii.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0));
    const archive = file("p/study.zip", Uint8Array.of(0x50, 0x4b, 3, 4));
    const { study } = await open(
      images[0],
      broken,
      archive,
      nifti("p/m1.nii", body.mask),
      nifti("p/m2.nii", body.mask),
    );
    expect(study.problems.map(({ name, code }) => [name, code])).toEqual([
      ["p/study.zip", "E_UNSUPPORTED"],
      ["p/m2.nii", "E_MASK"],
      ["p/z.nii.gz", "E_FORMAT"],
    ]);
    expect(study.images.map(({ name }) => name)).toEqual([names[0]]);
  });
});

test("files of which none is an image are refused, with the first reason", async () => {
  await expect(open(file("notes.txt", Buffer.from("no CT at all")))).rejects.toMatchObject({
    code: "E_PHASE",
    message: expect.stringContaining("1 file, and none of them an image of a CT (notes.txt:"),
  });
  await expect(open()).rejects.toMatchObject({ code: "E_PHASE" });
});
