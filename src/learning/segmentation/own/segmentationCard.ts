import type { SegmentationConfig } from "./segmentationConfig.ts";

/** How many cases it learnt from, and of what kind. */
export function trainedOn({ cases: { train }, source, settings }: SegmentationConfig): string {
  if (source !== "drawn") return `${train} cases`;
  const { phantoms } = settings.drawn;
  const share =
    phantoms > 0 ? `, ${+(100 * phantoms).toFixed(1)} % of them phantoms of one kidney and its tumour` : "";
  return `${train} simulated scans (drawn abdomens, docs/abdomen.md${share}; no patient's image)`;
}

/** What a segmentation model is, in words. */
export function segmentationCard(config: SegmentationConfig): string {
  const { settings, labels, channels, spacing, patch, cases, dice, fold, startedFrom } = config;
  const { depth, width, stages } = settings.backbone;
  const value = (of: Readonly<Record<string, number | null>>, name: string) => of[name]?.toFixed(3) ?? "–";
  const rows = labels.map(
    ({ name, value: label }) =>
      `| ${label} | ${name.replaceAll("|", "\\|")} | ${value(dice, name)} |${fold ? ` ${value(fold.dice, name)} |` : ""}`,
  );
  return `# Model card

**Research use only.** Not a medical device; no decision on a patient may rest on it.

- Outlines: ${labels.map(({ name }) => name).join(", ")}
- Reads: ${channels.join(", ")}${config.hounsfield ? ", CT in HU" : ""}; voxels of ${spacing.map((mm) => +mm.toFixed(3)).join(" × ")} mm, patches of ${patch.join(" × ")} voxels (to the head, to the back, to the left)
- Network: residual encoder–decoder, encoder ResNet-${depth} of width ${width} with ${stages} stages; ${config.parameters} parameters
- Trained on ${trainedOn(config)}, ${cases.validation} for validation; seed ${settings.seed}; epoch ${config.bestEpoch} kept
- Started from ${startedFrom ? `the weights of the model with SHA-256 ${startedFrom}` : "random weights"}
- Training data: SHA-256 ${config.dataHash}
- Made by ${config.software}
${fold ? `- Fold ${fold.fold} of ${fold.folds} of a cross-validation; ${fold.cases} cases held out\n` : ""}
| value | label | validation Dice (chosen on the same cases, so optimistic) |${fold ? " Dice of the cases held out |" : ""}
|---|---|---|${fold ? "---|" : ""}
${rows.join("\n")}

How it was trained: docs/segmentation.md of trinephron. It knows what its training images show: another scanner, protocol or disease is outlined without warning.
`;
}
