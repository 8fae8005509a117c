import { trainedOn } from "../own/segmentationCard.ts";
import type { SegmentationConfig } from "../own/segmentationConfig.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";

/** What a two-stage model is, in words. */
export function twoStageCard(
  config: TwoStageConfig,
  coarse: SegmentationConfig,
  fine: SegmentationConfig,
): string {
  const voxels = ({ spacing }: SegmentationConfig) => spacing.map((mm) => +mm.toFixed(3)).join(" × ");
  return `# Model card

**Research use only.** Not a medical device; no decision on a patient may rest on it.

- Outlines: ${fine.labels.map(({ name }) => name).join(", ")}, of one CT in HU
- Coarse: voxels of ${voxels(coarse)} mm, looks at the whole image and finds kidneys; trained on ${trainedOn(coarse)}
- Fine: voxels of ${voxels(fine)} mm, looks within ${config.marginMm} mm of what was found and outlines it; trained on ${trainedOn(fine)}
- Joined by ${config.software}

Each has a card of its own: [coarse](${config.coarse}/MODEL_CARD.md), [fine](${config.fine}/MODEL_CARD.md). What is done with an image: docs/segmentation.md of trinephron. Dice on simulated scans says nothing of patients: measure it on masks of your own by \`segment compare\`.
`;
}
