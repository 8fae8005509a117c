import { expect, test } from "vitest";
import { channels, cropInput } from "../../../src/learning/crop/cropInput.ts";
import { measured } from "../../../src/learning/model/network.ts";
import { measureCrops } from "../../../src/learning/trained/measureCrops.ts";
import { sorted } from "../../../src/numerics/graph/index.ts";
import { evaluate } from "../../numerics/graph/interpreter.ts";
import { drawnCrop, settings } from "../train/crops.ts";

test("measures each crop as the network's own operators do in double precision", async () => {
  const crops = [drawnCrop(1), drawnCrop(2)];
  const rows = await measureCrops(crops, settings, 1);
  const features = measured([1, channels(settings), 8, 8, 8], 1);
  const image = sorted([features]).find(({ op }) => op === "Input")!;
  crops.forEach((crop, i) => {
    const [expected] = evaluate([features], new Map([[image, Float64Array.from(cropInput(crop, settings))]]));
    expect(rows[i]).toHaveLength(16);
    rows[i].forEach((value, f) => {
      expect(value).toBeCloseTo(expected[f], 4);
    });
  });
});
