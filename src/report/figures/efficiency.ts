import * as Plot from "@observablehq/plot";
import type { Results } from "../../evidence/validate/results.ts";
import { type Picture, svg } from "../../page/svg.ts";
import { type Absent, type FigureBlock, figureBlock } from "../block.ts";
import { fixed } from "../numbers.ts";
import { type Saving, savings } from "../sections/efficiencyMeasures.ts";
import { boxKey } from "./series.ts";

const models = [
  { key: "mtdl", name: "one multi-task model", short: "MTDL", fill: "var(--s1)" },
  { key: "stdl", name: "the single-task models together", short: "STDL", fill: "var(--s2)" },
] as const;

/** What each measure costs the multi-task model, as a percentage of what the single-task models cost together. */
export function efficiencyFigure(results: Results): FigureBlock | Absent {
  const found = savings(results);
  if (found.length === 0) return { absent: "No efficiency bars: efficiency was not measured." };
  return figureBlock({
    title: "Cost of one multi-task model against the single-task models together",
    // Time and memory are of the software, whatever the images are.
    marks: [],
    note: `Single-task models together are 100 %; shorter is better; labels give the measured values. Counted: ${results.efficiency?.counted}.`,
    drawing: [
      {
        layout: "wide",
        panels: [{ title: "", picture: bars(found) }],
        keys: models.map(({ name, fill }) => boxKey(name, fill)),
      },
    ],
    data: {
      header: ["measure", "unit", "mtdl", "stdl together", "saved"],
      rows: found.map(({ measure, mtdl, stdl, saved }) => [measure.name, measure.unit, mtdl, stdl, saved]),
    },
  });
}

interface Bar {
  readonly measure: string;
  readonly model: string;
  readonly fill: string;
  readonly share: number;
  readonly text: string;
}

function bars(found: readonly Saving[]): Picture {
  const rows = found.flatMap((saving) =>
    models.map(({ key, short, fill }): Bar => {
      const value = saving[key];
      const share = Math.max(0, (100 * value) / saving.stdl);
      const percent = key === "mtdl" ? ` (${fixed(share, 0)} %)` : "";
      return {
        measure: saving.measure.name,
        model: short,
        fill,
        share,
        text: `${saving.measure.print(value)}${percent}`,
      };
    }),
  );
  const spoken = rows.map((bar) => `${bar.measure}, ${bar.model}: ${bar.text}`);
  return svg("Cost as a percentage of the single-task models together", `${spoken.join("; ")}.`, {
    width: 360,
    height: 56 + 62 * found.length,
    marginTop: 20,
    marginRight: 84,
    marginBottom: 38,
    marginLeft: 46,
    x: { domain: [0, Math.max(100, ...rows.map((bar) => bar.share))] },
    y: { domain: models.map((model) => model.short), padding: 0.15 },
    fy: { domain: found.map((saving) => saving.measure.name), padding: 0.34, axis: null },
    color: { type: "identity" },
    marks: [
      Plot.axisX({
        anchor: "bottom",
        ticks: 5,
        label: "Per cent of STDL",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      Plot.axisY({ label: null, tickSize: 0 }),
      Plot.text(found, {
        fy: (saving: Saving) => saving.measure.name,
        text: (saving: Saving) => saving.measure.name,
        frameAnchor: "top-left",
        dy: -13,
        textAnchor: "start",
        fontSize: 11,
        fontWeight: 600,
      }),
      Plot.barX(rows, { x: "share", y: "model", fy: "measure", fill: "fill", className: "bars" }),
      Plot.text(rows, {
        x: "share",
        y: "model",
        fy: "measure",
        text: "text",
        dx: 5,
        textAnchor: "start",
        fontSize: 10,
      }),
      Plot.ruleX([0]),
    ],
  });
}
