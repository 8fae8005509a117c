import { type Command, Option } from "commander";
import { TrinephronError } from "../errors.ts";
import { readNifti } from "../formats/nifti/index.ts";
import {
  defaultRules,
  nephrometry,
  type PaduaResult,
  type RenalResult,
  type Rules,
  refined,
  type TumorNephrometry,
} from "../nephrometry/index.ts";
import type { Volume } from "../volume/index.ts";
import { type CommonOptions, result, say, textTable, withCommonOptions } from "./io.ts";

interface NephrometryOptions extends CommonOptions {
  readonly rules: "published" | "refined";
  readonly diameter: Rules["diameter"];
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("nephrometry")
      .description("R.E.N.A.L., PADUA and C-index of the tumours of a kidney mask")
      .argument("<mask>", "NIfTI file: 1 kidney, 2 tumour, 3 cyst")
      .addOption(
        new Option("--rules <set>", "how sinus, distances and polar lines are read; see docs/nephrometry.md")
          .choices(["published", "refined"])
          .default("published"),
      )
      .addOption(
        new Option("--diameter <plane>", "R: longest line in the axial slice with most tumour, or in 3D")
          .choices(["in-plane", "3d"])
          .default("in-plane"),
      ),
  ).action(async (path: string, options: NephrometryOptions) => {
    const mask = asMask(await readNifti(path), path);
    const rules = { ...(options.rules === "refined" ? refined : defaultRules), diameter: options.diameter };
    const { tumors } = inFile(path, () => nephrometry(mask, rules));
    for (const [t, { renal }] of tumors.entries())
      if (!renal.L.polarLinesFound)
        say(`${path}, tumour ${t + 1}: no polar lines found, so L is 1 by default; try --rules refined`);
    result(options, { tumors: tumors.map(asJson) }, asText(tumors));
  });
}

/** A label image of any number type as bytes. @throws E_MASK for values that are no labels */
function asMask(volume: Volume, path: string): Volume<Uint8Array> {
  if (volume.data instanceof Uint8Array) return { ...volume, data: volume.data };
  const bad = volume.data.find((v) => !Number.isInteger(v) || v < 0 || v > 255);
  if (bad !== undefined)
    throw new TrinephronError("E_MASK", `${path}: holds the value ${bad}`, "a mask holds labels 0 to 3");
  return { ...volume, data: Uint8Array.from(volume.data) };
}

/** Scores know no files: their errors gain the file's name here. */
function inFile<T>(path: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    throw new TrinephronError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}

/** Infinite where no sinus was found; JSON knows no infinity. */
const finite = (mm: number) => (Number.isFinite(mm) ? mm : null);

const asJson = ({ side, volumeMl, maximalDiameterMm, renal, padua, cIndex }: TumorNephrometry) => ({
  side,
  volume_ml: volumeMl,
  maximal_diameter_mm: maximalDiameterMm,
  renal: renalJson(renal),
  padua: paduaJson(padua),
  c_index: cIndex,
});

const renalJson = ({ total, complexity, suffix, R, E, N, A, L }: RenalResult) => ({
  total,
  complexity,
  suffix,
  hilar_suffix: "unknown",
  R,
  E: { points: E.points, endophytic_fraction: E.endophyticFraction },
  N: { points: N.points, mm: finite(N.mm) },
  A: { mm: A.mm },
  L: {
    points: L.points,
    fraction_between_polar_lines: L.fractionBetweenPolarLines,
    crosses_midline: L.crossesMidline,
    polar_lines_found: L.polarLinesFound,
  },
});

const paduaJson = ({ total, complexity, ...parts }: PaduaResult) => ({
  total,
  complexity,
  location: {
    points: parts.location.points,
    fraction_between_sinus_lines: parts.location.fractionBetweenSinusLines,
  },
  exophytic: {
    points: parts.exophytic.points,
    endophytic_fraction: parts.exophytic.endophyticFraction,
  },
  rim: parts.rim,
  sinus: { points: parts.sinus.points, mm: finite(parts.sinus.mm) },
  collecting_system: { points: parts.collectingSystem.points, mm: finite(parts.collectingSystem.mm) },
  size: parts.size,
});

function asText(tumors: readonly TumorNephrometry[]): string {
  const mm = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} mm` : "no sinus found");
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
  return textTable(
    ["tumour", "side", "volume", "R.E.N.A.L.", "complexity", "R", "E", "N", "L", "PADUA", "C-index"],
    tumors.map(({ side, volumeMl, renal: { R, E, N, L, ...renal }, padua, cIndex }, t) => [
      String(t + 1),
      side,
      `${volumeMl.toFixed(1)} mL`,
      `${renal.total}${renal.suffix}`,
      renal.complexity,
      `${R.points} (${mm(R.mm)})`,
      `${E.points} (${percent(E.endophyticFraction)} endophytic)`,
      `${N.points} (${mm(N.mm)})`,
      `${L.points} (${L.crossesMidline ? "crosses the midline" : `${percent(L.fractionBetweenPolarLines)} between lines`})`,
      String(padua.total),
      cIndex.toFixed(2),
    ]),
  );
}
