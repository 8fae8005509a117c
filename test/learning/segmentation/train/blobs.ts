import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../../../../src/base/random.ts";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import {
  parseSegmentSettings,
  type SegmentSettings,
  type SegmentSettingsInput,
} from "../../../../src/learning/segmentation/train/segmentSettings.ts";
import { lpsDirection } from "../../../../src/numerics/volume/index.ts";

/** A data set in nnU-Net's layout: bright balls (label 1) with a dark core (label 2) in noise. @returns its folder */
export async function blobs(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "blobs-"));
  const size = [20, 22, 18] as const;
  const grid = { size, spacing: [1, 1, 1] as const, origin: [0, 0, 0] as const, direction: lpsDirection };
  for (const name of ["imagesTr", "labelsTr"]) await mkdir(join(folder, name));
  for (let c = 0; c < count; c++) {
    const { uniform, normal } = random(100 + c);
    const center = size.map((n) => n / 2 + 6 * (uniform() - 0.5));
    const radius = 4 + 3 * uniform();
    const image = new Float32Array(size[0] * size[1] * size[2]);
    const labels = new Uint8Array(image.length);
    for (let n = 0; n < image.length; n++) {
      const at = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
      const distance = Math.hypot(...at.map((x, a) => x - center[a])) / radius;
      labels[n] = distance < 0.5 ? 2 : distance < 1 ? 1 : 0;
      image[n] = [0, 100, -100][labels[n]] + 20 * normal();
    }
    const name = `case_${String(c).padStart(2, "0")}`;
    await writeNifti(join(folder, "imagesTr", `${name}_0000.nii.gz`), { ...grid, data: image });
    await writeNifti(join(folder, "labelsTr", `${name}.nii.gz`), { ...grid, data: labels });
  }
  const description = {
    channel_names: { "0": "MRI" },
    labels: { background: 0, ball: 1, core: 2 },
    numTraining: count,
    file_ending: ".nii.gz",
  };
  await writeFile(join(folder, "dataset.json"), JSON.stringify(description));
  return folder;
}

/** A run of a very small network. */
export const smallSettings = (more: SegmentSettingsInput = {}): SegmentSettings =>
  parseSegmentSettings({
    patch: [16, 16, 16],
    backbone: { width: 4, stages: 2 },
    batch: 2,
    stepsPerEpoch: 25,
    epochs: 3,
    warmupSteps: 4,
    learningRate: 0.05,
    averaging: 0.9,
    threads: 1,
    ...more,
  });
