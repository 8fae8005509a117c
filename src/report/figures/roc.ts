import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import { svg } from "../../page/svg.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { type Absent, type Data, type FigureBlock, figureBlock } from "../block.ts";
import { caseCounts, marks, readersLabel, taskQuestion, taskTitle, validatedTasks } from "../labels.ts";
import { areaWithInterval } from "../numbers.ts";
import { axes, diagonal } from "./axes.ts";
import type { Key, Panel } from "./drawing.ts";
import { lineKey, type Series, series } from "./series.ts";

const symbols = ["triangle", "square", "diamond2", "star", "cross"] as const;

/** A reader's point: filled for a human being, hollow where simulated; one shape an experience. */
interface ReaderPoint {
  readonly x: number;
  readonly y: number;
  readonly symbol: (typeof symbols)[number];
  readonly simulated: boolean;
}

/** ROC curves of every model, and each reader's operating point, one panel a task. */
export function rocFigure(results: Results): FigureBlock | Absent {
  const tasks = validatedTasks(results).filter((task) => results.roc.some((r) => r.task === task));
  if (tasks.length === 0) return { absent: "No ROC curves: the results hold none." };
  const models = series(results);
  const experiences = [...new Set(results.readers.map((r) => r.experience))];
  const readerKeys = experiences.flatMap((experience, i) =>
    [false, true]
      .filter((simulated) =>
        results.readers.some((r) => r.experience === experience && r.simulated === simulated),
      )
      .map((simulated) =>
        readerKey(
          `${experience} reader${simulated ? ", simulated" : ""}`,
          symbols[i % symbols.length],
          simulated,
        ),
      ),
  );
  return figureBlock({
    title: `Receiver operating characteristic curves on the external cases${results.readers.length > 0 ? ", with the readers’ operating points" : ""} (${caseCounts(results)})`,
    marks: marks(results, { readers: true }),
    note: html`Legends give the area under the curve with its 95 % confidence interval. The grey diagonal is chance. ${
      results.readers.length > 0
        ? `Points are readers at their own cut-off; a reader may have read fewer cases than the models.${
            readersLabel(results)
              ? " Hollow points are simulated readers: no human being read the cases as them."
              : ""
          }`
        : ""
    }`,
    drawing: [
      {
        panels: tasks.map((task) => rocPanel(results, task, models, experiences)),
        keys: [...models.map(lineKey), ...readerKeys],
      },
    ],
    data: rocData(results),
  });
}

/** Curves of models, points of readers: what the figure draws. */
function rocData({ roc, readers }: Results): Data {
  return {
    header: ["task", "kind", "name", "experience", "simulated", "aided", "1 - specificity", "sensitivity"],
    rows: [
      ...roc.flatMap(({ task, model, points }) =>
        points.map(([x, y]) => [task, "model", model, "", "", "", x, y]),
      ),
      ...readers
        .filter((r) => !r.aided)
        .map((r) => [r.task, "reader", r.reader, r.experience, r.simulated, r.aided, ...r.point]),
    ],
  };
}

function rocPanel(
  results: Results,
  task: Task,
  models: readonly Series[],
  experiences: readonly string[],
): Panel {
  const curves = models.flatMap((model) => {
    const points = results.roc.find((r) => r.task === task && r.model === model.id)?.points;
    const auc = results.auc.find((a) => a.task === task && a.model === model.id);
    return points && auc ? [{ model, points, auc }] : [];
  });
  const readers = results.readers
    .filter((r) => r.task === task && !r.aided)
    .map(
      (r): ReaderPoint => ({
        x: r.point[0],
        y: r.point[1],
        symbol: symbols[experiences.indexOf(r.experience) % symbols.length],
        simulated: r.simulated,
      }),
    );
  const { n, positives } = curves[0]?.auc ?? { n: 0, positives: 0 };
  const spoken = curves
    .map(({ model, auc }) => `${model.name}, area ${areaWithInterval(auc.value, auc.ci)}`)
    .join("; ");
  const points =
    readers.length > 0
      ? ` ${readers.length} reader points, ${readers.filter((r) => r.simulated).length} simulated.`
      : "";
  const row = (i: number) => 0.035 + 0.062 * (curves.length - 1 - i);
  return {
    title: `${taskTitle(results, task)} (${positives} of ${n} positive)`,
    picture: svg(
      `ROC curves, ${taskTitle(results, task)}`,
      `${taskQuestion(results, task)}: ${spoken}.${points}`,
      {
        width: 300,
        height: 300,
        marginTop: 8,
        marginRight: 10,
        marginBottom: 36,
        marginLeft: 44,
        x: { domain: [0, 1], label: null, ticks: 5 },
        y: { domain: [0, 1], label: null, ticks: 5 },
        symbol: { type: "identity" },
        marks: [
          ...axes("1 − specificity", "Sensitivity"),
          diagonal("var(--muted)"),
          ...curves.map(({ model, points }) =>
            Plot.line(points, {
              stroke: model.color,
              strokeWidth: 1.8,
              strokeDasharray: model.dash,
              strokeLinejoin: "round",
              className: "curve",
            }),
          ),
          Plot.dot(readers, {
            x: "x",
            y: "y",
            symbol: "symbol",
            r: 4.2,
            stroke: "currentColor",
            strokeWidth: 1.2,
            fill: (r: ReaderPoint) => (r.simulated ? "var(--paper)" : "currentColor"),
            className: "readers",
          }),
          ...curves.flatMap(({ model, auc }, i) => [
            Plot.link([0], {
              x1: 0.35,
              x2: 0.45,
              y1: row(i),
              y2: row(i),
              stroke: model.color,
              strokeWidth: 2,
              strokeDasharray: model.dash,
            }),
            Plot.text([areaWithInterval(auc.value, auc.ci)], {
              x: 0.48,
              y: row(i),
              textAnchor: "start",
              fontSize: 11,
              stroke: "var(--paper)",
              fill: "currentColor",
            }),
          ]),
        ],
      },
    ),
  };
}

const shapes: Readonly<Record<(typeof symbols)[number], string>> = {
  triangle: "M0,-5.5L4.8,2.8L-4.8,2.8Z",
  square: "M-3.7,-3.7H3.7V3.7H-3.7Z",
  diamond2: "M0,-5L5,0L0,5L-5,0Z",
  star: "M0,-5.5L1.3,-1.7L5.3,-1.7L2.1,0.6L3.2,4.4L0,2.1L-3.2,4.4L-2.1,0.6L-5.3,-1.7L-1.3,-1.7Z",
  cross: "M-5,-1.7H-1.7V-5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5Z",
};

const readerKey = (name: string, symbol: (typeof symbols)[number], simulated: boolean): Key => ({
  name,
  width: 16,
  height: 14,
  swatch: html`<path transform="translate(8,7)" d="${shapes[symbol]}" fill="${
    simulated ? "var(--paper)" : "currentColor"
  }" stroke="currentColor" stroke-width="1.2"/>`,
});
