import { type ContrastPhase, type Evidence, favoredInWords, likelihoods } from "../contrastPhase.ts";
import type { Picture } from "../picture/picture.ts";

/** Mean and standard deviation in each phase. */
type Expected = Readonly<Record<ContrastPhase, readonly [mean: number, deviation: number]>>;

/**
 * What is measured, HU and mm. The aorta after real scans without contrast medium, arterial and portal venous
 * (docs/phases.md), so that it is unenhanced below about 80 HU, for blood is 30 to 60 and noise and calcium add to it,
 * and arterial above about 170, which the bolus has and no later phase; in an excretory phase after textbooks. The
 * kidneys after time–density curves (PMID 17367973) and kidneys painted after them (simulated, docs/phases.md), with
 * wider deviations than painted ones have: a real portal-venous scan at 70 s still has some of the corticomedullary
 * difference.
 */
const expected = {
  aorta: {
    unenhanced: [45, 16],
    corticomedullary: [260, 70],
    nephrographic: [125, 24],
    excretory: [105, 22],
  },
  cortex: {
    unenhanced: [55, 18],
    corticomedullary: [228, 35],
    nephrographic: [193, 25],
    excretory: [170, 25],
  },
  aboveMedulla: {
    unenhanced: [0, 12],
    corticomedullary: [75, 35],
    nephrographic: [8, 30],
    excretory: [0, 25],
  },
  depth: {
    unenhanced: [9, 3.5],
    corticomedullary: [4, 1.2],
    nephrographic: [9, 3.5],
    excretory: [9.5, 3.5],
  },
} as const satisfies Record<string, Expected>;

/** The aorta of a scan with contrast medium, HU. */
const enhanced = 80;
/** A case in twenty is like none of these (obstruction, poor function, a late bolus): spread over so many HU or mm. */
const odd = { share: 0.05, hu: 400, mm: 20 };
/** Without contrast medium a kidney's median lies below, HU. */
const unenhancedBelow = 55;
/** What stays above 300 HU in a kidney is an opacified collecting system, mL; of a very bright cortex noise may. */
const opacified = 0.3;
const veryBright = 235;

/** What the picture says of its phase; nothing where neither aorta nor kidneys were found, nor must have been. */
export function pictureEvidence({ kidney, drawn, aorta, trunk }: Picture): Evidence[] {
  const evidence: Evidence[] = [];
  const add = (what: string, of: (phase: ContrastPhase) => number) => {
    const logLikelihoods = likelihoods((phase) => Math.log(of(phase)));
    evidence.push({ from: "picture", text: `${what}: ${favoredInWords(logLikelihoods)}`, logLikelihoods });
  };
  if (aorta !== undefined) add(`aorta ${aorta.toFixed(0)} HU`, (phase) => aortaFits(aorta, phase));
  if (kidney?.cortex) {
    const { hu, aboveMedulla, depth } = kidney.cortex;
    const where = drawn ? "kidney" : "kidney found by its brightness";
    add(`${where}: cortex ${hu.toFixed(0)} HU`, (phase) => fits(hu, expected.cortex[phase], odd.hu));
    const difference =
      aboveMedulla === undefined ? "" : `cortex ${aboveMedulla.toFixed(0)} HU above medulla, `;
    // Two measures of one thing: the mean of what they say.
    add(`${difference}parenchyma as bright as cortex ${depth.toFixed(0)} mm deep`, (phase) => {
      const deep = fits(depth, expected.depth[phase], odd.mm);
      return aboveMedulla === undefined
        ? deep
        : Math.sqrt(deep * fits(aboveMedulla, expected.aboveMedulla[phase], odd.hu));
    });
  } else if (kidney && kidney.median < unenhancedBelow)
    add(`kidney ${kidney.median.toFixed(0)} HU`, (phase) => (phase === "unenhanced" ? 0.9 : 0.05));
  if (kidney && kidney.median >= unenhancedBelow) {
    const noise = kidney.cortex !== undefined && kidney.cortex.hu > veryBright ? 0.3 : 0.05;
    if (kidney.brightMl > opacified)
      add(`${kidney.brightMl.toFixed(1)} mL above 300 HU in the kidney`, (phase) =>
        phase === "excretory" ? 0.9 : phase === "corticomedullary" ? noise : 0.03,
      );
    else add("collecting system not opacified", (phase) => (phase === "excretory" ? 0.25 : 0.95));
  }
  // Where the aorta is enhanced and no kidney is seen, there is none in the image.
  if (!kidney && trunk && (aorta ?? 0) < enhanced)
    add("no kidney brighter than other organs", (phase) => (phase === "unenhanced" ? 0.9 : 0.1));
  return evidence;
}

function aortaFits(aorta: number, phase: ContrastPhase): number {
  // The more, the earlier: nothing above the mean is less of an arterial scan.
  const hu = Math.min(aorta, expected.aorta.corticomedullary[0]);
  const own = fits(hu, expected.aorta[phase], odd.hu);
  // Real portal-venous aortas are as dark as excretory ones; it is only the bright ones that are not excretory.
  return phase === "excretory" ? Math.min(own, fits(hu, expected.aorta.nephrographic, odd.hu)) : own;
}

/** Probability density, per HU or mm. */
const fits = (x: number, [mean, deviation]: readonly [number, number], range: number): number =>
  odd.share / range +
  ((1 - odd.share) * Math.exp(-(((x - mean) / deviation) ** 2) / 2)) / (deviation * Math.sqrt(2 * Math.PI));
