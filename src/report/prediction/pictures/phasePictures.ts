import type { PredictionPictures } from "../../../evidence/predict/pictures.ts";
import { html, type Markup } from "../../../page/html.ts";
import type { Phase } from "../../../patients/cohort/case.ts";
import { lineKey } from "../../figures/series.ts";
import { fixed } from "../../numbers.ts";
import { type Contour, kidneyWindow, slicePicture } from "./picture.ts";
import { type Plane, sliceOf, tumorCenter } from "./slice.ts";

/** Okabe and Ito's orange and sky blue; the kidney's is dashed as well. */
const outlines = {
  tumor: { color: "#e69f00", dash: "none" },
  kidney: { color: "#56b4e9", dash: "5 3" },
} as const;

const lines = [
  lineKey({ ...outlines.tumor, name: "Tumour, solid" }),
  lineKey({ ...outlines.kidney, name: "Kidney, dashed" }),
];

/** Half of a voxel inside. */
const level = 127.5;

/** Outlines of kidney and tumour on a slice. */
export function outlinesOn(
  { crop, settings: { voxels } }: PredictionPictures,
  plane: Plane,
  at: number,
): Contour[] {
  const size = voxels ** 3;
  const slice = (mask: number) =>
    sliceOf(crop.mask.subarray(mask * size, (mask + 1) * size), voxels, plane, at);
  return [
    { ...outlines.kidney, slice: slice(0), level },
    { ...outlines.tumor, slice: slice(1), level },
  ];
}

/** The HU of a phase on a slice. */
export function phaseSlice(
  { crop, settings: { voxels } }: PredictionPictures,
  p: number,
  plane: Plane,
  at: number,
) {
  const size = voxels ** 3;
  return sliceOf(crop.hu.subarray(p * size, (p + 1) * size), voxels, plane, at);
}

const planes: readonly { plane: Plane; title: string; axis: 1 | 2; words: string }[] = [
  { plane: "axial", title: "Axial", axis: 2, words: "seen from the feet" },
  { plane: "coronal", title: "Coronal", axis: 1, words: "seen from the front" },
];

/** Every phase of the model on the axial and the coronal slice through the tumour's centre. */
export function phasePictures(pictures: PredictionPictures): Markup {
  const { crop, settings } = pictures;
  const { phases, voxels, fieldOfViewMm } = settings;
  const center = tumorCenter(crop.mask.subarray(voxels ** 3), voxels);
  const [low, high] = kidneyWindow;
  return html`<section class="pictures" aria-labelledby="pictures">
<h2 id="pictures">The tumour</h2>
<div class="rows">${planes.map(
    ({
      plane,
      title,
      axis,
      words,
    }) => html`<div class="row"><h3>${title} slice through the tumour’s centre</h3>
<div class="tiles">${phases.map((phase, p) => tile(pictures, phase, p, plane, center[axis], words))}</div></div>`,
  )}</div>
<p class="key">${lines.map(({ name, width, height, swatch }) => html`<svg width="${width}" height="${height}" aria-hidden="true">${swatch}</svg> ${name}. `)}Patient’s right on the left. ${fixed(low, 0)} to ${high} HU; ${(fieldOfViewMm / 10).toFixed(0)} cm wide, shown in voxels of ${(fieldOfViewMm / voxels).toFixed(1)} mm; the network reads the same cube in voxels of ${(fieldOfViewMm / pictures.mapVoxels).toFixed(1)} mm.</p>
</section>`;
}

function tile(
  pictures: PredictionPictures,
  phase: Phase,
  p: number,
  plane: Plane,
  at: number,
  words: string,
): Markup {
  if (!pictures.crop.present[p])
    return html`<figure class="tile"><div class="missing" role="img" aria-label="${phase} phase: not scanned">not scanned</div><figcaption>${phase}</figcaption></figure>`;
  const picture = slicePicture(
    `${phase} phase, ${plane} slice through the tumour’s centre`,
    `CT at the kidney window, ${words}; outlines of tumour (solid) and kidney (dashed).`,
    { hu: phaseSlice(pictures, p, plane, at), contours: outlinesOn(pictures, plane, at) },
  );
  return html`<figure class="tile"><div class="frame">${picture}</div><figcaption>${phase}</figcaption></figure>`;
}
