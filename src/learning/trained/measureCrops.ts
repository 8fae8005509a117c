import { compile } from "../../numerics/graph/index.ts";
import { type Crop, type CropSettings, channels, cropInput, edgesMm } from "../crop/cropInput.ts";
import { measured } from "../model/network.ts";

/** A crop to measure on: a model's own where it shows the kidney, or else the usual one of its phases. */
export function measuringCrop(own: CropSettings): CropSettings {
  const usual = { center: "kidney", fieldOfViewMm: 160, voxels: 48 } as const;
  return { ...own, ...(own.center !== "kidney" && usual), contextMm: undefined, maskChannels: true };
}

/**
 * What a network that measures would measure of each crop, by the same operators.
 * @param settings that the crops were cut with, as {@link measuringCrop} gives them
 * @returns `[cases][features]`
 */
export async function measureCrops(
  crops: readonly Crop[],
  settings: CropSettings,
  threads: number,
): Promise<number[][]> {
  const shape = [1, channels(settings), settings.voxels, settings.voxels, settings.voxels];
  const session = await compile(
    { outputs: { features: measured(shape, edgesMm(settings).length) } },
    { threads },
  );
  try {
    const rows: number[][] = [];
    for (const crop of crops) {
      const { features } = await session.run({ image: { data: cropInput(crop, settings), shape } });
      rows.push([...features]);
    }
    return rows;
  } finally {
    await session.close();
  }
}
