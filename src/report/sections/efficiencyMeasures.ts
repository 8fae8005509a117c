import type { Results } from "../../evidence/validate/results.ts";
import { bytes, count, duration, milliseconds } from "../numbers.ts";

type Row = NonNullable<Results["efficiency"]>["rows"][number];

/** One measure of cost, multi-task against the single-task models together; less is better in all. */
export interface Measure {
  readonly name: string;
  /** Of `value`; empty: a count. */
  readonly unit: string;
  readonly value: (row: Row) => number | null;
  readonly print: (value: number) => string;
  /** Named in the abstract and among the key results too. */
  readonly key?: true;
}

export const measures: readonly Measure[] = [
  {
    name: "Inference time per case",
    unit: "ms",
    value: (r) => r.inferenceMsPerCase,
    print: milliseconds,
    key: true,
  },
  { name: "Peak memory", unit: "bytes", value: (r) => r.peakMemoryBytes, print: bytes, key: true },
  { name: "Model size on disk", unit: "bytes", value: (r) => r.fileBytes, print: bytes },
  { name: "Parameters", unit: "", value: (r) => r.parameters, print: count },
  { name: "Training time", unit: "s", value: (r) => r.trainingSeconds, print: duration },
];

/** A measure with both values, and the share saved by the multi-task model (negative: it costs more). */
export interface Saving {
  readonly measure: Measure;
  readonly mtdl: number;
  readonly stdl: number;
  readonly saved: number;
}

/** The measures that both rows have and whose single-task value is above nothing. */
export function savings({ efficiency }: Results): Saving[] {
  const mtdlRow = efficiency?.rows.find((row) => row.model === "mtdl");
  const stdlRow = efficiency?.rows.find((row) => row.model === "stdl");
  if (!mtdlRow || !stdlRow) return [];
  return measures.flatMap((measure) => {
    const mtdl = measure.value(mtdlRow);
    const stdl = measure.value(stdlRow);
    if (mtdl === null || stdl === null || stdl <= 0) return [];
    return [{ measure, mtdl, stdl, saved: 1 - mtdl / stdl }];
  });
}
