import * as Plot from "@observablehq/plot";
import type { Results } from "../../validate/results.ts";
import type { Absent, Block } from "../block.ts";
import { html, type Markup } from "../html.ts";
import { marks, taskTitle } from "../labels.ts";
import { fixed } from "../numbers.ts";
import { type LineKey, legend, lineKey, panel, panels, series } from "./series.ts";
import { svg } from "./svg.ts";

type Decision = Results["decision"][number];
type Curve = LineKey & { readonly id: string };

/** Below zero the axis runs to this share of its top; curves are cut there, for far below zero nothing is to be decided. */
const floorShare = 0.18;

const references: readonly Curve[] = [
  { id: "all", name: "treat all", color: "var(--muted)", dash: "none" },
  { id: "none", name: "treat none", color: "currentColor", dash: "none" },
];

/** Net benefit over threshold probability, each model against treating all and treating none, one panel a task. */
export function decisionCurveFigure(results: Results): Block | Absent {
  if (results.decision.length === 0) return { absent: "No decision curves: the results hold none." };
  const models = series(results);
  return {
    title: "Decision curves on the external cases",
    marks: marks(results),
    note:
      "Net benefit is true positives less weighted false positives, per patient; the weight is the odds of the " +
      "threshold probability at which one would act. A model is of use where its curve lies above both “treat all” " +
      "and “treat none”. The vertical axes differ; curves are cut where they fall below them.",
    body: html`${panels(results.decision.map((decision) => decisionPanel(decision, [...references, ...models])))}
${legend([...models, ...references].map(lineKey))}`,
  };
}

function decisionPanel({ task, thresholds, curves }: Decision, styles: readonly Curve[]): Markup {
  const drawn = styles.flatMap((style) => {
    const found = curves.find((curve) => curve.model === style.id);
    return found ? [{ style, netBenefit: found.netBenefit }] : [];
  });
  const top = Math.max(0.01, ...drawn.flatMap(({ netBenefit }) => netBenefit)) * 1.04;
  const bottom = -floorShare * top;
  const best = drawn.map(({ style, netBenefit }) => {
    const at = (t: number) =>
      netBenefit[thresholds.reduce((a, x, i) => (Math.abs(x - t) < Math.abs(thresholds[a] - t) ? i : a), 0)];
    return `${style.name} ${[0.2, 0.5].map((t) => fixed(at(t), 2)).join(" and ")}`;
  });
  return panel(
    taskTitle(task),
    svg(`Decision curves, ${taskTitle(task)}. Net benefit at thresholds 0.2 and 0.5: ${best.join("; ")}.`, {
      width: 300,
      height: 240,
      marginTop: 8,
      marginRight: 10,
      marginBottom: 36,
      marginLeft: 46,
      x: { domain: [0, 1] },
      y: { domain: [bottom, top] },
      marks: [
        Plot.axisX({ ticks: 5, label: "Threshold probability", labelAnchor: "center", labelArrow: "none" }),
        Plot.axisY({ ticks: 5, label: "Net benefit", labelAnchor: "center", labelArrow: "none" }),
        Plot.gridX({ ticks: 5, stroke: "var(--grid)", strokeOpacity: 1 }),
        Plot.gridY({ ticks: 5, stroke: "var(--grid)", strokeOpacity: 1 }),
        ...drawn.map(({ style, netBenefit }) =>
          Plot.line(thresholds, {
            x: thresholds,
            y: netBenefit.map((value) => (value < bottom ? Number.NaN : value)),
            stroke: style.color,
            strokeWidth: style.id === "none" || style.id === "all" ? 1 : 1.8,
            strokeDasharray: style.dash,
            className: "curve",
          }),
        ),
      ],
    }),
  );
}
