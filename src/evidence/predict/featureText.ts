import { type CropSettings, edgesMm } from "../../learning/crop/cropInput.ts";
import type { GeometryFeature } from "../../learning/model/maskGeometry.ts";
import { type Feature, networkFeatures } from "../../learning/model/network.ts";
import type { RegionFeature } from "../../learning/model/regionStatistics.ts";
import { networkConfig } from "../../learning/trained/networkConfig.ts";
import type { TrainSettings } from "../../learning/trained/settings.ts";
import type { Phase } from "../../patients/cohort/case.ts";

/** A feature in a reader's words. */
export interface FeatureText {
  readonly name: string;
  /** Of a value as the network has it. */
  value(x: number): string | undefined;
  readonly learnt: boolean;
}

/** Every feature of `networkFeatures` in words, with HU and mL where it has a unit. */
export const featureTexts = (settings: TrainSettings): FeatureText[] =>
  networkFeatures(networkConfig(settings)).map((feature) => featureText(feature, settings.crop));

function featureText(feature: Feature, crop: CropSettings): FeatureText {
  if (feature.kind === "region") return regionText(feature, crop);
  if (feature.kind === "learnt")
    return { name: `learnt ${feature.unit}`, value: () => undefined, learnt: true };
  const { name, value = () => undefined } = geometry[feature.measure];
  return { name, value: (x) => value(x, crop), learnt: false };
}

function regionText(
  { statistic, channel, from }: RegionFeature,
  { phases, window: [low, high], maskChannels }: CropSettings,
): FeatureText {
  const half = (high - low) / 2;
  const phase = (c: number): Phase => phases[c - 1];
  const mean = statistic === "mean";
  const step = from !== undefined;
  const tumor = maskChannels ? "the tumour" : "the tumour as the network outlines it";
  const what = `${mean ? "mean" : "unevenness"} of ${tumor}`;
  const name = step
    ? `${what}, change from ${phase(from)} to ${phase(channel)}`
    : `${what}, ${phase(channel)}`;
  const value = (x: number) => {
    if (mean) return step ? `${signed(x * half)} HU` : `${(low + (x + 1) * half).toFixed(0)} HU`;
    // ln(deviation + 0.05): a level is a deviation, a step the ratio of two.
    return step
      ? `× ${Math.exp(x).toFixed(2)}`
      : `SD ${Math.max((Math.exp(x) - 0.05) * half, 0).toFixed(0)} HU`;
  };
  return { name, value, learnt: false };
}

interface Measured {
  readonly name: string;
  /** Absent: no unit. */
  readonly value?: (x: number, crop: CropSettings) => string;
}

/** Edge of the cube that masks are measured on, mm. */
const edge = (crop: CropSettings): number => edgesMm(crop).at(-1)!;

/** Of the logarithm of a share of the crop. */
const ml: Measured["value"] = (x, crop) => `${((Math.exp(x) * edge(crop) ** 3) / 1000).toFixed(0)} mL`;

/** Of the logarithm of a standard deviation: a solid ellipsoid's axis is 2 √5 of them long. */
const cm: Measured["value"] = (x, crop) =>
  `${((Math.exp(x) * 2 * Math.sqrt(5) * edge(crop)) / 10).toFixed(1)} cm`;

const share: Measured["value"] = (x) => `${(100 * x).toFixed(0)} %`;

const geometry: Readonly<Record<GeometryFeature, Measured>> = {
  "ln tumour volume": { name: "volume of the tumour", value: ml },
  "ln volume of the rest of the kidney": { name: "volume of the kidney beside the tumour", value: ml },
  "ln tumour spread along D": { name: "extent of the tumour from head to foot", value: cm },
  "ln tumour spread along H": { name: "extent of the tumour from front to back", value: cm },
  "ln tumour spread along W": { name: "extent of the tumour from side to side", value: cm },
  "share of the tumour enclosed by the kidney": {
    name: "share of the tumour within the kidney",
    value: share,
  },
  "ln volume of the kidney's hollow": { name: "volume of the sinus", value: ml },
  "ln nearness of tumour and hollow": { name: "nearness of the tumour to the sinus" },
  "ln volume of the kidney's recesses": { name: "volume of sinus and hilum", value: ml },
  "offset of tumour and recesses along D": { name: "distance of the tumour from the hilum, head to foot" },
};

const signed = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(0)}`;
