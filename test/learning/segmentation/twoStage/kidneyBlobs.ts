import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { random } from "../../../../src/base/random.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import { blobs } from "../train/blobs.ts";

/** The balls of {@link blobs} as CT of kidneys with tumours. @returns its folder */
export async function kidneyBlobs(count: number): Promise<string> {
  const folder = await blobs(count);
  const path = join(folder, "dataset.json");
  const description = JSON.parse(await readFile(path, "utf8"));
  const labels = { background: 0, kidney: 1, tumor: 2 };
  await writeFile(path, JSON.stringify({ ...description, channel_names: { "0": "CT" }, labels }));
  return folder;
}

/** Balls such as those, in one larger image of 1 mm voxels, and their labels. */
export function scene(
  size: Vec3,
  balls: readonly { readonly center: Vec3; readonly radius: number; readonly core?: boolean }[],
): { image: Volume<Float32Array>; labels: Volume<Uint8Array> } {
  const { normal } = random(3);
  const grid = { size, spacing: [1, 1, 1] as Vec3, origin: [-30, 5, 100] as Vec3, direction: lpsDirection };
  const labels = new Uint8Array(size[0] * size[1] * size[2]);
  const image = Float32Array.from(labels, (_, n) => {
    const at = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    for (const { center, radius, core = true } of balls) {
      const distance = Math.hypot(...at.map((x, a) => x - center[a])) / radius;
      if (distance < 1) labels[n] = core && distance < 0.5 ? 2 : 1;
    }
    return [0, 100, -100][labels[n]] + 20 * normal();
  });
  return { image: { ...grid, data: image }, labels: { ...grid, data: labels } };
}
