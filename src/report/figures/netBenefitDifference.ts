import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { svg } from "../../page/svg.ts";
import { type Absent, type FigureBlock, figureBlock } from "../block.ts";
import { caseCounts, mainModel, marks, rivals, shortName, taskTitle } from "../labels.ts";
import { difference } from "../numbers.ts";
import { axes } from "./axes.ts";
import { bandOpacity } from "./decisionCurve.ts";
import type { Panel } from "./drawing.ts";
import { boxKey, type LineStyle, lineKey, series } from "./series.ts";

type Decision = Results["decision"][number];

/** Net benefit of the multi-task model less that of the single-task models, with its band, one panel a task. */
export function netBenefitDifferenceFigure(results: Results): FigureBlock | Absent {
  const shown = rivals(results);
  const decision = results.decision.filter(({ differences }) => differences.some((d) => shown.includes(d.b)));
  if (decision.length === 0) return { absent: "No differences in net benefit: the results hold none." };
  const name = shortName(results, mainModel(results) ?? "mtdl");
  const styles = series(results)
    .filter(({ id }) => shown.includes(id))
    .map((style) => ({ ...style, name: `${name} − ${shortName(results, style.id)}` }));
  return figureBlock({
    title: `Difference in net benefit, ${styles.map((s) => s.name).join(", ")} (${caseCounts(results)})`,
    marks: marks(results),
    note: `Above zero, deciding by the multi-task model at that threshold probability does more good. Band: 95 % interval (${decision[0].method}; both models on the same bootstrap samples). Drawn to a threshold of 0.8. The vertical axes differ.`,
    drawing: [
      {
        panels: decision.map((d) => differencePanel(results, d, styles)),
        keys: [
          ...styles.map(lineKey),
          ...styles.map((s) => boxKey(`95 % interval, ${s.name}`, s.color, bandOpacity)),
        ],
      },
    ],
    data: {
      header: ["task", "a", "b", "threshold", "difference", "95 % low", "95 % high"],
      rows: results.decision.flatMap(({ task, thresholds, differences }) =>
        differences.flatMap(({ a, b, difference, ci }) =>
          thresholds.map((t, i) => [task, a, b, t, difference[i], ...ci[i]]),
        ),
      ),
    },
  });
}

/** Thresholds beyond this are left out: the odds that weigh false positives grow without bound, and the axis with them. */
const most = 0.8;

function differencePanel(
  results: Results,
  { task, thresholds, differences }: Decision,
  styles: readonly (LineStyle & { readonly id: string })[],
): Panel {
  const shown = thresholds.flatMap((t, i) => (t <= most ? [i] : []));
  const drawn = styles.flatMap((style) => {
    const found = differences.find(({ b }) => b === style.id);
    if (!found) return [];
    const points = shown.map((i) => {
      const [low, high] = found.ci[i];
      return { x: thresholds[i], y: found.difference[i], low, high };
    });
    return [{ style, points }];
  });
  const extremes = drawn.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const [least, greatest] = [Math.min(-0.01, ...extremes), Math.max(0.01, ...extremes)];
  const spoken = drawn.flatMap(({ style, points }) =>
    [0.2, 0.5].map((t) => {
      const nearest = points.reduce((a, p) => (Math.abs(p.x - t) < Math.abs(a.x - t) ? p : a));
      return `${style.name} at ${t}: ${difference(nearest.y)} (${difference(nearest.low)} to ${difference(nearest.high)})`;
    }),
  );
  return {
    title: taskTitle(results, task),
    picture: svg(`Difference in net benefit, ${taskTitle(results, task)}`, `${spoken.join("; ")}.`, {
      width: 300,
      height: 210,
      marginTop: 8,
      marginRight: 10,
      marginBottom: 36,
      marginLeft: 52,
      x: { domain: [0, 1] },
      y: { domain: [least * 1.05, greatest * 1.05] },
      marks: [
        ...axes("Threshold probability", "Difference in net benefit"),
        Plot.ruleY([0], { stroke: "currentColor" }),
        ...drawn.map(({ style, points }) =>
          Plot.areaY(points, {
            x: "x",
            y1: "low",
            y2: "high",
            fill: style.color,
            fillOpacity: bandOpacity,
            className: "band",
          }),
        ),
        ...drawn.map(({ style, points }) =>
          Plot.line(points, {
            x: "x",
            y: "y",
            stroke: style.color,
            strokeWidth: 1.8,
            strokeDasharray: style.dash,
            className: "curve",
          }),
        ),
      ],
    }),
  };
}
