import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { svg } from "../../page/svg.ts";
import { type Absent, type Data, type FigureBlock, figureBlock } from "../block.ts";
import { caseCounts, marks, taskTitle } from "../labels.ts";
import { fixed } from "../numbers.ts";
import { axes } from "./axes.ts";
import type { Panel } from "./drawing.ts";
import { boxKey, type LineStyle, lineKey, series } from "./series.ts";

type Decision = Results["decision"][number];
type Curve = LineStyle & { readonly id: string };

/** Below zero the axis runs to this share of its top; curves are cut there, for far below zero nothing is to be decided. */
const floorShare = 0.18;
export const bandOpacity = 0.16;

const references: readonly Curve[] = [
  { id: "all", name: "treat all", color: "var(--muted)", dash: "none" },
  { id: "none", name: "treat none", color: "currentColor", dash: "none" },
];

/** Net benefit over threshold probability, each model against treating all and treating none, one panel a task. */
export function decisionCurveFigure(results: Results): FigureBlock | Absent {
  const { decision } = results;
  if (decision.length === 0) return { absent: "No decision curves: the results hold none." };
  const models = series(results);
  const kind = (id: string) => results.models.find((model) => model.id === id)?.kind;
  const banded = models.filter(
    ({ id }) =>
      kind(id) !== "baseline" && decision.some(({ curves }) => curves.some((c) => c.model === id && c.ci)),
  );
  const method = decision.find((d) => d.method)?.method;
  return figureBlock({
    title: `Decision curves on the external cases (${caseCounts(results)})`,
    marks: marks(results),
    note: `Net benefit is true positives less weighted false positives, per patient; the weight is the odds of the threshold probability at which one would act. A model is of use where its curve lies above both “treat all” and “treat none”. The vertical axes differ; curves are cut where they fall below them.${
      banded.length > 0 ? ` Bands: 95 % intervals (${method}).` : ""
    }`,
    drawing: [
      {
        panels: decision.map((d) => decisionPanel(results, d, [...references, ...models], banded)),
        keys: [
          ...[...models, ...references].map(lineKey),
          ...banded.map(({ name, color }) => boxKey(`95 % interval, ${name}`, color, bandOpacity)),
        ],
      },
    ],
    data: decisionData(decision),
  });
}

const decisionData = (decision: readonly Decision[]): Data => ({
  header: ["task", "model", "threshold", "net benefit", "95 % low", "95 % high"],
  rows: decision.flatMap(({ task, thresholds, curves }) =>
    curves.flatMap(({ model, netBenefit, ci }) =>
      thresholds.map((t, i) => [task, model, t, netBenefit[i], ...(ci?.[i] ?? ["", ""])]),
    ),
  ),
});

function decisionPanel(
  results: Results,
  { task, thresholds, curves }: Decision,
  styles: readonly Curve[],
  banded: readonly Curve[],
): Panel {
  const drawn = styles.flatMap((style) => {
    const found = curves.find((curve) => curve.model === style.id);
    return found ? [{ style, ...found }] : [];
  });
  const bands = drawn.flatMap(({ style, ci }) => (ci && banded.includes(style) ? [{ style, ci }] : []));
  const highest = [...drawn.flatMap((d) => d.netBenefit), ...bands.flatMap(({ ci }) => ci.map(([, h]) => h))];
  const top = Math.max(0.01, ...highest) * 1.04;
  const bottom = -floorShare * top;
  const best = drawn.map(({ style, netBenefit }) => {
    const at = (t: number) =>
      netBenefit[thresholds.reduce((a, x, i) => (Math.abs(x - t) < Math.abs(thresholds[a] - t) ? i : a), 0)];
    return `${style.name} ${[0.2, 0.5].map((t) => fixed(at(t), 2)).join(" and ")}`;
  });
  const cut = (value: number) => (value < bottom ? Number.NaN : value);
  return {
    title: taskTitle(results, task),
    picture: svg(
      `Decision curves, ${taskTitle(results, task)}`,
      `Net benefit at thresholds 0.2 and 0.5: ${best.join("; ")}.`,
      {
        width: 300,
        height: 240,
        marginTop: 8,
        marginRight: 10,
        marginBottom: 36,
        marginLeft: 46,
        x: { domain: [0, 1] },
        y: { domain: [bottom, top] },
        marks: [
          ...axes("Threshold probability", "Net benefit"),
          ...bands.map(({ style, ci }) =>
            Plot.areaY(thresholds, {
              x: thresholds,
              // A band that leaves the axis ends at its edge.
              y1: ci.map(([low, high]) => (high < bottom ? Number.NaN : Math.max(bottom, low))),
              y2: ci.map(([, high]) => cut(high)),
              fill: style.color,
              fillOpacity: bandOpacity,
              className: "band",
            }),
          ),
          ...drawn.map(({ style, netBenefit }) =>
            Plot.line(thresholds, {
              x: thresholds,
              y: netBenefit.map(cut),
              stroke: style.color,
              strokeWidth: style.id === "none" || style.id === "all" ? 1 : 1.8,
              strokeDasharray: style.dash,
              className: "curve",
            }),
          ),
        ],
      },
    ),
  };
}
