import { basename, extname } from "node:path";
import { type Command, Option } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { mustNotExist, writeWhole } from "../../base/files.ts";
import type { NephrometryJson } from "../../imaging/nephrometry/schema.ts";
import { type MaskSettings, scoreMask } from "../../patients/cohort/scores/scoreMask.ts";
import { batchCases, batchCsv, isBatch, scoreBatch } from "../../patients/cohort/scores/scoreMasks.ts";

import { type CommonOptions, result, say, textTable, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface NephrometryOptions extends CommonOptions, MaskSettings {
  readonly ct?: string;
  readonly figure?: string;
  readonly out?: string;
  readonly threads?: number;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("nephrometry")
      .description("R.E.N.A.L., PADUA and C-index of the tumours of a kidney mask, or of a cohort's masks")
      .argument("<mask>", "NIfTI file (1 kidney, 2 tumour, 3 cyst), a cohort, or a folder of masks")
      .addOption(
        new Option("--rules <set>", "how sinus, distances and polar lines are read; see docs/nephrometry.md")
          .choices(["published", "refined"])
          .default("published"),
      )
      .addOption(
        new Option("--diameter <plane>", "R: longest line in the axial slice with most tumour, or in 3D")
          .choices(["in-plane", "3d"])
          .default("in-plane"),
      )
      .addOption(
        new Option("--tumors <which>", "each tumour by itself (largest), or all of a kidney as one (all)")
          .choices(["largest", "all"])
          .default("largest"),
      )
      .option("--ct <file>", "the CT on the mask's grid: the sinus is the fat in it")
      .option("--uncertainty", "score again with outlines moved by a voxel", false)
      .option("--figure <path>", "SVG or PNG of each tumour; of a cohort a folder of SVG")
      .option("--out <file>", "CSV with a row a tumour; needed for a cohort")
      .option(
        "--threads <n>",
        "masks of a cohort at a time; by default one a core",
        wholeNumber("--threads", 1),
      ),
  ).action(async (path: string, options: NephrometryOptions) => {
    if (options.out !== undefined) await mustNotExist(options.out, options);
    await ((await isBatch(path)) ? batch(path, options) : single(path, options));
  });
}

async function single(path: string, options: NephrometryOptions): Promise<void> {
  const { ct, figure, out } = options;
  if (figure !== undefined) {
    if (![".svg", ".png"].includes(extname(figure).toLowerCase()))
      throw new TrinephronError("E_USAGE", `--figure ${figure}: neither .svg nor .png`);
    await mustNotExist(figure, options);
  }
  const title = basename(path).replace(/\.nii(\.gz)?$/i, "");
  const scores = await scoreMask({ ...settings(options), mask: path, ct, figure, title });
  for (const [t, { caveats }] of scores.tumors.entries())
    for (const caveat of caveats) say(`${path}, tumour ${t + 1}: ${caveat}`);
  if (out !== undefined) await writeWhole(out, batchCsv([{ case: title, mask: path, outcome: scores }]));
  result(options, scores, asText(scores));
}

async function batch(path: string, options: NephrometryOptions): Promise<void> {
  const { out, threads, figure, ct } = options;
  if (out === undefined)
    throw new TrinephronError("E_USAGE", `${path}: many masks need --out`, "give --out scores.csv");
  if (ct !== undefined) throw new TrinephronError("E_USAGE", "--ct goes with one mask, not with a cohort");
  const cases = await batchCases(path);
  if (figure !== undefined) await mustNotExist(figure, options);
  const rows = await longWork((work) =>
    scoreBatch(cases, { ...settings(options), threads, figures: figure, ...work }),
  );
  await writeWhole(out, batchCsv(rows));
  const failed = rows.flatMap(({ case: name, outcome }) =>
    outcome instanceof TrinephronError ? [{ case: name, error: outcome.line }] : [],
  );
  for (const { case: name, error } of failed) say(`${name}: ${error}`);
  if (failed.length === rows.length)
    throw new TrinephronError("E_COHORT", `${path}: none of ${rows.length} masks could be scored`);
  const tumors = rows.flatMap(({ outcome }) => (outcome && "tumors" in outcome ? [outcome.tumors[0]] : []));
  const of = (complexity: string) => tumors.filter((t) => t.renal.complexity === complexity).length;
  const counts = { low: of("low"), moderate: of("moderate"), high: of("high") };
  result(
    options,
    { out, cases: rows.length, scored: tumors.length, failed, complexity: counts },
    `${tumors.length} of ${rows.length} masks scored into ${out}: by the largest tumour ` +
      `${counts.low} low, ${counts.moderate} moderate, ${counts.high} high complexity`,
  );
}

const settings = ({ rules, diameter, tumors, uncertainty }: NephrometryOptions): MaskSettings => ({
  rules,
  diameter,
  tumors,
  uncertainty,
});

function asText({ tumors }: NephrometryJson): string {
  const mm = (value: number | null) => (value === null ? "no sinus found" : `${value.toFixed(1)} mm`);
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
  const table = textTable(
    ["tumour", "side", "volume", "R.E.N.A.L.", "complexity", "R", "E", "N", "L", "PADUA", "C-index"],
    tumors.map(({ side, volume_ml, renal: { R, E, N, L, ...renal }, padua, c_index }, t) => [
      String(t + 1),
      side,
      `${volume_ml.toFixed(1)} mL`,
      `${renal.total}${renal.suffix}`,
      renal.complexity,
      `${R.points} (${mm(R.mm)})`,
      `${E.points} (${percent(E.endophytic_fraction)} endophytic)`,
      `${N.points} (${mm(N.mm)})`,
      `${L.points} (${L.crosses_midline ? "crosses the midline" : `${percent(L.fraction_between_polar_lines)} between lines`})`,
      String(padua.total),
      c_index.toFixed(2),
    ]),
  );
  return `${table}\n\n${tumors.map(({ summary }) => summary).join("\n\n")}`;
}
