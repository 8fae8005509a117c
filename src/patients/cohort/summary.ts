import { TrinephronError } from "../../base/errors.ts";
import { association, mannWhitney, quantile, welch } from "../../numerics/stats/index.ts";
import { mean, variance } from "../../numerics/stats/moments.ts";
import { type Case, type Cohort, complexities, histologies, stages } from "./case.ts";
import type { Table1 } from "./table1.ts";
import type { Task, TaskDefinition } from "./taskDefinition.ts";
import { isStudyTask, labelOf, tasksOf } from "./tasks.ts";

type Row = Table1["rows"][number];
type Centers = readonly { readonly center: string; readonly cases: readonly Case[] }[];

/**
 * Table 1: a row a characteristic, a cell a centre, centres in the cohort's order. Of two centres with known values
 * each characteristic is tested: means by Welch's t, medians by Mann–Whitney, counts by Pearson's χ² (Fisher's exact
 * where a 2 × 2 table is sparse). Unknown values are counted in a row of their own and left out of figures,
 * percentages and tests. A cohort of one centre, or of more than two (for means and medians), has no test there.
 * The test stands on a characteristic's first row.
 */
export function summarize(cohort: Cohort): Table1 {
  const centers = [...Map.groupBy(cohort.cases, (c) => c.center)].map(([center, cases]) => ({
    center,
    cases,
  }));
  return {
    centers: centers.map(({ center, cases }) => ({ center, n: cases.length })),
    rows: [
      ...measure(centers, "Age, years, mean ± SD", (c) => c.age, meanSd),
      ...counts(centers, "Sex, n (%)", ["female", "male"], (c) => c.sex),
      ...counts(centers, "Histology, n (%)", histologies, (c) => c.histology),
      ...counts(centers, "Stage, n (%)", stages, (c) => c.stage),
      ...counts(centers, "Anatomical complexity, n (%)", complexities, (c) => c.complexity),
      ...measure(centers, "R.E.N.A.L. score, median [IQR]", (c) => c.renal, median(0)),
      ...measure(centers, "Tumour size, mm, median [IQR]", (c) => c.sizeMm, median(1)),
      ...counts(centers, "Tumour necrosis, n (%)", ["yes", "no"], (c) =>
        c.necrosis === undefined ? undefined : c.necrosis ? "yes" : "no",
      ),
      ...outlines(centers),
      ...tasksOf(cohort).flatMap((task) => (isStudyTask(task.name) ? [] : answers(centers, task))),
    ],
  };
}

/** Who outlined the tumours, where some were outlined by a program. */
function outlines(centers: Centers): Row[] {
  const byProgram = centers.some(({ cases }) => cases.some((c) => c.maskOrigin === "program"));
  if (!byProgram) return [];
  const words = { drawn: "drawn", program: "by a program" };
  return counts(centers, "Outline of the tumour, n (%)", Object.values(words), (c) =>
    c.mask === undefined ? undefined : words[c.maskOrigin ?? "drawn"],
  );
}

/** The answers of a task of the cohort's own. */
function answers(centers: Centers, task: TaskDefinition): Row[] {
  const { title, positive, negative } = task;
  const level = (c: Case) => [negative.words, positive.words][labelOf(task, c) ?? 2];
  return counts(centers, `${title}, n (%)`, [positive.words, negative.words], level);
}

/** How many cases of a centre carry each label. */
export interface ClassCount {
  readonly center: string;
  readonly task: Task;
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
}

/** A row a centre and task, in the cohort's order of centres. */
export function classCounts({ cases, tasks }: Pick<Cohort, "cases" | "tasks">): ClassCount[] {
  return [...Map.groupBy(cases, (c) => c.center)].flatMap(([center, own]) =>
    tasksOf({ tasks }).map((task) => {
      const labels = own.map((c) => labelOf(task, c));
      const of = (wanted: 0 | 1 | undefined) => labels.filter((label) => label === wanted).length;
      return { center, task: task.name, positive: of(1), negative: of(0), unknown: of(undefined) };
    }),
  );
}

interface Tested {
  readonly p: number;
  readonly test: string;
}

interface Style {
  readonly print: (values: readonly number[]) => string;
  readonly test: (a: readonly number[], b: readonly number[]) => Tested;
}

const meanSd: Style = {
  print: (values) =>
    `${mean(values).toFixed(1)} ± ${values.length > 1 ? Math.sqrt(variance(values)).toFixed(1) : "–"}`,
  test: (a, b) => ({ p: welch(a, b).p, test: "Welch’s t" }),
};

const median = (digits: number): Style => ({
  print: (values) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(values, p).toFixed(digits));
    return `${middle} [${low}–${high}]`;
  },
  test: (a, b) => ({ p: mannWhitney(a, b).p, test: "Mann–Whitney U" }),
});

const untested = { p: null, test: null };

function measure(
  centers: Centers,
  characteristic: string,
  value: (c: Case) => number | undefined,
  { print, test }: Style,
): Row[] {
  const known = centers.map(({ cases }) => cases.map(value).filter((v) => v !== undefined));
  if (known.every((values) => values.length === 0)) return [];
  const cells = known.map((values) => (values.length > 0 ? print(values) : "–"));
  const tested = known.length === 2 ? orUntested(() => test(known[0], known[1])) : untested;
  return [{ characteristic, level: null, cells, ...tested }, ...unknown(centers, characteristic, value)];
}

function counts<L extends string>(
  centers: Centers,
  characteristic: string,
  levels: readonly L[],
  level: (c: Case) => L | undefined,
): Row[] {
  const table = levels.map((l) => centers.map(({ cases }) => cases.filter((c) => level(c) === l).length));
  const totals = centers.map((_, column) => table.reduce((sum, row) => sum + row[column], 0));
  if (totals.every((n) => n === 0)) return [];
  const testable =
    totals.filter((n) => n > 0).length > 1 && table.filter((row) => row.some(Boolean)).length > 1;
  const tested = testable ? orUntested(() => association(table)) : untested;
  const rows = levels.map((l, i): Row => {
    const cells = table[i].map((n, c) => (totals[c] > 0 ? `${n} (${percent(n, totals[c])})` : "–"));
    return { characteristic, level: l.replaceAll("_", " "), cells, ...(i === 0 ? tested : untested) };
  });
  return [...rows, ...unknown(centers, characteristic, level)];
}

const percent = (n: number, total: number): string => ((100 * n) / total).toFixed(1);

function unknown(centers: Centers, characteristic: string, value: (c: Case) => unknown): Row[] {
  const missing = centers.map(({ cases }) => cases.filter((c) => value(c) === undefined).length);
  if (missing.every((n) => n === 0)) return [];
  return [{ characteristic, level: "unknown", cells: missing.map(String), ...untested }];
}

/** Too few values for a test leave the figure untested. */
function orUntested(
  test: () => { readonly p: number; readonly test: string | null },
): Pick<Row, "p" | "test"> {
  try {
    const { p, test: name } = test();
    return { p, test: name };
  } catch (error) {
    if (error instanceof TrinephronError && error.code === "E_TOO_FEW") return untested;
    throw error;
  }
}
