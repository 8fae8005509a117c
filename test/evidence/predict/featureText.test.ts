import { expect, test } from "vitest";
import { featureTexts } from "../../../src/evidence/predict/featureText.ts";
import { networkFeatures } from "../../../src/learning/model/network.ts";
import { networkConfig } from "../../../src/learning/trained/networkConfig.ts";
import { trainSettings } from "../../../src/learning/trained/settings.ts";

const settings = trainSettings.parse({ tasks: ["histology"], center: "A" });
const texts = featureTexts(settings);
const { fieldOfViewMm, window } = settings.crop;
const say = (name: string, x: number) => {
  const text = texts.find((text) => text.name === name);
  expect(text, name).toBeDefined();
  return text!.value(x);
};

test("of a sphere of 4 cm: 34 mL, 4.0 cm long each way", () => {
  const ml = (4 / 3) * Math.PI * 2 ** 3;
  expect(say("volume of the tumour", Math.log((ml * 1000) / fieldOfViewMm ** 3))).toBe("34 mL");
  // The second moment of a sphere along an axis is r² / 5.
  const spread = Math.log(20 / Math.sqrt(5) / fieldOfViewMm);
  for (const axis of ["head to foot", "front to back", "side to side"])
    expect(say(`extent of the tumour from ${axis}`, spread)).toBe("4.0 cm");
});

test("of enhancement: HU of a level, signed HU of a change", () => {
  const [low, high] = window;
  const intensity = (hu: number) => (2 * (hu - low)) / (high - low) - 1;
  expect(say("mean of the tumour, corticomedullary", intensity(120))).toBe("120 HU");
  const washout = intensity(80) - intensity(120);
  expect(say("mean of the tumour, change from corticomedullary to nephrographic", washout)).toBe("−40 HU");
  expect(say("unevenness of the tumour, corticomedullary", Math.log((2 * 25) / (high - low) + 0.05))).toBe(
    "SD 25 HU",
  );
});

test("the nth text is of the nth feature, by what it is", () => {
  const { phases } = settings.crop;
  const features = networkFeatures(networkConfig(settings));
  expect(texts).toHaveLength(features.length);
  features.forEach((feature, f) => {
    expect(texts[f].learnt).toBe(feature.kind === "learnt");
    if (feature.kind !== "region") return;
    expect(texts[f].name).toContain(phases[feature.channel - 1]);
    if (feature.from !== undefined) expect(texts[f].name).toContain(phases[feature.from - 1]);
    expect(texts[f].value(0)).toContain(
      feature.statistic === "ln deviation" && feature.from !== undefined ? "×" : "HU",
    );
  });
});

test("without masks HU are said to be of the network's own outline, and no shape is measured", () => {
  const own = trainSettings.parse({
    tasks: ["histology"],
    center: "A",
    init: "base",
    features: "both",
    crop: { maskChannels: false },
  });
  const measured = featureTexts(own).filter(({ learnt }) => !learnt);
  expect(measured).toHaveLength(2 * own.crop.phases.length);
  for (const { name } of measured) expect(name).toContain("as the network outlines it");
});
