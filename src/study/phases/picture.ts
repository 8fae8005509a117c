import { type Enhancement, enhancement } from "../../cohort/index.ts";
import { isotropic, lpsDirection, reorient, resample, type Volume } from "../../volume/index.ts";
import { aortaHu } from "./aorta.ts";
import { type ContrastPhase, type Evidence, likelihoods } from "./contrastPhase.ts";
import { enhancedKidneys } from "./kidneys.ts";

/** What an image shows of the contrast medium. */
export interface Picture {
  /** Of the kidneys; undefined where none was found. */
  readonly kidney?: Enhancement | undefined;
  /** Whether the kidneys were drawn, or found by brightness. */
  readonly drawn: boolean;
  /** HU of the aorta; undefined where none was found. */
  readonly aorta?: number | undefined;
  /** The image covers enough of a trunk that enhanced kidneys would have been found. */
  readonly trunk: boolean;
}

const grid = 2.5;

/** @param kidney 1 kidney, 2 tumour, 3 cyst, where it is known */
export function readPicture(volume: Volume, kidney?: Volume<Uint8Array>): Picture {
  const upright = reorient(volume);
  const coarse = resample(
    upright,
    { ...isotropic(upright, grid), direction: upright.direction },
    {
      antialias: true,
      fill: -1024,
    },
  );
  const aorta = aortaHu(coarse);
  const trunk = coversTrunk(coarse);
  const drawn = kidney && enhancement(kidney, upright);
  if (drawn) return { kidney: drawn, drawn: true, aorta, trunk };
  const found = enhancedKidneys(coarse);
  const mask = found && { ...coarse, direction: lpsDirection, data: found };
  return { kidney: mask && enhancement(mask, coarse), drawn: false, aorta, trunk };
}

/** A cross-section of the trunk is at least 25 by 15 cm of soft tissue, over 8 cm. */
function coversTrunk({ data, size }: Volume<Float32Array>): boolean {
  const tissue = data.reduce((n, hu) => n + (hu > -30 && hu < 300 ? 1 : 0), 0);
  return tissue * (grid / 10) ** 3 > 2500 && size[2] * grid > 80;
}

/** Mean and standard deviation of what is measured, HU. Unless told, after docs/phases.md. */
type Expected = Readonly<Record<ContrastPhase, readonly [number, number]>>;
const expected: Readonly<Record<"median" | "spread" | "aorta", Expected>> = {
  median: {
    unenhanced: [33, 10],
    corticomedullary: [165, 35],
    nephrographic: [180, 25],
    excretory: [155, 30],
  },
  spread: {
    unenhanced: [30, 12],
    corticomedullary: [115, 30],
    nephrographic: [45, 20],
    excretory: [45, 25],
  },
  aorta: {
    unenhanced: [42, 10],
    corticomedullary: [290, 60],
    nephrographic: [150, 25],
    excretory: [112, 20],
  },
};
/** A case in twenty is like none of these: obstruction, poor function, a late bolus. */
const odd = 0.05;

/** What the picture says of its phase. */
export function pictureEvidence({ kidney, drawn, aorta, trunk }: Picture): Evidence[] {
  const evidence: Evidence[] = [];
  const add = (text: string, of: (phase: ContrastPhase) => number) =>
    evidence.push({ from: "picture", text, logLikelihoods: likelihoods((phase) => Math.log(of(phase))) });
  if (kidney) {
    const { median, spread, brightMl } = kidney;
    const where = drawn ? "kidney with the tumour" : "kidneys found by brightness";
    add(`${where}: median ${median.toFixed(0)} HU`, (phase) => fits(median, expected.median[phase]));
    add(`cortex and medulla differ by ${spread.toFixed(0)} HU`, (phase) =>
      fits(spread, expected.spread[phase]),
    );
    if (brightMl > 0.3)
      add(`${brightMl.toFixed(1)} mL above 300 HU in the kidney: opacified collecting system`, (phase) =>
        phase === "excretory" ? 0.9 : phase === "corticomedullary" && brightMl < 1 ? 0.1 : 0.02,
      );
    else add("collecting system not opacified", (phase) => (phase === "excretory" ? 0.3 : 0.98));
  } else if (trunk)
    add("no kidney brighter than other organs", (phase) => (phase === "unenhanced" ? 0.9 : 0.1));
  if (aorta !== undefined) add(`aorta ${aorta.toFixed(0)} HU`, (phase) => fits(aorta, expected.aorta[phase]));
  return evidence;
}

/** Gaussian, relative to its peak, never below {@link odd}. */
const fits = (x: number, [mean, deviation]: readonly [number, number]): number =>
  odd + (1 - odd) * Math.exp(-(((x - mean) / deviation) ** 2) / 2) * (10 / deviation) ** 0.5;
