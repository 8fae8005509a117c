import type { CropSettings } from "../../learning/crop/cropInput.ts";
import { featureNames } from "../../learning/model/network.ts";
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

/** Every feature of `featureNames` in words, with HU and mL where it has a unit. */
export function featureTexts(settings: TrainSettings): FeatureText[] {
  const { crop } = settings;
  return featureNames(networkConfig(settings)).map((name) => {
    const region = /^(mean|ln deviation)( of channel |, step from channel )(\d+)(?: to (\d+))?$/.exec(name);
    if (region) return regionText(crop, region[1] === "mean", Number(region[3]), Number(region[4] || 0));
    if (name.startsWith("learnt")) return { name, value: () => undefined, learnt: true };
    return { name: geometryNames[name] ?? name, value: (x) => geometryValue(name, x, crop), learnt: false };
  });
}

function regionText(
  { phases, window: [low, high] }: CropSettings,
  mean: boolean,
  channel: number,
  to: number,
): FeatureText {
  const half = (high - low) / 2;
  const phase = (c: number): Phase => phases[c - 1];
  const what = mean ? "mean of the tumour" : "unevenness of the tumour";
  const name = to ? `${what}, change from ${phase(channel)} to ${phase(to)}` : `${what}, ${phase(channel)}`;
  const value = (x: number) => {
    if (mean) return to ? `${signed(x * half)} HU` : `${(low + (x + 1) * half).toFixed(0)} HU`;
    // ln(deviation + 0.05): a level is a deviation, a step the ratio of two.
    return to
      ? `× ${Math.exp(x).toFixed(2)}`
      : `SD ${Math.max((Math.exp(x) - 0.05) * half, 0).toFixed(0)} HU`;
  };
  return { name, value, learnt: false };
}

const geometryNames: Readonly<Record<string, string>> = {
  "ln tumour volume": "volume of the tumour",
  "ln volume of the rest of the kidney": "volume of the kidney beside the tumour",
  "ln tumour spread along D": "extent of the tumour from head to foot",
  "ln tumour spread along H": "extent of the tumour from front to back",
  "ln tumour spread along W": "extent of the tumour from side to side",
  "share of the tumour enclosed by the kidney": "share of the tumour within the kidney",
  "ln volume of the kidney's hollow": "volume of the sinus",
  "ln nearness of tumour and hollow": "nearness of the tumour to the sinus",
  "ln volume of the kidney's recesses": "volume of sinus and hilum",
  "offset of tumour and recesses along D": "distance of the tumour from the hilum, head to foot",
};

function geometryValue(name: string, x: number, { fieldOfViewMm }: CropSettings): string | undefined {
  const ml = (share: number) => `${((share * fieldOfViewMm ** 3) / 1000).toFixed(0)} mL`;
  if (/^ln (tumour )?volume/.test(name)) return ml(Math.exp(x));
  // A solid ellipsoid's axis is 2 √5 standard deviations long.
  if (name.startsWith("ln tumour spread"))
    return `${((Math.exp(x) * 2 * Math.sqrt(5) * fieldOfViewMm) / 10).toFixed(1)} cm`;
  if (name.startsWith("share")) return `${(100 * x).toFixed(0)} %`;
  return undefined;
}

const signed = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(0)}`;
