import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { svg } from "../../page/svg.ts";
import { type Absent, type FigureBlock, figureBlock } from "../block.ts";
import { caseCounts, marks, modelName, shortName, taskTitle } from "../labels.ts";
import { fixed } from "../numbers.ts";
import { axes, diagonal } from "./axes.ts";
import { bandOpacity } from "./decisionCurve.ts";
import type { Panel } from "./drawing.ts";
import { boxKey, type Series, series } from "./series.ts";

type Calibration = Results["calibration"][number];

/** How high the tallest bar of the histogram is drawn. */
const tallest = 0.16;

/** Observed against predicted probability with a band, over a histogram of the predictions; a panel a task and model. */
export function calibrationFigure(results: Results): FigureBlock | Absent {
  const { calibration } = results;
  if (calibration.length === 0) return { absent: "No calibration curves: the results hold none." };
  const models = series(results);
  return figureBlock({
    title: `Calibration on the external cases (${caseCounts(results)})`,
    marks: marks(results),
    note: "Observed share of positive cases against predicted probability: flexible curve (logistic regression on a restricted cubic spline of the predicted logit) with its pointwise 95 % interval, drawn from the least to the greatest prediction. On the grey diagonal predictions are right; above it they are too low. Bars below: number of cases by predicted probability.",
    drawing: [
      {
        panels: calibration.map((row) =>
          calibrationPanel(
            results,
            row,
            models.find(({ id }) => id === row.model),
          ),
        ),
        keys: [
          ...models
            .filter(({ id }) => calibration.some((row) => row.model === id))
            .map(({ name, color }) => boxKey(name, color)),
          boxKey("cases by predicted probability", "var(--hair)"),
        ],
      },
    ],
    data: {
      header: ["task", "model", "predicted", "observed", "95 % low", "95 % high"],
      rows: calibration.flatMap(({ task, model, curve }) =>
        curve.map(({ predicted, observed, low, high }) => [task, model, predicted, observed, low, high]),
      ),
    },
  });
}

function calibrationPanel(results: Results, row: Calibration, style?: Series): Panel {
  const { task, model, curve, bins, intercept, slope } = row;
  const color = style?.color ?? "currentColor";
  const counts = bins.map((bin) => ({ ...bin, n: bin.positive + bin.negative }));
  const most = Math.max(1, ...counts.map(({ n }) => n));
  const numbers = [
    intercept && `intercept ${fixed(intercept.value, 2)}`,
    slope && `slope ${fixed(slope.value, 2)}`,
  ].filter((text) => text !== null);
  const spoken = curve.length > 0 ? numbers.join(", ") : `no curve: ${row.note}`;
  return {
    title: `${taskTitle(results, task)}, ${shortName(results, model)}`,
    picture: svg(
      `Calibration, ${taskTitle(results, task)}, ${modelName(results, model)}`,
      `n = ${row.n}; ${spoken}.`,
      {
        width: 300,
        height: 260,
        marginTop: 8,
        marginRight: 10,
        marginBottom: 36,
        marginLeft: 44,
        x: { domain: [0, 1] },
        y: { domain: [0, 1] },
        marks: [
          ...axes("Predicted probability", "Observed share"),
          Plot.rectY(counts, {
            x1: "from",
            x2: "to",
            y1: 0,
            y2: ({ n }: { n: number }) => (tallest * n) / most,
            fill: "var(--hair)",
            insetLeft: 0.5,
            insetRight: 0.5,
            className: "bins",
          }),
          diagonal("var(--muted)"),
          Plot.areaY(curve, {
            x: "predicted",
            y1: "low",
            y2: "high",
            fill: color,
            fillOpacity: bandOpacity,
            className: "band",
          }),
          Plot.line(curve, {
            x: "predicted",
            y: "observed",
            stroke: color,
            strokeWidth: 1.8,
            className: "curve",
          }),
          Plot.text([numbers.join("\n")], {
            x: 0.04,
            y: 0.96,
            textAnchor: "start",
            lineAnchor: "top",
            fontSize: 11,
            stroke: "var(--paper)",
            fill: "currentColor",
          }),
        ],
      },
    ),
  };
}
