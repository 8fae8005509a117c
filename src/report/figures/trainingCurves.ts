import * as Plot from "@observablehq/plot";
import { type Results, tasksOfResults } from "../../evidence/validate/results.ts";
import { runName } from "../../evidence/validate/runName.ts";
import { svg } from "../../page/svg.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { namesOf } from "../../patients/cohort/tasks.ts";
import { type Absent, type Data, type FigureBlock, figureBlock } from "../block.ts";
import { marks, taskTitle, trainingCount } from "../labels.ts";
import { area, fixed } from "../numbers.ts";
import type { Panel } from "./drawing.ts";
import { lineKey } from "./series.ts";

type Run = Results["training"][number];

const losses = [
  {
    name: "training loss",
    color: "var(--s1)",
    dash: "none",
    value: (e: Run["epochs"][number]) => e.trainLoss,
  },
  {
    name: "validation loss",
    color: "var(--s2)",
    dash: "7 3",
    value: (e: Run["epochs"][number]) => e.validationLoss,
  },
];
const kept = { name: "epoch kept", color: "var(--muted)", dash: "2 2" };
const aucStyles = [
  { name: "AUC, multi-task", color: "var(--s1)", dash: "none" },
  { name: "AUC, single-task", color: "var(--s2)", dash: "7 3" },
];

/** Losses of every run, then validation AUC of multi-task against single-task training, one panel a task. */
export function trainingCurvesFigure(results: Results): FigureBlock | Absent {
  const runs = results.training.filter((run) => run.epochs.length > 0);
  if (runs.length === 0) return { absent: "No training curves: the results hold no training log." };
  const tasks = namesOf(tasksOfResults(results));
  const titleOf = titlesOf(tasks);
  const trained = tasks.filter((task) => runs.some((run) => aucOf(run, task).length > 0));
  return figureBlock({
    title: `Training at centre ${results.study.development}${trainingCount(results)}`,
    marks: marks(results),
    note:
      "Upper row: loss of each model, on the cases trained on and on the validation cases held out of the same " +
      "centre. Lower row: AUC on those validation cases. The dotted line is the epoch whose weights were kept. No " +
      "external case takes part in any of these curves.",
    drawing: [
      {
        layout: "small",
        panels: runs.map((run) => lossPanel(run, titleOf(run.model))),
        keys: [...losses, kept].map(lineKey),
      },
      {
        panels: trained.map((task) => aucPanel(results, task, runs, titleOf)),
        keys: [...aucStyles, kept].map(lineKey),
      },
    ],
    data: trainingData(tasks, runs),
  });
}

const trainingData = (tasks: readonly Task[], runs: readonly Run[]): Data => ({
  header: [
    ...["model", "epoch", "kept", "learning rate", "training loss", "validation loss"],
    ...tasks.map((task) => `validation AUC ${task}`),
  ],
  rows: runs.flatMap(({ model, epochs, best }) =>
    epochs.map((e) => [
      ...[model, e.epoch, e.epoch === best, e.learningRate, e.trainLoss, e.validationLoss],
      ...tasks.map((task) => e.validationAuc[task] ?? ""),
    ]),
  ),
});

type TitleOf = (model: string) => string;

function titlesOf(tasks: readonly Task[]): TitleOf {
  const titles: ReadonlyMap<string, string> = new Map([
    [runName({ kind: "mtdl", tasks: [...tasks] }), "MTDL, all tasks"],
    ...tasks.map((task) => [runName({ kind: "stdl", tasks: [task] }), `STDL, ${task}`] as const),
  ]);
  return (model) => titles.get(model) ?? model;
}

const size = { width: 300, height: 200, marginTop: 8, marginRight: 12, marginBottom: 36, marginLeft: 44 };
const epochAxes = (label: string) => [
  Plot.axisX({ ticks: 5, tickFormat: "d", label: "Epoch", labelAnchor: "center", labelArrow: "none" }),
  Plot.axisY({ ticks: 4, label, labelAnchor: "center", labelArrow: "none" }),
  Plot.gridY({ ticks: 4, stroke: "var(--grid)", strokeOpacity: 1 }),
];
const bestRule = (best: number) =>
  Plot.ruleX([best], { stroke: kept.color, strokeDasharray: kept.dash, className: "best" });

function lossPanel({ epochs, best }: Run, title: string): Panel {
  const { trainLoss, validationLoss } = epochs.find((e) => e.epoch === best) ?? epochs[epochs.length - 1];
  const kept = `Epoch ${best} kept: training ${fixed(trainLoss, 2)}, validation ${fixed(validationLoss, 2)}.`;
  return {
    title,
    picture: svg(`Loss of ${title} over ${epochs.length} epochs`, kept, {
      ...size,
      width: 236,
      height: 190,
      x: { domain: epochDomain([{ epochs }]) },
      y: { nice: true },
      marks: [
        ...epochAxes("Loss"),
        bestRule(best),
        ...losses.map(({ color, dash, value }) =>
          Plot.line(epochs, {
            x: "epoch",
            y: value,
            stroke: color,
            strokeDasharray: dash,
            strokeWidth: 1.6,
            className: "curve",
          }),
        ),
      ],
    }),
  };
}

const epochDomain = (runs: readonly Pick<Run, "epochs">[]): [number, number] => {
  const epochs = runs.flatMap((run) => run.epochs.map((e) => e.epoch));
  const [low, high] = [Math.min(...epochs), Math.max(...epochs)];
  return low === high ? [low - 1, high + 1] : [low, high];
};

const aucOf = ({ epochs }: Run, task: Task): [number, number][] =>
  epochs.flatMap(({ epoch, validationAuc }): [number, number][] => {
    const value = validationAuc[task];
    return value === undefined ? [] : [[epoch, value]];
  });

function aucPanel(results: Results, task: Task, runs: readonly Run[], titleOf: TitleOf): Panel {
  const curves = runs.flatMap((run) => {
    const points = aucOf(run, task);
    return points.length === 0 ? [] : [{ run, points, style: aucStyles[run.model === "mtdl" ? 0 : 1] }];
  });
  const spoken = curves.map(({ run, points }) => {
    const [, value] = points.find(([epoch]) => epoch === run.best) ?? points[points.length - 1];
    return `${titleOf(run.model)} ${area(value)} at epoch ${run.best}`;
  });
  const lowest = Math.min(0.5, ...curves.flatMap(({ points }) => points.map(([, value]) => value)));
  return {
    title: taskTitle(results, task),
    picture: svg(`Validation AUC over epochs, ${taskTitle(results, task)}`, `${spoken.join("; ")}.`, {
      ...size,
      x: { domain: epochDomain(curves.map(({ run }) => run)) },
      y: { domain: [Math.floor(lowest * 10) / 10, 1] },
      marks: [
        ...epochAxes("Validation AUC"),
        ...curves.map(({ run, style }) =>
          Plot.ruleX([run.best], { stroke: style.color, strokeDasharray: kept.dash, strokeOpacity: 0.7 }),
        ),
        ...curves.map(({ points, style }) =>
          Plot.line(points, {
            stroke: style.color,
            strokeDasharray: style.dash,
            strokeWidth: 1.6,
            className: "curve",
          }),
        ),
      ],
    }),
  };
}
