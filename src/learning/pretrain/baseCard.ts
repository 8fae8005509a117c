import type { BaseConfig } from "../trained/baseModel.ts";

/** A base model's card. */
export function baseCard({
  network,
  seed,
  samples,
  passes,
  targets,
  dice,
  validation,
  parameters,
  software,
}: BaseConfig): string {
  const { crop, backbone, embedding } = network;
  const rows = targets.map(
    ({ name, explained }) =>
      `| ${name} | ${explained.masks?.toFixed(2) ?? "–"} | ${explained.outlines?.toFixed(2) ?? "–"} |`,
  );
  return `# Base model card

**Research use only.** A starting point for training, and no model that answers anything. It has seen **no patient**: every image was simulated.

- What: the backbone (3D ResNet-${backbone.depth}, width ${backbone.width}, ${backbone.stages} stages), the segmentation branch and the embedding (${embedding}) of a network, ${parameters} parameters, stored in half precision
- Reads: ${crop.phases.join(", ")} phase; a cube of ${crop.fieldOfViewMm} mm in ${crop.voxels}³ voxels around the tumour, and a wider one of ${crop.contextMm} mm in as many, HU ${crop.window.join(" to ")}
- Learnt from: ${samples} simulated kidney tumours, each ${passes} times and moved every time; seed ${seed}. Sizes, sites, invasion, enhancement, scanners, timing, voxel sizes and surroundings were drawn wider than any one hospital's
- Learnt to: outline kidney and tumour, and tell the numbers below. Histology, stage and complexity were told to it for none
- Limits: one kidney, one tumour; sketched surroundings; three registered phases. On cohorts that the same simulation made, it is at an advantage that it does not have on patients
- Made by ${software}, \`trinephron pretrain\`; licence Apache-2.0

Measured on ${validation} simulated tumours that it has not seen: Dice of the outlines, kidney ${dice.kidney.toFixed(2)}, tumour ${dice.tumor.toFixed(2)}; share of each number's variance explained (R²):

| number | pooled over the masks | over its own outlines |
|---|---|---|
${rows.join("\n")}
`;
}
