import type { Command } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { mustNotExist, readWhole, writeWhole } from "../../base/files.ts";
import { type ColumnFilter, compareColumns } from "../../evidence/predictions/compareColumns.ts";
import { parseTable } from "../../imaging/formats/tables/table.ts";
import {
  type AucComparison,
  adjustments,
  type CompareAucsOptions,
  compareMethods,
  type Interval,
} from "../../numerics/stats/index.ts";
import {
  type CommonOptions,
  number,
  oneOf,
  result,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "./support/io.ts";

interface CompareOptions extends CommonOptions, Omit<CompareAucsOptions, "seed"> {
  readonly label: string;
  readonly score: readonly string[];
  readonly where: readonly string[];
  readonly out?: string;
}

export function register(program: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  withCommonOptions(
    program
      .command("compare")
      .description("AUCs, their 95 % intervals and paired tests of any columns of a CSV file")
      .argument("<file>", "CSV file with a header, one case a row")
      .requiredOption("--label <column>", "column of the truth: 1 positive, 0 negative")
      .option("--score <column>", "column of a score, higher for positive; repeat to compare", collect, [])
      .option("--where <column=value>", "keep the rows with this value only; repeatable", collect, [])
      .option(
        "--method <name>",
        "intervals and tests: delong or bootstrap",
        oneOf("--method", compareMethods),
        "delong",
      )
      .option("--replicates <n>", "bootstrap samples", wholeNumber("--replicates", 2), 2000)
      .option(
        "--adjust <name>",
        `p-values for several pairs: ${adjustments.join(", ")}`,
        oneOf("--adjust", adjustments),
      )
      .option(
        "--noninferiority <margin>",
        "also test that each pair's first AUC is not below its second by this margin",
        number("--noninferiority", 0),
      )
      .option("--out <file>", "also write the JSON result to this file"),
  ).action(async (file: string, options: CompareOptions) => {
    checkOptions(options);
    if (options.out) await mustNotExist(options.out, options);
    const table = parseTable(await readWhole(file), file);
    const found = compareColumns(table, options.label, options.score, options.where.map(filterOf), options);
    if (options.out) await writeWhole(options.out, `${JSON.stringify(found, null, 2)}\n`);
    result(options, found, asText(found));
  });
}

/** `column=value` as a filter. @throws E_USAGE */
function filterOf(text: string): ColumnFilter {
  const [, column, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (column === undefined)
    throw new TrinephronError("E_USAGE", `--where ${text}: not of the form column=value`);
  return { column, value };
}

function checkOptions({ score, noninferiority: margin }: CompareOptions): void {
  if (score.length === 0)
    throw new TrinephronError("E_USAGE", "no --score", "name one or more columns of scores");
  const twice = score.find((name, i) => score.indexOf(name) !== i);
  if (twice !== undefined) throw new TrinephronError("E_USAGE", `--score ${twice} is given twice`);
  if (margin !== undefined && !(margin > 0 && margin < 1))
    throw new TrinephronError("E_USAGE", `--noninferiority ${margin}: a margin of AUC is between 0 and 1`);
}

function asText({ n, positives, auc, pairs, method, adjust }: AucComparison): string {
  const fixed = (value: number) => value.toFixed(3).replace(/^-/, "−");
  const span = ([low, high]: Interval) => `${fixed(low)} to ${fixed(high)}`;
  const chance = (p: number) => (p < 0.001 ? "< 0.001" : p.toFixed(3));
  const areas = textTable(
    ["score", "AUC", "95 % CI"],
    Object.entries(auc).map(([name, { value, ci }]) => [name, fixed(value), span(ci)]),
  );
  const margin = pairs[0]?.noninferiority?.margin;
  const tests = textTable(
    [
      "pair",
      "AUC difference",
      "95 % CI",
      "z",
      "p",
      ...(adjust ? [`p, ${adjust}`] : []),
      ...(margin === undefined ? [] : [`p, not worse by ${margin}`]),
    ],
    pairs.map(({ a, b, difference, ci, z, p, pAdjusted, noninferiority }) => [
      `${a} − ${b}`,
      fixed(difference),
      span(ci),
      Number.isFinite(z) ? fixed(z) : z > 0 ? "∞" : "−∞",
      chance(p),
      ...(pAdjusted === undefined ? [] : [chance(pAdjusted)]),
      ...(noninferiority === undefined ? [] : [chance(noninferiority.p)]),
    ]),
  );
  const head = `${n} cases: ${positives} positive, ${n - positives} negative. Intervals and paired tests: ${method}.`;
  return [head, areas, ...(pairs.length > 0 ? [tests] : [])].join("\n\n");
}
