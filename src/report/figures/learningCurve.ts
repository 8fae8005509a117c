import * as Plot from "@observablehq/plot";
import type { Curve, ExperimentResults, LabeledCurve } from "../../evidence/experiment/experimentResults.ts";
import { type Picture, svg } from "../../page/svg.ts";
import { spokenTitle } from "../../patients/cohort/taskDefinition.ts";
import { studyTasks, taskNamed } from "../../patients/cohort/tasks.ts";
import { type Data, type FigureBlock, figureBlock } from "../block.ts";
import { capital, imagesLabel } from "../labels.ts";
import { area, areaWithInterval, difference, differenceInterval, percent } from "../numbers.ts";
import type { Panel } from "./drawing.ts";
import { lineKey, type Series, styled } from "./series.ts";

/** What a figure of a curve needs to know besides its numbers. */
interface Asked {
  readonly results: Pick<ExperimentResults, "tasks" | "sources" | "external">;
  readonly title: string;
  readonly axis: string;
  readonly tick: (at: number) => string;
}

/** AUC by the number of cases trained on, and the difference of the models, one panel a task. */
export const sizesFigure = (results: Asked["results"], curve: Curve): FigureBlock =>
  curveFigure(curve, {
    results,
    title: "Learning curves",
    axis: "Cases trained on",
    tick: String,
  });

/** The same by the share of the cases that carry the label of one task. */
export function labeledFigure(results: Asked["results"], curve: LabeledCurve): FigureBlock {
  const task = spokenTitle(taskNamed(results.tasks ?? studyTasks, curve.withheld));
  return curveFigure(curve, {
    results,
    title: `Few labels of ${task}`,
    axis: `Share with a label of ${task}`,
    tick: percent,
  });
}

const names: Readonly<Record<string, string>> = { mtdl: "MTDL", stdl: "STDL", size: "size alone" };
const nameOf = (model: string): string => names[model] ?? model;

/** A value with its interval. */
interface Shown {
  readonly at: number;
  readonly value: number;
  readonly ci: readonly [number, number];
}

interface Line {
  readonly style: Series;
  readonly shown: readonly Shown[];
}

function curveFigure(curve: Curve, asked: Asked): FigureBlock {
  const { results } = asked;
  const tasks = [...new Set(curve.auc.map(({ task }) => task))];
  const models = styled(
    [...new Set(curve.auc.map(({ model }) => model))].map((id) => ({ id, name: nameOf(id) })),
  );
  const pairs = shownPairs(curve).map(({ a, b }) => ({
    ...models.find(({ id }) => id === b)!,
    name: `${nameOf(a)} − ${nameOf(b)}`,
  }));
  const images = imagesLabel({ study: results });
  const aucOf = (task: string) =>
    models.map(
      (style): Line => ({
        style,
        shown: curve.auc.filter((row) => row.task === task && row.model === style.id),
      }),
    );
  const differenceOf = (task: string) =>
    pairs.map(
      (style): Line => ({
        style,
        shown: curve.differences
          .filter((row) => row.task === task && row.b === style.id)
          .map((row) => ({ ...row, value: row.difference })),
      }),
    );
  const [aucDomain, differenceDomain] = [aucOf, differenceOf].map((of) =>
    spanOf(tasks.flatMap((task) => of(task))),
  );
  const title = (task: string) => taskNamed(results.tasks ?? studyTasks, task).title;
  return figureBlock({
    title: `${asked.title}: AUC on the external cases (centre ${results.external.join(", ")}; ${casesOf(curve)}; ${curve.seeds.length} seeds)`,
    marks: images === undefined ? [] : [capital(images)],
    note:
      "Upper row: AUC, the mean over the seeds. Lower row: difference of the two models of each seed, the mean over the " +
      "seeds; above zero the multi-task model is better. Bars: 95 % intervals over seeds and cases (Obuchowski and " +
      "Rockette's model with seeds in the place of readers, Hillis's degrees of freedom). Every point of a seed has " +
      "the same validation cases. The lines across are chance and no difference. The horizontal axis is logarithmic; models stand side by side so that their bars can be told apart.",
    drawing: [
      {
        panels: tasks.map(
          (task): Panel => ({
            title: title(task),
            picture: panel(aucOf(task), asked, {
              name: `AUC by ${lower(asked.axis)}, ${title(task)}`,
              label: "AUC",
              domain: [Math.min(0.5, Math.floor(aucDomain[0] * 10) / 10), 1],
              say: ({ value, ci }) => areaWithInterval(value, ci),
              print: area,
              rule: 0.5,
            }),
          }),
        ),
        keys: models.map(lineKey),
      },
      ...(pairs.length === 0
        ? []
        : [
            {
              panels: tasks.map(
                (task): Panel => ({
                  title: title(task),
                  picture: panel(differenceOf(task), asked, {
                    name: `Difference in AUC by ${lower(asked.axis)}, ${title(task)}`,
                    label: "Difference in AUC",
                    domain: [
                      Math.max(-1, Math.min(-0.02, 1.08 * differenceDomain[0])),
                      Math.min(1, Math.max(0.02, 1.08 * differenceDomain[1])),
                    ],
                    say: ({ value, ci }) => `${difference(value)} (${differenceInterval(ci)})`,
                    print: (value) => `${value > 0.004 ? "+" : ""}${area(value)}`,
                    rule: 0,
                  }),
                }),
              ),
              keys: pairs.map(lineKey),
            },
          ]),
    ],
    data: dataOf(curve, asked.axis),
  });
}

/** The first model against the single-task ones; where there are none, against every other. */
function shownPairs({ differences }: Curve): readonly { readonly a: string; readonly b: string }[] {
  const pairs = [...Map.groupBy(differences, ({ b }) => b).values()].map(([first]) => first);
  const single = pairs.filter(({ b }) => b === "stdl");
  return single.length > 0 ? single : pairs;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function casesOf({ auc }: Curve): string {
  const counts = [...new Set(auc.map(({ n }) => n))];
  return `n\u00a0=\u00a0${counts.length === 1 ? counts[0] : `${Math.min(...counts)}–${Math.max(...counts)}`}`;
}

const spanOf = (lines: readonly Line[]): [number, number] => {
  const ends = lines.flatMap(({ shown }) => shown.flatMap(({ ci }) => ci));
  return [Math.min(...ends), Math.max(...ends)];
};

interface PanelOptions {
  readonly name: string;
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly say: (shown: Shown) => string;
  /** Of the axis. */
  readonly print: (value: number) => string;
  /** Chance, or no difference: a line there. */
  readonly rule: number;
}

function panel(
  lines: readonly Line[],
  { tick, axis }: Asked,
  { name, label, domain, say, print, rule }: PanelOptions,
): Picture {
  const ticks = [...new Set(lines.flatMap(({ shown }) => shown.map(({ at }) => at)))].toSorted(
    (a, b) => a - b,
  );
  const places = ticks.map(Math.log2);
  const axisEnds = [places[0] - 0.3, places[places.length - 1] + 0.3];
  const apart = 0.02 * (axisEnds[1] - axisEnds[0]);
  const spoken = lines.map(
    ({ style, shown }) => `${style.name}: ${shown.map((one) => `${say(one)} at ${tick(one.at)}`).join(", ")}`,
  );
  const drawn = lines.map(({ style, shown }, i) => ({
    style,
    points: shown
      .toSorted((a, b) => a.at - b.at)
      // Side by side, so that bars do not hide each other.
      .map(({ at, value, ci: [low, high] }) => ({
        x: Math.log2(at) + apart * (i - (lines.length - 1) / 2),
        value,
        low: Math.max(domain[0], low),
        high: Math.min(domain[1], high),
      })),
  }));
  return svg(name, `${spoken.join("; ")}.`, {
    width: 300,
    height: 220,
    marginTop: 8,
    marginRight: 12,
    marginBottom: 36,
    marginLeft: 58,
    // Of logarithms: a logarithmic scale would leave out labels that are not powers.
    x: { domain: axisEnds },
    y: { domain: [...domain] },
    marks: [
      Plot.axisX(places, {
        tickFormat: (_, i) => tick(ticks[i]),
        label: axis,
        labelAnchor: "center",
        labelArrow: "none",
      }),
      Plot.axisY({ ticks: 5, tickFormat: print, label, labelAnchor: "center", labelArrow: "none" }),
      Plot.gridX(places, { stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.gridY({ ticks: 5, stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.ruleY([rule], { stroke: "currentColor", className: "rule" }),
      ...drawn.map(({ style, points }) =>
        Plot.ruleX(points, {
          x: "x",
          y1: "low",
          y2: "high",
          stroke: style.color,
          strokeWidth: 1.4,
          className: "intervals",
        }),
      ),
      ...drawn.map(({ style, points }) =>
        Plot.line(points, {
          x: "x",
          y: "value",
          stroke: style.color,
          strokeWidth: 1.8,
          strokeDasharray: style.dash,
          className: "curve",
        }),
      ),
      ...drawn.map(({ style, points }) =>
        Plot.dot(points, { x: "x", y: "value", r: 2.6, fill: style.color, className: "points" }),
      ),
    ],
  });
}

const dataOf = ({ auc, differences, seeds }: Curve, axis: string): Data => ({
  header: [
    ...[
      "task",
      "model",
      lower(axis),
      "AUC or difference",
      "95 % low",
      "95 % high",
      "degrees of freedom",
      "p",
    ],
    ...seeds.map((seed) => `seed ${seed}`),
  ],
  rows: [
    ...auc.map(({ task, model, at, value, ci, df, bySeed }) => [
      ...[task, model, at, value, ...ci, df ?? "infinite", ""],
      ...bySeed,
    ]),
    ...differences.map(({ task, a, b, at, difference, ci, df, p, bySeed }) => [
      ...[task, `${a} − ${b}`, at, difference, ...ci, df ?? "infinite", p ?? ""],
      ...bySeed,
    ]),
  ],
});
