import { stringify } from "csv-stringify/sync";
import type { OverlapResults } from "./overlapResults.ts";

const rounded = (value: number | null): number | "" => (value === null ? "" : Math.round(value * 1e6) / 1e6);

/** `scores.csv`: a row a case and class; a score that is not defined is an empty cell, `empty` says why. */
export function scoresCsv({ classes, cases }: OverlapResults): string {
  const header = [
    ...["case", "class", "empty", "reference_ml", "predicted_ml", "volume_error_ml", "volume_error_percent"],
    ...["dice", "surface_dice", "tolerance_mm", "hd95_mm", "assd_mm", "lesions", "found", "false_positives"],
  ];
  const rows = cases.flatMap(({ case: name, scores }) =>
    scores.map((s, c) => [
      ...[name, classes[c].name, s.empty ?? ""],
      ...[s.referenceMl, s.predictedMl, s.volumeErrorMl, s.volumeErrorPercent, s.dice, s.surfaceDice].map(
        rounded,
      ),
      ...[classes[c].toleranceMm, s.hd95Mm, s.assdMm].map(rounded),
      s.detection?.reference.length ?? "",
      s.detection?.reference.filter(({ iou }) => iou !== null).length ?? "",
      s.detection?.predicted.filter(({ iou }) => iou === null).length ?? "",
    ]),
  );
  return stringify([header, ...rows]);
}

/** A lesion and what became of it. */
export interface LesionRow {
  readonly case: string;
  readonly class: string;
  readonly outcome: "found" | "missed" | "false positive";
  readonly ml: number;
  readonly diameterMm: number;
  readonly iou: number | null;
}

/** Every lesion of the reference, and every prediction that is none. */
export const lesionRows = ({ classes, cases }: OverlapResults): LesionRow[] =>
  cases.flatMap(({ case: name, scores }) =>
    scores.flatMap(({ detection }, c) => {
      if (!detection) return [];
      const of = { case: name, class: classes[c].name };
      const reference = detection.reference.map((lesion) => ({
        ...of,
        outcome: lesion.iou === null ? ("missed" as const) : ("found" as const),
        ...lesion,
      }));
      const strange = detection.predicted.filter(({ iou }) => iou === null);
      return [
        ...reference,
        ...strange.map((lesion) => ({ ...of, outcome: "false positive" as const, ...lesion })),
      ];
    }),
  );

/** `lesions.csv`: a row a lesion of the reference or a false positive. */
export const lesionsCsv = (results: OverlapResults): string =>
  stringify([
    ["case", "class", "outcome", "volume_ml", "diameter_mm", "iou"],
    ...lesionRows(results).map(({ case: name, class: of, outcome, ml, diameterMm, iou }) => [
      ...[name, of, outcome],
      ...[ml, diameterMm, iou].map(rounded),
    ]),
  ]);
