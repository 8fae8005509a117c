import { textTable } from "../../page/textTable.ts";
import { spokenTitle, type Task, type TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { studyTasks, taskNamed } from "../../patients/cohort/tasks.ts";
import type {
  CrossValidated,
  Curve,
  ExperimentResults,
  LeftOut,
  Seeds,
  SubgroupRow,
} from "./experimentResults.ts";

/** A titled table of the plain-text summary. */
interface TextTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const figure = (x: number): string => x.toFixed(3);
const signed = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(3)}`;
const pValue = (p: number | null): string => (p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3));
const interval = ([low, high]: readonly [number, number], show: (x: number) => string): string =>
  `${show(low)} to ${show(high)}`;
type Title = (task: Task) => string;
const tasksIn = ({ tasks }: ExperimentResults): readonly TaskDefinition[] => tasks ?? studyTasks;
const titlesIn =
  (results: ExperimentResults): Title =>
  (task) =>
    taskNamed(tasksIn(results), task).title;

type AucRow = {
  readonly n: number;
  readonly positives: number;
  readonly value: number;
  readonly ci: readonly [number, number];
};
/** The share of right answers at a probability of one half. */
const accuracyCell = ({ accuracy }: { readonly accuracy?: number | undefined }): string =>
  accuracy === undefined ? "–" : figure(accuracy);
const aucCells = ({ n, positives, value, ci }: AucRow) => [
  `${positives}/${n}`,
  figure(value),
  interval(ci, figure),
];

/** Everything in `experiment.json` as tables for a terminal. */
function experimentTables(results: ExperimentResults): TextTable[] {
  const { crossValidation, ablations, leaveOneCenterOut, seeds, subgroups, robustness, failures } = results;
  const { sizes, labeled } = results;
  const title = titlesIn(results);
  return [
    ...(crossValidation ? crossValidated("Cross-validation", crossValidation, results) : []),
    ...(ablations ? crossValidated("Ablations by cross-validation", ablations, results) : []),
    ...(leaveOneCenterOut ? leftOut(leaveOneCenterOut, title) : []),
    ...(seeds ? ofSeeds(seeds, results) : []),
    ...(sizes ? ofCurve("Learning curve", "cases", sizes, results) : []),
    ...(labeled
      ? ofCurve(
          `Few labels of ${spokenTitle(taskNamed(tasksIn(results), labeled.withheld))}`,
          "share",
          labeled,
          results,
        )
      : []),
    ...(subgroups ? [ofSubgroups(subgroups, title)] : []),
    ...(robustness
      ? [
          {
            title: "Robustness: AUC of changed external crops, multi-task model (mean logit over the seeds)",
            header: ["task", "change", "AUC", "difference", "95 % CI", "p"],
            rows: robustness.map(({ task, perturbation, value, difference, ci, p }) => [
              title(task),
              perturbation,
              figure(value),
              signed(difference),
              interval(ci, signed),
              pValue(p),
            ]),
          },
        ]
      : []),
    ...(failures
      ? [
          {
            title: "Largest losses, multi-task model (mean logit over the seeds)",
            header: [
              "task",
              "case",
              "truth",
              "probability",
              "loss",
              "histology",
              "stage",
              "complexity",
              "mm",
            ],
            rows: failures.map((f) => [
              title(f.task),
              f.case,
              taskNamed(tasksIn(results), f.task)[f.label === 1 ? "positive" : "negative"].words,
              f.probability.toFixed(3),
              f.loss.toFixed(2),
              f.histology ?? "",
              f.stage ?? "",
              f.complexity ?? "",
              f.sizeMm?.toFixed(0) ?? "",
            ]),
          },
        ]
      : []),
  ];
}

function crossValidated(name: string, item: CrossValidated, results: ExperimentResults): TextTable[] {
  const { development } = results;
  const title = titlesIn(results);
  const { folds, repeats, auc, summary, differences, choices } = item;
  const where = `${folds} folds${repeats > 1 ? `, ${repeats} repeats` : ""}, centre ${development}`;
  return [
    {
      title: `${name}: ${where}`,
      header: [
        ...["task", "model", ...(repeats > 1 ? ["repeat"] : [])],
        ...["positive/n", "AUC", "95 % CI", "accuracy"],
      ],
      rows: auc.map((row) => [
        title(row.task),
        row.model,
        ...(repeats > 1 ? [String(row.repeat)] : []),
        ...aucCells(row),
        accuracyCell(row),
      ]),
    },
    ...(repeats > 1
      ? [
          {
            title: `${name}: AUC over the repeats`,
            header: ["task", "model", "mean", "SD", "min", "max"],
            rows: summary.map((row) => [title(row.task), row.model, ...spreadCells(row)]),
          },
        ]
      : []),
    ...(differences.length > 0
      ? [
          {
            title: `${name}: against ${differences[0].a}, on the same cases`,
            header: ["task", "model", ...(repeats > 1 ? ["repeat"] : []), "difference", "95 % CI", "p"],
            rows: differences.map(({ task, a, b, repeat, difference, ci, p }) => [
              title(task),
              `${a} − ${b}`,
              ...(repeats > 1 ? [String(repeat)] : []),
              signed(difference),
              interval(ci, signed),
              pValue(p),
            ]),
          },
        ]
      : []),
    ...(choices.length > 0
      ? [
          {
            title: `${name}: settings chosen by inner cross-validation`,
            header: ["repeat", "fold", "model", "chosen"],
            rows: choices.map(({ repeat, fold, model, chosen }) => [
              String(repeat),
              String(fold),
              model,
              chosen,
            ]),
          },
        ]
      : []),
  ];
}

const spreadCells = ({
  mean,
  sd,
  min,
  max,
}: Seeds["summary"][number] | CrossValidated["summary"][number]) => [
  figure(mean),
  sd === null ? "–" : figure(sd),
  figure(min),
  figure(max),
];

const leftOut = ({ auc }: LeftOut, title: Title): TextTable[] => [
  {
    title: "Leave one centre out",
    header: ["centre", "task", "model", "positive/n", "AUC", "95 % CI"],
    rows: auc.map((row) => [row.center, title(row.task), row.model, ...aucCells(row)]),
  },
];

function ofSeeds(item: Seeds, results: ExperimentResults): TextTable[] {
  const { external } = results;
  const title = titlesIn(results);
  const where = `centre ${external.join(", ")}, ${item.seeds.length} seed${item.seeds.length > 1 ? "s" : ""}`;
  return [
    {
      title: `External test: ${where}`,
      header: [
        "task",
        "model",
        "positive/n",
        "mean",
        "SD",
        "min",
        "max",
        "of mean logit",
        "95 % CI",
        "accuracy",
      ],
      rows: item.summary.map((row) => {
        const [counts, ...ensemble] = aucCells(row.meanLogit);
        const accuracy = accuracyCell(row.meanLogit);
        return [title(row.task), row.model, counts, ...spreadCells(row), ...ensemble, accuracy];
      }),
    },
    {
      title: `Differences: ${where}`,
      header: ["task", "models", "mean", "SD", "95 % CI over cases", "p", "of mean logit", "95 % CI", "p"],
      rows: item.averaged.map(({ task, a, b, ofSeeds, meanDifference, meanLogit }) => [
        title(task),
        `${a} − ${b}`,
        signed(ofSeeds.mean),
        ofSeeds.sd === null ? "–" : figure(ofSeeds.sd),
        interval(meanDifference.ci, signed),
        pValue(meanDifference.p),
        signed(meanLogit.difference),
        interval(meanLogit.ci, signed),
        pValue(meanLogit.p),
      ]),
    },
  ];
}

/** A row a task and point, a column a model; then the differences. */
function ofCurve(name: string, asked: string, curve: Curve, results: ExperimentResults): TextTable[] {
  const title = titlesIn(results);
  const where = `centre ${results.external.join(", ")}, ${curve.seeds.length} seeds`;
  const models = [...new Set(curve.auc.map(({ model }) => model))];
  const points = [...Map.groupBy(curve.auc, ({ task, at }) => `${task} ${at}`).values()];
  const trained = ({ task, at }: Curve["auc"][number]) =>
    curve.subsets.filter((row) => row.task === task && row.at === at);
  return [
    {
      title: `${name}: mean AUC (95 % CI over seeds and cases), ${where}`,
      header: ["task", asked, "labelled", "positive", ...models],
      rows: points.map((own) => [
        title(own[0].task),
        String(own[0].at),
        range(trained(own[0]).map(({ n }) => n)),
        range(trained(own[0]).map(({ positives }) => positives)),
        ...own.map(({ value, ci }) => `${figure(value)} (${interval(ci, figure)})`),
      ]),
    },
    ...(curve.differences.length > 0
      ? [
          {
            title: `${name}: differences, ${where}`,
            header: ["task", asked, "models", "mean", "95 % CI over seeds and cases", "p", "each seed"],
            rows: curve.differences.map(({ task, at, a, b, difference, ci, p, bySeed }) => [
              title(task),
              String(at),
              `${a} − ${b}`,
              signed(difference),
              interval(ci, signed),
              pValue(p),
              bySeed.map(signed).join(" "),
            ]),
          },
        ]
      : []),
  ];
}

/** `9` or `8–10`. */
function range(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(most) : `${least}–${most}`;
}

/** A row a task and level with cases, a column a model. */
function ofSubgroups(rows: readonly SubgroupRow[], title: Title): TextTable {
  const models = [...new Set(rows.map((row) => row.model))];
  const shown = rows.filter((row) => row.n > 0);
  const levels = Map.groupBy(shown, ({ task, subgroup, level }) => `${title(task)}\0${subgroup} ${level}`);
  const cell = (row: SubgroupRow | undefined) =>
    !row?.auc
      ? "too few"
      : `${figure(row.auc.value)}${row.auc.ci ? ` (${interval(row.auc.ci, figure)})` : ""}`;
  return {
    title: "Subgroups of the external cases: AUC (95 % CI) of the mean logit over the seeds",
    header: ["task", "subgroup", "positive/n", ...models],
    rows: [...levels.values()].map((own) => [
      title(own[0].task),
      `${own[0].subgroup} ${own[0].level}`,
      `${own[0].positives}/${own[0].n}`,
      ...models.map((model) => cell(own.find((row) => row.model === model))),
    ]),
  };
}

/** Notes, then each table under its title. */
export function experimentText(results: ExperimentResults): string {
  const { title, development, external, sources, left, notes, leakage } = results;
  const images = sources.every((source) => source === "real") ? "" : `; images: ${sources.join(", ")}`;
  return [
    `${title}: developed at centre ${development}, external ${external.join(", ") || "none"}${images}`,
    ...notes,
    ...left.map(({ item, what }) => `Not finished: ${item}: ${what}.`),
    `No leakage found: ${leakage.cases} cases, ${leakage.models} models.`,
    ...experimentTables(results).map(({ title, header, rows }) => `\n${title}\n${textTable(header, rows)}`),
  ].join("\n");
}
