import type { Margin, Margins } from "./margin.ts";
import type { TumorNephrometry } from "./nephrometry.ts";
import type { Uncertainty } from "./uncertainty.ts";

/** `0.2 mm from 1 point`, `3 % of the tumour from 2 points`; empty where no cut-off is near by any measure. */
export function distanceText(margin: Margin | undefined): string {
  if (!margin) return "";
  const by = margin.unit === "mm" ? `${margin.by.toFixed(1)} mm` : `${percent(margin.by)} of the tumour`;
  return `${by} from ${margin.points} point${margin.points === 1 ? "" : "s"}`;
}

/** The borderline components of R.E.N.A.L., each as `N 6.8 mm, 0.2 mm from 1 point`. */
export function borderline({ renal: { R, E, N, L }, margins }: TumorNephrometry): string[] {
  const values: Record<"R" | "E" | "N" | "L", string> = {
    R: mmText(R.mm),
    E: `${percent(E.endophyticFraction)} endophytic`,
    N: mmText(N.mm),
    L: `${percent(L.fractionBetweenPolarLines)} between the polar lines`,
  };
  return (["R", "E", "N", "L"] as const).flatMap((key: keyof Margins & ("R" | "E" | "N" | "L")) =>
    margins[key]?.borderline ? [`${key} ${values[key]}, ${distanceText(margins[key])}`] : [],
  );
}

/** One paragraph on one tumour, as a surgeon would put it. */
export function describe(scores: TumorNephrometry, uncertain?: Uncertainty): string {
  const { side, renal, padua, caveats } = scores;
  const { R, E, N, L, suffix } = renal;
  const face = { a: "anterior", p: "posterior", x: "neither anterior nor posterior" }[suffix];
  const sentences = [
    `${side === "right" ? "Right" : "Left"} kidney, ${face}: a tumour of ${R.mm.toFixed(0)} mm ` +
      `(${scores.volumeMl.toFixed(1)} mL), ${growth(E.endophyticFraction)}, ${depth(N.mm)}, ${place(L)}.`,
    `R.E.N.A.L. ${renal.total}${suffix} (R ${R.points} + E ${E.points} + N ${N.points} + L ${L.points}), ` +
      `${renal.complexity} complexity; PADUA ${padua.total}, C-index ${scores.cIndex.toFixed(1)}, ` +
      `contact with the kidney ${scores.contactAreaCm2.toFixed(1)} cm².`,
  ];
  const near = borderline(scores);
  if (near.length > 0) sentences.push(`Borderline: ${near.join("; ")}.`);
  if (uncertain) {
    const [low, high] = uncertain.total;
    const range = low === high ? `the total stays ${low}` : `the total runs from ${low} to ${high}`;
    sentences.push(
      `With outlines moved by one voxel ${range}; probability of high complexity ${percent(uncertain.probability.high)}.`,
    );
  }
  sentences.push(`${sourceText[scores.sinusSource]}; contact with the main renal vessels (h) is not known.`);
  if (caveats.length > 0) sentences.push(`Note: ${caveats.join("; ")}.`);
  return sentences.join(" ");
}

const sourceText = {
  mask: "Sinus and collecting system are estimated from the outlines alone",
  ct: "The sinus is fat found in the CT",
  labels: "Sinus and collecting system are as drawn in the mask",
} as const;

function growth(endophytic: number): string {
  if (endophytic >= 1) return "wholly within the kidney's outline";
  return endophytic > 0.5
    ? `mostly within the kidney's outline (${percent(endophytic)})`
    : `half or more of it outside the kidney (${percent(1 - endophytic)} exophytic)`;
}

function depth(mm: number): string {
  if (!Number.isFinite(mm)) return "its distance to the sinus unknown";
  return mm < 2 ? "at the sinus or collecting system" : `${mm.toFixed(1)} mm from sinus or collecting system`;
}

function place(L: TumorNephrometry["renal"]["L"]): string {
  if (!L.polarLinesFound && L.points === 1) return "its place along the kidney unknown";
  if (L.crossesMidline) return "across the kidney's midline";
  if (L.fractionBetweenPolarLines >= 1) return "wholly between the polar lines";
  return L.points === 1 ? "polar" : `${percent(L.fractionBetweenPolarLines)} of it between the polar lines`;
}

const mmText = (mm: number) => `${mm.toFixed(1)} mm`;
/** Whole percents, but never 0 or 100 for what is neither. */
export function percent(fraction: number): string {
  const rounded = Math.round(100 * fraction);
  if (rounded === 0 && fraction > 0) return "< 1 %";
  if (rounded === 100 && fraction < 1) return "> 99 %";
  return `${rounded} %`;
}
