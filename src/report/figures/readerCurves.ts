import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { svg } from "../../page/svg.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { type Absent, type FigureBlock, figureBlock } from "../block.ts";
import { mainModel, marks, taskTitle, validatedTasks } from "../labels.ts";
import { area } from "../numbers.ts";
import { axes, diagonal } from "./axes.ts";
import type { Panel } from "./drawing.ts";
import { lineKey, series } from "./series.ts";

/** Colour tells whether the model's answer was in sight, dots that nobody read. */
const kinds = [false, true].flatMap((aided) =>
  [false, true].map((simulated) => ({
    aided,
    simulated,
    name: `a ${simulated ? "simulated " : ""}reader${aided ? " with the model’s answer" : ""}`,
    color: aided ? "var(--s2)" : "var(--muted)",
    dash: simulated ? "1.5 2.5" : "none",
  })),
);
type Kind = (typeof kinds)[number];
const of = (kind: Kind) => (r: Results["readers"][number]) =>
  r.aided === kind.aided && r.simulated === kind.simulated;

/** Each reader's empirical ROC curve over the multi-task model's, one panel a task; of binary answers, one corner. */
export function readerCurvesFigure(results: Results): FigureBlock | Absent {
  const read = results.readers.filter((r) => r.curve.length > 0);
  const tasks = validatedTasks(results).filter((task) => read.some((r) => r.task === task));
  if (tasks.length === 0) return { absent: "No readers’ curves: the results hold none." };
  const main = series(results).find(({ id }) => id === mainModel(results));
  const counts = read.map((r) => r.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return figureBlock({
    title: `Readers’ ROC curves over the multi-task model’s (n = ${least === most ? most : `${least} to ${most}`} cases a reader and task)`,
    marks: marks(results, { readers: true }),
    note: "Empirical curves of the readers’ scores: one corner a score, lines between. A reader may have read fewer cases than the model. The grey diagonal is chance.",
    drawing: [
      {
        panels: tasks.map((task) => curvesPanel(results, task)),
        keys: [...(main ? [main] : []), ...kinds.filter((kind) => read.some(of(kind)))].map(lineKey),
      },
    ],
    data: {
      header: ["task", "reader", "experience", "simulated", "aided", "1 - specificity", "sensitivity"],
      rows: read.flatMap((r) =>
        r.curve.map(([x, y]) => [r.task, r.reader, r.experience, r.simulated, r.aided, x, y]),
      ),
    },
  });
}

function curvesPanel(results: Results, task: Task): Panel {
  const id = mainModel(results);
  const model = series(results).find((s) => s.id === id);
  const points = results.roc.find((r) => r.task === task && r.model === id)?.points ?? [];
  const rows = results.readers.filter((r) => r.task === task);
  const areas = rows.map((r) => `${r.reader}${r.aided ? " with the model" : ""} ${area(r.auc.value)}`);
  const line = (kind: Kind) =>
    Plot.line(
      rows.filter(of(kind)).flatMap(({ reader, curve }) => curve.map(([x, y]) => ({ reader, x, y }))),
      {
        x: "x",
        y: "y",
        z: "reader",
        stroke: kind.color,
        strokeWidth: 1,
        strokeDasharray: kind.dash,
        strokeLinejoin: "round",
      },
    );
  return {
    title: `${taskTitle(results, task)} (${new Set(rows.map((r) => r.reader)).size} readers)`,
    picture: svg(`ROC curves of readers, ${taskTitle(results, task)}`, `Areas: ${areas.join(", ")}.`, {
      width: 300,
      height: 300,
      marginTop: 8,
      marginRight: 10,
      marginBottom: 36,
      marginLeft: 44,
      x: { domain: [0, 1], label: null, ticks: 5 },
      y: { domain: [0, 1], label: null, ticks: 5 },
      marks: [
        ...axes("1 − specificity", "Sensitivity"),
        diagonal("var(--hair)"),
        ...kinds.map(line),
        ...(model
          ? [Plot.line(points, { stroke: model.color, strokeWidth: 2, strokeDasharray: model.dash })]
          : []),
      ],
    }),
  };
}
