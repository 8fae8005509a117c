import * as Plot from "@observablehq/plot";
import type { Results } from "../../validate/results.ts";
import type { Absent, Block } from "../block.ts";
import { html, type Markup } from "../html.ts";
import { marks } from "../labels.ts";
import { percent } from "../numbers.ts";
import { legend, panel, panels } from "./series.ts";
import { svg } from "./svg.ts";

type Gate = Results["gates"][number];

/** Okabe–Ito fills and the ink that reads on each, the same in light and dark. */
const inks: Readonly<Record<string, readonly [fill: string, ink: string]>> = {
  histology: ["#0072b2", "#fff"],
  stage: ["#e69f00", "#000"],
  complexity: ["#009e73", "#000"],
  shared: ["#bbbbbb", "#000"],
};
const otherInk = ["#cc79a7", "#000"] as const;

/** `stage 2` is an expert of `stage`. */
const ownerOf = (expert: string): string => expert.replace(/ \d+$/, "");

/** How each gate of the network mixes its experts: one bar a gate, one panel a level. */
export function gatesFigure(results: Results): Block | Absent {
  const { gates } = results;
  if (gates.length === 0) return { absent: "No gate weights: the results hold none." };
  const levels = [...new Set(gates.map((gate) => gate.level))].toSorted((a, b) => a - b);
  const order = Object.keys(inks);
  const owners = [...new Set(gates.flatMap((gate) => gate.experts.map(ownerOf)))].toSorted(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  return {
    title: "Gate weights of the multi-task model, mean over the external cases",
    marks: marks(results),
    note:
      "Each bar is one gate and sums to 100 %; each segment is one expert sub-network and how much of it the gate " +
      "lets through. A task that rests on the shared experts uses what it has in common with the others; a gate that " +
      "gives nearly all its weight to one expert has collapsed.",
    body: html`${panels(
      levels.map((level) =>
        levelPanel(
          level,
          gates.filter((gate) => gate.level === level),
        ),
      ),
    )}
${legend(owners.map((owner) => ownerKey(owner)))}`,
  };
}

interface Segment {
  readonly gate: string;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  readonly ink: string;
  readonly text: string;
}

function levelPanel(level: number, gates: readonly Gate[]): Markup {
  const segments = gates.flatMap(({ gate, experts, weights }) => {
    let sum = 0;
    return experts.map((expert, e): Segment => {
      const [fill, ink] = inks[ownerOf(expert)] ?? otherInk;
      const from = sum;
      sum += weights[e];
      const text = weights[e] < 0.08 ? "" : fixedPercent(weights[e]);
      return { gate, from, to: sum, fill, ink, text };
    });
  });
  const spoken = gates.map(
    ({ gate, experts, weights }) =>
      `${gate} gate: ${experts.map((expert, e) => `${expert} ${percent(weights[e])}`).join(", ")}`,
  );
  return panel(
    `Level ${level}`,
    svg(`Gate weights of level ${level}. ${spoken.join("; ")}.`, {
      width: 340,
      height: 44 + 34 * gates.length,
      marginTop: 2,
      marginRight: 12,
      marginBottom: 36,
      marginLeft: 74,
      x: { domain: [0, 1] },
      y: { domain: gates.map((gate) => gate.gate), padding: 0.25 },
      marks: [
        Plot.axisX({ ticks: 5, tickFormat: "%", label: "Weight", labelAnchor: "center", labelArrow: "none" }),
        Plot.axisY({ label: null, tickSize: 0 }),
        Plot.barX(segments, {
          x1: "from",
          x2: "to",
          y: "gate",
          fill: "fill",
          stroke: "var(--paper)",
          strokeWidth: 1,
          className: "segments",
        }),
        Plot.text(segments, {
          x: (s: Segment) => (s.from + s.to) / 2,
          y: "gate",
          text: "text",
          fill: "ink",
          fontSize: 9.5,
        }),
      ],
      color: { type: "identity" },
    }),
  );
}

const fixedPercent = (share: number): string => (100 * share).toFixed(0);

function ownerKey(owner: string): Markup {
  const [fill] = inks[owner] ?? otherInk;
  return html`<li><svg width="14" height="12" aria-hidden="true"><rect width="14" height="12" fill="${fill}"/></svg>${
    owner === "shared" ? "shared experts" : `${owner} experts`
  }</li>`;
}
