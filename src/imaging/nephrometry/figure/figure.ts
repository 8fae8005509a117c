import { largestSlice, sliceDiameter, type Vec3 } from "../../../numerics/volume/index.ts";
import { describe, distanceText, percent } from "../describe.ts";
import type { Reading } from "../nephrometry.ts";
import { exophyticPart } from "../renal/exophytic.ts";
import { nearnessTarget } from "../renal/renal.ts";
import { defaultRules, type Rules } from "../rules.ts";
import type { Uncertainty } from "../uncertainty.ts";
import { nearestPath } from "./nearestPath.ts";
import type { Scene, Shape } from "./scene.ts";
import { axialView, coronalView, region, type View } from "./view.ts";

const colors = {
  kidney: "#ead7c5",
  kidneyEdge: "#9a6b45",
  inside: "#c0392b",
  outside: "#f2a07b",
  tumorEdge: "#7b241c",
  cyst: "#b9d9ea",
  sinus: "#fbeeb0",
  collecting: "#cfe3c2",
  polar: "#1f5fa8",
  ink: "#1a1a1a",
  muted: "#5b5b5b",
} as const;

const width = 960;
const panel = { width: 296, height: 260, top: 74, gap: 16, left: 20 } as const;
/** Characters of the paragraph's lines at its size. */
const lineChars = 140;

/** What a figure shows besides the reading. */
export interface FigureOptions {
  readonly rules?: Rules;
  readonly uncertainty?: Uncertainty;
  /** Named above the figure. */
  readonly title?: string;
}

/**
 * What the scores of a tumour were read from: the axial slice with most tumour and its longest line, the kidney from
 * the front with its polar lines, the nearest path to the sinus, the part outside the kidney in a lighter tint; the
 * points beside them and a paragraph below.
 */
export function figure(
  reading: Reading,
  { rules = defaultRules, uncertainty, title = "" }: FigureOptions = {},
): Scene {
  const { affected, scores } = reading;
  const { size, spacing } = affected.mask;
  const extents = size.map((n, a) => n * spacing[a]);
  const pxPerMm = Math.min(
    (panel.width - 8) / extents[0],
    panel.height / extents[1],
    (panel.height - 8) / extents[2],
  );
  const paragraph = wrapped(describe(scores, uncertainty), lineChars);
  const below = panel.top + panel.height;
  const shapes = [
    ...header(reading, title),
    ...diameterPanel(reading, pxPerMm, boxOf(0)),
    ...polarPanel(reading, pxPerMm, boxOf(1)),
    ...pathPanel(reading, rules, pxPerMm, boxOf(2)),
    ...legend(below + 62, pxPerMm),
    ...paragraph.map((text, n): Shape => ({ kind: "text", x: 20, y: below + 92 + 17 * n, text, size: 12.5 })),
  ];
  return {
    width,
    height: below + 92 + 17 * paragraph.length,
    title: `Nephrometry${title ? ` of ${title}` : ""}: R.E.N.A.L. ${scores.renal.total}${scores.renal.suffix}`,
    description: describe(scores, uncertainty),
    shapes,
  };
}

const boxOf = (n: number) => ({
  x: panel.left + n * (panel.width + panel.gap),
  y: panel.top,
  width: panel.width,
  height: panel.height,
});
type Box = ReturnType<typeof boxOf>;

function header(
  { scores: { renal, padua, cIndex, side, volumeMl, margins } }: Reading,
  title: string,
): Shape[] {
  const { R, E, N, L } = renal;
  const parts = [`R ${R.points}`, `E ${E.points}`, `N ${N.points}`, `A ${renal.suffix}`, `L ${L.points}`];
  const near = (["R", "E", "N", "L"] as const).flatMap((key) =>
    margins[key]?.borderline ? [`${key} ${distanceText(margins[key])}`] : [],
  );
  return [
    {
      kind: "text",
      x: 20,
      y: 30,
      size: 20,
      bold: true,
      text: `R.E.N.A.L. ${renal.total}${renal.suffix} · ${renal.complexity}`,
    },
    { kind: "text", x: 20, y: 52, size: 13, text: parts.join(" · ") },
    {
      kind: "text",
      x: width - 20,
      y: 30,
      size: 13,
      anchor: "end",
      text: `${title ? `${title} · ` : ""}${side} kidney · ${volumeMl.toFixed(1)} mL · PADUA ${padua.total} · C-index ${cIndex.toFixed(2)}`,
    },
    ...(near.length > 0
      ? [
          {
            kind: "text",
            x: width - 20,
            y: 52,
            size: 13,
            anchor: "end",
            color: colors.muted,
            text: `borderline: ${near.join("; ")}`,
          } satisfies Shape,
        ]
      : []),
  ];
}

/** Kidney, sinus, cysts and the tumour in a plane. */
function anatomy({ affected, tumor, sinus }: Reading, view: View): Shape[] {
  const { data } = affected.mask;
  return [
    ...region(
      view.borders((n) => sinus.outline[n] === 1),
      colors.kidney,
      colors.kidneyEdge,
    ),
    ...region(
      view.borders((n) => sinus.collectingSystem[n] === 1 && data[n] === 0),
      colors.collecting,
    ),
    ...region(
      view.borders((n) => sinus.sinus[n] === 1),
      colors.sinus,
    ),
    ...region(
      view.borders((n) => data[n] === 3),
      colors.cyst,
      colors.kidneyEdge,
    ),
    ...region(
      view.borders((n) => data[n] === 2 && tumor[n] === 0),
      colors.inside,
      undefined,
      0.35,
    ),
    ...region(
      view.borders((n) => tumor[n] === 1),
      colors.inside,
      colors.tumorEdge,
    ),
  ];
}

/** The tumour's part outside the kidney, laid over it. */
function outsidePart({ affected, tumor, sinus }: Reading, view: View, k: number): Shape[] {
  const { mask } = affected;
  const rest = sinus.outline.map((v, n) => (mask.data[n] === 2 ? 0 : v));
  const part = exophyticPart({ ...mask, data: tumor }, rest, k);
  const first = k * mask.size[0] * mask.size[1];
  return region(
    view.borders((n) => part[n - first] === 1),
    colors.outside,
    colors.tumorEdge,
  );
}

function diameterPanel(reading: Reading, pxPerMm: number, box: Box): Shape[] {
  const { mask } = reading.affected;
  const { R, E } = reading.scores.renal;
  const k = largestSlice(reading.tumor, mask.size)?.k ?? 0;
  const view = axialView(mask.size, mask.spacing, k, box, pxPerMm);
  const line = sliceDiameter(reading.tumor, mask, k);
  return [
    ...anatomy(reading, view),
    ...outsidePart(reading, view, k),
    ...(line ? caliper([...view.voxel(line.from), ...view.voxel(line.to)]) : []),
    ...caption(
      box,
      "Axial slice with most tumour",
      `R ${R.mm.toFixed(1)} mm · E ${percent(1 - E.endophyticFraction)} of it outside`,
    ),
    ...sides(box, reading),
  ];
}

function polarPanel(reading: Reading, pxPerMm: number, box: Box): Shape[] {
  const { mask } = reading.affected;
  const { L } = reading.scores.renal;
  const view = coronalView(mask.size, mask.spacing, undefined, box, pxPerMm);
  const lines = reading.sinus.polarLines;
  const [, , nz] = mask.size;
  const across = (mm: number, dash: readonly [number, number]): Shape => ({
    kind: "line",
    points: [box.x + 6, view.place(0, mm)[1], box.x + box.width - 6, view.place(0, mm)[1]],
    color: colors.polar,
    width: 1.5,
    dash,
  });
  const dz = mask.spacing[2];
  const drawn: Shape[] = [];
  if (lines && lines[0] <= lines[1]) {
    const [upper, lower] = [(nz - 1 - lines[1]) * dz, (nz - lines[0]) * dz];
    drawn.push(across(upper, [7, 4]), across(lower, [7, 4]), across((upper + lower) / 2, [2, 4]));
  }
  const text =
    drawn.length === 0
      ? "no polar lines found"
      : L.crossesMidline
        ? "crosses the midline"
        : `${percent(L.fractionBetweenPolarLines)} between the polar lines`;
  return [
    ...anatomy(reading, view),
    ...drawn,
    ...caption(box, "From the front, all planes laid over each other", `L ${text}`),
    ...sides(box, reading),
  ];
}

/** In the plane that shows more of the path. */
function pathPanel(reading: Reading, rules: Rules, pxPerMm: number, box: Box): Shape[] {
  const { affected, tumor, sinus, scores } = reading;
  const { mask } = affected;
  const { N } = scores.renal;
  const path = nearestPath({ ...mask, data: tumor }, nearnessTarget(mask.data, sinus, rules));
  const [from, to] = path ? [path.from, path.to] : [undefined, undefined];
  const along = (a: number) => (from && to ? Math.abs(from[a] - to[a]) * mask.spacing[a] : 0);
  const coronal = along(2) > Math.hypot(along(0), along(1));
  const at: Vec3 = from ?? [0, 0, largestSlice(tumor, mask.size)?.k ?? 0];
  const view = coronal
    ? coronalView(mask.size, mask.spacing, at[1], box, pxPerMm)
    : axialView(mask.size, mask.spacing, at[2], box, pxPerMm);
  const marks: Shape[] = [];
  if (from && to) {
    const [a, b] = [view.voxel(from), view.voxel(to)];
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const circle = Array.from({ length: 32 }, (_, n) => [
      middle[0] + 11 * Math.cos((n * Math.PI) / 16),
      middle[1] + 11 * Math.sin((n * Math.PI) / 16),
    ]).flat();
    if (Math.hypot(a[0] - b[0], a[1] - b[1]) > 3) marks.push(...caliper([...a, ...b]));
    marks.push(
      { kind: "line", points: circle, color: "#ffffff", width: 3, closed: true },
      { kind: "line", points: circle, color: colors.ink, width: 1.4, closed: true },
    );
  }
  const text = Number.isFinite(N.mm)
    ? `N ${N.mm.toFixed(1)} mm to sinus or collecting system`
    : "N no sinus found";
  return [
    ...anatomy(reading, view),
    ...(coronal ? [] : outsidePart(reading, view, at[2])),
    ...marks,
    ...caption(box, `Nearest path to the sinus, ${coronal ? "coronal" : "axial"}`, text),
    ...sides(box, reading),
  ];
}

/** A measuring line with a light rim, so that it is seen on any tint. */
const caliper = (points: readonly number[]): Shape[] => [
  { kind: "line", points, color: "#ffffff", width: 4 },
  { kind: "line", points, color: colors.ink, width: 1.8 },
];

const caption = ({ x, y, height }: Box, what: string, value: string): Shape[] => [
  { kind: "text", x, y: y + height + 20, size: 12, color: colors.muted, text: what },
  { kind: "text", x, y: y + height + 38, size: 13, bold: true, text: value },
];

/** Where the spine lies. */
function sides({ x, y, width: w }: Box, { affected: { side } }: Reading): Shape[] {
  const spineRight = side === "right";
  return [
    {
      kind: "text",
      x: spineRight ? x + w : x,
      y: y + 10,
      size: 10.5,
      color: colors.muted,
      anchor: spineRight ? "end" : "start",
      text: spineRight ? "spine >" : "< spine",
    },
  ];
}

function legend(y: number, pxPerMm: number): Shape[] {
  const items: [string, string, number][] = [
    [colors.inside, "tumour within the kidney's outline", 226],
    [colors.outside, "outside it", 92],
    [colors.kidney, "kidney", 74],
    [colors.sinus, "sinus", 66],
    [colors.collecting, "collecting system", 136],
    [colors.cyst, "cyst", 60],
  ];
  let x = 20;
  const shapes: Shape[] = [];
  for (const [fill, text, advance] of items) {
    shapes.push(
      { kind: "area", loops: [[x, y - 9, x + 12, y - 9, x + 12, y + 1, x, y + 1]], fill },
      { kind: "text", x: x + 17, y, size: 11.5, color: colors.muted, text },
    );
    x += advance;
  }
  const bar = 20 * pxPerMm;
  shapes.push(
    { kind: "line", points: [width - 20 - bar, y - 3, width - 20, y - 3], color: colors.ink, width: 2 },
    { kind: "text", x: width - 26 - bar, y, size: 11.5, anchor: "end", color: colors.muted, text: "20 mm" },
  );
  return shapes;
}

function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
