import { phases } from "../../patients/cohort/case.ts";
import { geometryFeatures } from "../model/maskGeometry.ts";
import { type RegionFeature, regionFeatures } from "../model/regionStatistics.ts";
import { knownTargets } from "./drawSample.ts";

const regionName = ({ statistic, channel, from }: RegionFeature): string =>
  from === undefined
    ? `tumour's ${statistic}, ${phases[channel - 1]}`
    : `step of the tumour's ${statistic}, ${phases[from - 1]} to ${phases[channel - 1]}`;

/** Names of what a network is pretrained to tell, in the order of a sample's targets. */
export const targetNames: readonly string[] = [
  ...knownTargets,
  ...regionFeatures(phases.length).map(regionName),
  ...geometryFeatures,
];

/** Mean and standard deviation of each target over samples. */
export interface Scales {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

type Targets = readonly (readonly (number | undefined)[])[];

export function scalesOf(targets: Targets): Scales {
  const columns = targetNames.map((_, k) => targets.flatMap((row) => row[k] ?? []));
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mean = columns.map(average);
  const deviation = columns.map(
    (values, k) => Math.sqrt(average(values.map((v) => (v - mean[k]) ** 2))) || 1,
  );
  return { mean, deviation };
}

/** Standardised; beyond ±4 cut off, so that no rare phantom decides a step. */
export const scaled = (targets: Targets, { mean, deviation }: Scales): (number | undefined)[][] =>
  targets.map((row) =>
    row.map((value, k) =>
      value === undefined ? undefined : Math.min(Math.max((value - mean[k]) / deviation[k], -4), 4),
    ),
  );
