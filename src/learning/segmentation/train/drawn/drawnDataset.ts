import { derivedSeed } from "../../../../base/random.ts";
import type { DrawnDataset, SegmentationLabel } from "../../dataset/dataset.ts";
import type { SegmentSettings } from "../segmentSettings.ts";

/** The labels of drawn scans. */
export const drawnLabels = ({ lesions }: SegmentSettings["drawn"]): readonly SegmentationLabel[] => [
  { name: "kidney", value: 1 },
  ...(lesions === "apart"
    ? [
        { name: "tumor", value: 2 },
        { name: "cyst", value: 3 },
      ]
    : []),
];

/** As many simulated patients, each a case; more of them begin with the same ones. */
export function drawnDataset(
  count: number,
  { seed, drawn }: Pick<SegmentSettings, "seed" | "drawn">,
): DrawnDataset {
  const cases = Array.from({ length: count }, (_, n) => {
    const name = `drawn_${String(n).padStart(5, "0")}`;
    return { case: name, patient: name, seed: derivedSeed(seed, "drawn", n) };
  });
  return {
    drawn: true,
    cases,
    channels: ["CT"],
    labels: drawnLabels(drawn),
    hounsfield: true,
    interchangeable: false,
  };
}
