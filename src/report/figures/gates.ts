import * as Plot from "@observablehq/plot";
import { type Results, tasksOfResults } from "../../evidence/validate/results.ts";
import { expertOwners, shared } from "../../learning/model/gates.ts";
import { ownerFill } from "../../page/palette.ts";
import { svg } from "../../page/svg.ts";
import { namesOf } from "../../patients/cohort/tasks.ts";
import { type Absent, type FigureBlock, figureBlock } from "../block.ts";
import { externalCount, marks } from "../labels.ts";
import { percent } from "../numbers.ts";
import type { Panel } from "./drawing.ts";
import { boxKey } from "./series.ts";

type Gate = Results["gates"][number];

/** `stage 2` is an expert of `stage`. */
const ownersOf = ({ experts }: Gate, tasks: readonly string[]): string[] =>
  expertOwners([...tasks, shared], experts);

/** How each gate of the network mixes its experts: one bar a gate, one panel a level. */
export function gatesFigure(results: Results): FigureBlock | Absent {
  const { gates } = results;
  if (gates.length === 0) return { absent: "No gate weights: the results hold none." };
  const levels = [...new Set(gates.map((gate) => gate.level))].toSorted((a, b) => a - b);
  const tasks = namesOf(tasksOfResults(results));
  const order = [...tasks, shared];
  const owners = [...new Set(gates.flatMap((gate) => ownersOf(gate, tasks)))].toSorted(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  return figureBlock({
    title: `Gate weights of the multi-task model, mean over the external cases${externalCount(results)}`,
    marks: marks(results),
    note:
      "Each bar is one gate and sums to 100 %; each segment is one expert sub-network and how much of it the gate " +
      "lets through. A task that rests on the shared experts uses what it has in common with the others; a gate that " +
      "gives nearly all its weight to one expert has collapsed.",
    drawing: [
      {
        panels: levels.map((level) =>
          levelPanel(
            level,
            gates.filter((gate) => gate.level === level),
            tasks,
          ),
        ),
        keys: owners.map((owner) => boxKey(`${owner} experts`, ownerFill(owner, tasks)[0])),
      },
    ],
    data: {
      header: ["level", "gate", "expert", "weight"],
      rows: gates.flatMap(({ level, gate, experts, weights }) =>
        experts.map((expert, e) => [level, gate, expert, weights[e]]),
      ),
    },
  });
}

interface Segment {
  readonly gate: string;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  readonly ink: string;
  readonly text: string;
}

function levelPanel(level: number, gates: readonly Gate[], tasks: readonly string[]): Panel {
  const segments = gates.flatMap((own) => {
    const { gate, weights } = own;
    let sum = 0;
    return ownersOf(own, tasks).map((owner, e): Segment => {
      const [fill, ink] = ownerFill(owner, tasks);
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
  return {
    title: `Level ${level}`,
    picture: svg(`Gate weights of level ${level}`, `${spoken.join("; ")}.`, {
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
  };
}

const fixedPercent = (share: number): string => (100 * share).toFixed(0);
