import type { PredictionPictures, TaskMaps } from "../../../evidence/predict/pictures.ts";
import { html, type Markup, type Part } from "../../../page/html.ts";
import { spokenTitle, type TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { capital } from "../words.ts";
import { outlinesOn, phaseSlice } from "./phasePictures.ts";
import { rampUri, slicePicture, type Tint } from "./picture.ts";
import { sliceOf, strongestSlice, tumorCenter } from "./slice.ts";

/** Falls smaller than this, of a probability, are drawn pale: not every map has something to show. */
const leastFall = 0.01;

interface Kind {
  readonly title: string;
  readonly how: string;
  readonly ramp: readonly [low: string, high: string];
  readonly range: readonly [number, number];
  readonly map: (maps: TaskMaps) => Float32Array | undefined;
  /** What the map's full tint stands for. */
  readonly full: (map: Float32Array) => number;
  readonly caption: (map: Float32Array) => string;
}

const largest = (map: Float32Array): number => map.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The largest value above 0. */
const falls = (map: Float32Array): number => map.reduce((most, x) => Math.max(most, x), 0);

/** Percentage points. */
const points = (share: number): string => (100 * share).toFixed(share < 0.0995 ? 1 : 0);

const kinds: readonly Kind[] = [
  {
    title: "HiResCAM",
    how: "brighter: what the network learnt by itself speaks more for the answer at the 100 % end; it is blind to what is measured on the mask.",
    ramp: ["nothing", "most"],
    range: [0, 1],
    map: ({ cam }) => cam,
    full: () => 1,
    caption: (map) => (largest(map) > 0 ? "" : "nothing speaks for it"),
  },
  {
    title: "Occlusion",
    how: "orange, solid line: covering the place lowers the probability, it speaks for the 100 % end; blue, dashed: covering raises it.",
    ramp: ["rises", "falls"],
    range: [-1, 1],
    map: ({ occlusion }) => occlusion,
    full: (map) => Math.max(largest(map), leastFall),
    caption: (map) =>
      largest(map) < leastFall
        ? "changes by less than 1 point"
        : `−${points(falls(map))} to +${points(falls(map.map((x) => -x)))} points`,
  },
];

/** Transparent to orange to yellow: lighter is more, in any vision. */
const warm = (share: number): Tint => [
  213 + 27 * share,
  94 + 134 * share,
  66 * share,
  0.85 * Math.sqrt(share),
];
/** Okabe and Ito's orange for falls, blue for rises. */
const signed = (share: number): Tint =>
  share > 0 ? [230, 159, 0, 0.85 * share] : [0, 114, 178, -0.85 * share];

const tintOf = (kind: Kind) => (share: number) =>
  kind.range[0] < 0 ? signed(Math.min(1, Math.max(-1, share))) : warm(Math.min(1, Math.max(0, share)));

/** Where the model looked: a row of pictures a map, a column a task; what it speaks for is said below each. */
export function explanations(pictures: PredictionPictures, tasks: readonly TaskDefinition[]): Part {
  const shown = tasks.filter(({ name }) => pictures.maps[name]);
  const rows = () => {
    const { crop, settings } = pictures;
    const [, , center] = tumorCenter(crop.mask.subarray(settings.voxels ** 3), settings.voxels);
    return kinds.map((kind) => row(pictures, shown, kind, center));
  };
  return html`<section class="explanations" aria-labelledby="explanations">
<h2 id="explanations">Where the model looked</h2>
${
  shown.length === 0
    ? html`<p class="absent">No explanation maps: they were not asked for.</p>`
    : html`<div class="rows">${rows()}</div>`
}
</section>`;
}

function row(
  pictures: PredictionPictures,
  shown: readonly TaskDefinition[],
  kind: Kind,
  center: number,
): Markup {
  const there = shown.filter(({ name }) => kind.map(pictures.maps[name]!));
  const head = html`<h3>${kind.title} <span class="sub">axial slice where it is strongest, from the tumour’s centre</span></h3>`;
  if (there.length === 0)
    return html`<div class="row">${head}<p class="absent">Not computed: the model’s weights are stored in another precision, or are an earlier network’s.</p></div>`;
  const [from, to] = kind.ramp;
  return html`<div class="row">${head}<div class="tiles">${there.map((task) => tile(pictures, task, kind, center))}</div>
<p class="key">${from} <img class="ramp" src="${rampUri(tintOf(kind), kind.range)}" alt="from ${from} to ${to}"> ${to} · <b>How to read it:</b> ${kind.how}</p></div>`;
}

/** @param center the slice through the tumour's */
function tile(pictures: PredictionPictures, task: TaskDefinition, kind: Kind, center: number): Markup {
  const { crop, settings, mapVoxels } = pictures;
  const { voxels, fieldOfViewMm, phases } = settings;
  const map = kind.map(pictures.maps[task.name]!)!;
  const full = kind.full(map);
  const mapAt = strongestSlice(map, mapVoxels);
  const at = Math.floor(((mapAt + 0.5) * voxels) / mapVoxels);
  const shown = Math.max(
    0,
    phases.findIndex((phase, p) => phase === "nephrographic" && crop.present[p]),
    crop.present.indexOf(true),
  );
  const slice = sliceOf(
    map.map((value) => value / full),
    mapVoxels,
    "axial",
    mapAt,
  );
  const negative = { ...slice, data: slice.data.map((value) => -value) };
  const above = ((mapAt + 0.5) / mapVoxels - (center + 0.5) / voxels) * fieldOfViewMm;
  const caption = [heightText(above), kind.caption(map)].filter(Boolean).join("; ");
  const picture = slicePicture(
    `${kind.title} of ${spokenTitle(task)} on the ${phases[shown]} phase, axial`,
    `${caption}. ${kind.title}: ${kind.how}`,
    {
      hu: phaseSlice(pictures, shown, "axial", at),
      overlay: { slice, tint: tintOf(kind) },
      contours: [
        ...outlinesOn(pictures, "axial", at),
        { slice, level: 0.5, color: "#fff" },
        { slice: negative, level: 0.5, color: "#fff", dash: "4 3" },
      ],
    },
  );
  return html`<figure class="tile"><div class="frame">${picture}</div><figcaption><b>${capital(task.name.replaceAll("_", " "))}</b>, ${caption}</figcaption></figure>`;
}

/** Where the slice lies to the tumour’s centre: `12 mm above`. */
function heightText(mm: number): string {
  const whole = Math.round(Math.abs(mm));
  return whole === 0 ? "at the centre" : `${whole} mm ${mm > 0 ? "above" : "below"}`;
}
