import { dirname } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { type CaseAgreement, checkMasks } from "../../../learning/segmentation/check/checkMasks.ts";
import { quantile } from "../../../numerics/stats/index.ts";
import { checkCohort, type Finding, uncheckedIn } from "../../../patients/cohort/check/check.ts";
import { cohortFile, parseCohort } from "../../../patients/cohort/csv.ts";
import { readTasks } from "../../../patients/cohort/tasksFile.ts";
import { type CommonOptions, result, textTable, wholeNumber, withCommonOptions } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly contents: boolean;
  readonly threads?: number;
  readonly segmentation?: string;
}

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("check")
      .description("look for all that could spoil a study; exit 1 where there is an error")
      .argument("<cohort>", "folder of cohort.csv")
      .option("--no-contents", "leave voxels unread: labels, files and geometry alone")
      .option(
        "--segmentation <folder>",
        "compare each mask with what such a model outlines, as segment takes: finds masks of another image, or mirrored",
      )
      .option("--threads <n>", "cases at a time; by default one a core", wholeNumber("--threads", 1)),
  ).action(async (path: string, { contents, threads, segmentation, ...options }: Options) => {
    const file = await cohortFile(path);
    const questions = await readTasks(dirname(file));
    const { cases, faults, ignored } = parseCohort(await readWhole(file), file, questions);
    const cohort = { folder: dirname(file), cases, ...questions };
    const { found, outlines } = await longWork(async (work) => ({
      found: await checkCohort(cohort, { contents, threads, ...work }),
      outlines:
        segmentation === undefined ? undefined : await checkMasks(cohort, segmentation, { threads, ...work }),
    }));
    const findings = [
      ...faults.map(asFinding),
      ...ignored.map(asDoubt),
      ...found,
      ...(outlines?.findings ?? []),
    ];
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const warnings = findings.length - errors;
    const notes = [
      ...uncheckedIn({ ...questions }),
      ...(outlines ? [agreementText(outlines.agreements)] : []),
    ];
    const counts = `${cases.length} cases: ${plural(errors, "error")}, ${plural(warnings, "warning")}.`;
    const end = [counts, ...notes].join("\n");
    result(
      options,
      {
        folder: dirname(file),
        cases: cases.length,
        errors,
        warnings,
        findings,
        notes,
        agreements: outlines?.agreements,
      },
      findings.length > 0 ? `${table(findings)}\n\n${end}` : end,
    );
    if (errors > 0)
      throw new TrinephronError(
        "E_COHORT",
        `${file}: ${plural(errors, "error")}`,
        "mend them and check again",
      );
  });
}

function agreementText(agreements: readonly CaseAgreement[]): string {
  const median = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    return known.length === 0 ? "–" : quantile(known, 0.5).toFixed(2);
  };
  const kidney = median(agreements.map((each) => each.kidney));
  const tumor = median(agreements.map((each) => each.tumor));
  return `${plural(agreements.length, "mask")} compared with the program's: median Dice ${kidney} of kidneys with lesions, ${tumor} of tumours.`;
}

const asFinding = ({ code, message }: TrinephronError): Finding => ({
  severity: "error",
  code,
  case: null,
  message,
});

const asDoubt = (column: string): Finding => ({
  severity: "warning",
  code: "E_FORMAT",
  case: null,
  message: `column ${column} is not read`,
});

const table = (findings: readonly Finding[]): string =>
  textTable(
    ["", "code", "case", "what"],
    findings.map((f) => [f.severity, f.code, f.case ?? "–", f.message]),
  );

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
