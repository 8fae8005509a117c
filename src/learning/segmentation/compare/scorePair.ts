import { inFile } from "../../../base/inFile.ts";
import type { DetectionOptions } from "../scores/lesions.ts";
import { scoreCase } from "../scores/scoreCase.ts";
import type { ClassScores } from "../scores/scoreClass.ts";
import type { LabelScheme } from "./labelScheme.ts";
import type { MaskPair } from "./pairCases.ts";
import { readLabels } from "./readLabels.ts";

/** A case as it is sent to a thread. */
export interface PairJob extends MaskPair {
  readonly scheme: LabelScheme;
  readonly detection: Required<DetectionOptions>;
}

/** Its scores, in the order of the classes. */
export interface ScoredPair {
  readonly scores: ClassScores[];
  /** What reading the files had to mend. */
  readonly remarks: string[];
}

/** Reads and scores one case. @throws as `readLabels` and `scoreCase`, the file named */
export async function scorePair({ reference, predicted, scheme, detection }: PairJob): Promise<ScoredPair> {
  const a = await readLabels(reference, scheme);
  const b = await readLabels(predicted, scheme);
  return {
    scores: inFile(predicted, () => scoreCase(a.volume, b.volume, scheme.classes, detection)),
    remarks: [
      ...a.remarks.map((remark) => `reference: ${remark}`),
      ...b.remarks.map((remark) => `prediction: ${remark}`),
    ],
  };
}
