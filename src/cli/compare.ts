import type { Command } from "commander";
import { TrinephronError } from "../errors.ts";
import { readWhole, writeWhole } from "../files.ts";
import { classes, delongAuc, delongPaired } from "../stats/index.ts";
import { at, labelCell, numberCell, parseTable, requireColumns, type Table } from "../validate/table.ts";
import { type CommonOptions, mustNotExist, result, textTable, withCommonOptions } from "./io.ts";

interface CompareOptions extends CommonOptions {
  readonly label: string;
  readonly score: readonly string[];
  readonly where: readonly string[];
  readonly out?: string;
}

/** What `compare --json` prints; `z` is null where it is infinite (one curve perfect, the other flat). */
export interface Comparison {
  n: number;
  positives: number;
  auc: Record<string, { value: number; ci: readonly [number, number] }>;
  pairs: {
    a: string;
    b: string;
    difference: number;
    ci: readonly [number, number];
    z: number | null;
    p: number;
  }[];
  method: string;
}

export function register(program: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  withCommonOptions(
    program
      .command("compare")
      .description("AUCs, their 95 % intervals and paired DeLong tests of any columns of a CSV file")
      .argument("<file>", "CSV file with a header, one case a row")
      .requiredOption("--label <column>", "column of the truth: 1 positive, 0 negative")
      .option("--score <column>", "column of a score, higher for positive; repeat to compare", collect, [])
      .option("--where <column=value>", "keep the rows with this value only; repeatable", collect, [])
      .option("--out <file>", "also write the JSON result to this file"),
  ).action(async (file: string, options: CompareOptions) => {
    checkOptions(options);
    if (options.out) await mustNotExist(options.out, options);
    const table = parseTable(await readWhole(file), file);
    const found = compareColumns(table, options.label, options.score, options.where);
    if (options.out) await writeWhole(options.out, `${JSON.stringify(found, null, 2)}\n`);
    result(options, found, asText(found));
  });
}

/**
 * AUC of each score column against the label column, and DeLong's paired test of every two.
 * @param where filters, each `column=value`
 * @throws E_FORMAT for a column that is not there; E_LABEL, E_VALUE with the line of a cell that does not serve
 * @throws E_ONE_CLASS, E_TOO_FEW where the rows allow no AUC or interval
 */
export function compareColumns(
  table: Table,
  label: string,
  scores: readonly string[],
  where: readonly string[] = [],
): Comparison {
  const filters = where.map((filter) => {
    const [, column, value] = /^([^=]+)=(.*)$/.exec(filter) ?? [];
    if (column === undefined)
      throw new TrinephronError("E_USAGE", `--where ${filter}: not of the form column=value`);
    return { column, value };
  });
  requireColumns(table, [label, ...scores, ...filters.map((f) => f.column)]);
  const rows = table.rows.filter((row) => filters.every((f) => row.cells[f.column] === f.value));
  const labels = rows.map((row) => {
    const value = labelCell(table, row, label);
    if (value === undefined)
      throw new TrinephronError("E_LABEL", `${at(table, row)}: ${label} is empty`, "leave such rows out");
    return value;
  });
  const columns = new Map(scores.map((name) => [name, rows.map((row) => numberCell(table, row, name))]));
  return inFile(table.path, () => {
    const { positives } = classes(labels);
    const named = [...columns];
    return {
      n: labels.length,
      positives: positives.length,
      auc: Object.fromEntries(
        named.map(([name, values]) => {
          const { value, ci } = delongAuc(labels, values);
          return [name, { value, ci }];
        }),
      ),
      pairs: named.flatMap(([a, first], i) =>
        named.slice(i + 1).map(([b, second]) => {
          const { difference, ci, z, p } = delongPaired(labels, first, second);
          return { a, b, difference, ci, z: Number.isFinite(z) ? z : null, p };
        }),
      ),
      method: "DeLong",
    };
  });
}

function checkOptions({ score }: CompareOptions): void {
  if (score.length === 0)
    throw new TrinephronError("E_USAGE", "no --score", "name one or more columns of scores");
  const twice = score.find((name, i) => score.indexOf(name) !== i);
  if (twice !== undefined) throw new TrinephronError("E_USAGE", `--score ${twice} is given twice`);
}

/** Statistics know no files: their errors gain the file's name here. */
function inFile<T>(path: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    throw new TrinephronError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}

function asText({ n, positives, auc, pairs }: Comparison): string {
  const fixed = (value: number) => value.toFixed(3).replace(/^-/, "−");
  const span = ([low, high]: readonly [number, number]) => `${fixed(low)} to ${fixed(high)}`;
  const areas = textTable(
    ["score", "AUC", "95 % CI"],
    Object.entries(auc).map(([name, { value, ci }]) => [name, fixed(value), span(ci)]),
  );
  const tests = textTable(
    ["pair", "AUC difference", "95 % CI", "z", "p"],
    pairs.map(({ a, b, difference, ci, z, p }) => [
      `${a} − ${b}`,
      fixed(difference),
      span(ci),
      z === null ? "∞" : fixed(z),
      p < 0.001 ? "< 0.001" : p.toFixed(3),
    ]),
  );
  const head = `${n} cases: ${positives} positive, ${n - positives} negative. Intervals and paired tests: DeLong.`;
  return [head, areas, ...(pairs.length > 0 ? [tests] : [])].join("\n\n");
}
