import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../../../../src/base/random.ts";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { readDataset } from "../../../../src/learning/segmentation/dataset/readDataset.ts";
import { trainSegmentation } from "../../../../src/learning/segmentation/train/trainSegmentation.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";
import { smallSettings } from "../train/blobs.ts";

const none = { perirenal: false, sinus: false, vein: false };

/** A simulated kidney with a tumour of 45 mm: 1 kidney, 2 tumour. */
export const phantomMask = (seed: number, spacing: number): Volume<Uint8Array> =>
  phantom({ sizeMm: 45, side: "left", invasion: none }, seed, { spacing }).mask;

/** An image in which a voxel's HU tell its label, but for noise: fat, kidney, tumour, cyst. */
export function byLabel(mask: Volume<Uint8Array>): Volume<Int16Array> {
  const { normal } = random(4);
  const data = Int16Array.from(mask.data, (label) => [-100, 150, 300, 20][label] + 12 * normal());
  return { ...mask, data };
}

/** Trains a very small network on such images. @returns its folder, within a folder to remove */
export async function phantomModel(): Promise<{ model: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "phantoms-"));
  for (const name of ["imagesTr", "labelsTr"]) await mkdir(join(folder, name));
  for (const seed of [6, 7, 8]) {
    const mask = phantomMask(seed, 4);
    await writeNifti(join(folder, "imagesTr", `p${seed}.nii.gz`), byLabel(mask));
    await writeNifti(join(folder, "labelsTr", `p${seed}.nii.gz`), mask);
  }
  const description = { channel_names: { "0": "CT" }, labels: { background: 0, kidney: 1, tumor: 2 } };
  await writeFile(join(folder, "dataset.json"), JSON.stringify(description));
  const model = join(folder, "model");
  const settings = smallSettings({
    ...{ spacing: [4, 4, 4], normalization: [-150, 350], foreground: 0.6 },
    ...{ stepsPerEpoch: 70, epochs: 1 },
  });
  await trainSegmentation(await readDataset(folder), settings, { folder: model });
  await rm(join(folder, ".prepared"), { recursive: true });
  return { model, folder };
}
