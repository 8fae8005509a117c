import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import { described, type Picture } from "../../page/svg.ts";
import { type Absent, type Data, type FigureBlock, figureBlock } from "../block.ts";
import { marks } from "../labels.ts";

const width = 420;
const left = { x: 1, width: 190 };
const right = { x: 229, width: 190 };
const lineHeight = 14;
const padding = 9;
const gap = 26;
const charsPerLine = 31;

/** A box of the diagram, its words already broken into lines. */
interface Box {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly lines: readonly string[];
}

/** Text broken at spaces, and inside words longer than a line. */
export function wrap(text: string, length: number): string[] {
  const words = text
    .split(/[ \t\n]+/)
    .flatMap((word) => word.match(new RegExp(`.{1,${length}}`, "gu")) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const heightOf = ({ lines }: Pick<Box, "lines">): number => lines.length * lineHeight + 2 * padding;

/** The study flow after STARD: cases in, cases left after each step, and why the others left; then the split by centre. */
export function flowFigure(results: Results): FigureBlock | Absent {
  const { flow, table1, study } = results;
  if (flow.length === 0) return { absent: "No study flow: the results hold none." };
  const centers = table1.centers.map(({ center, n }) => {
    const role = center === study.development ? "development" : "external";
    return `Centre ${center}, ${role}: n\u00a0=\u00a0${n}`;
  });
  return figureBlock({
    title: `Flow of cases through the study (n = ${flow[0].in} considered)`,
    marks: marks(results),
    note: "Left: cases that stayed; right: cases excluded, with reasons, or sent to development. The development centre serves training, choice of weights and thresholds; external centres are tested on only.",
    drawing: [{ layout: "wide", panels: [{ title: "", picture: diagram(flow, centers) }] }],
    data: flowData(results),
  });
}

/** The step that sends one centre's cases to development: they leave the test, not the study. */
const isSplit = ({ development }: Results["flow"][number]): boolean => development !== undefined;

const flowData = ({ flow, table1 }: Results): Data => ({
  header: ["step", "in", "out", "excluded for", "excluded"],
  rows: [
    ...flow.flatMap(({ step, in: before, out, excluded }) =>
      excluded.length === 0
        ? [[step, before, out, "", 0]]
        : excluded.map(({ reason, n }) => [step, before, out, reason, n]),
    ),
    ...table1.centers.map(({ center, n }) => [`centre ${center}`, n, n, "", 0]),
  ],
});

function diagram(flow: Results["flow"], centers: readonly string[]): Picture {
  const boxes: Box[] = [];
  const arrows: string[] = [];
  const spine = left.x + left.width / 2;
  let bottom = 1;
  const put = (y: number, lines: readonly string[]) => {
    if (boxes.length > 0) arrows.push(`M${spine},${bottom}V${y}`);
    boxes.push({ ...left, y, lines });
    bottom = y + heightOf({ lines });
  };
  put(bottom, ["Cases considered", `n\u00a0=\u00a0${flow[0].in}`]);
  for (const step of flow) {
    let next = bottom + gap;
    if (step.excluded.length > 0) {
      const lines = [
        `${isSplit(step) ? "Development" : "Excluded"}: n\u00a0=\u00a0${step.in - step.out}`,
        ...step.excluded.flatMap(({ reason, n }) => wrap(`${reason}:\u00a0${n}`, charsPerLine)),
      ];
      const box = { ...right, y: bottom + gap / 2, lines };
      const middle = box.y + heightOf(box) / 2;
      arrows.push(`M${spine},${middle}H${right.x}`);
      boxes.push(box);
      next = box.y + heightOf(box) + gap / 2;
    }
    put(next, [...wrap(step.step, charsPerLine), `n\u00a0=\u00a0${step.out}`]);
  }
  if (centers.length > 0 && !flow.some(isSplit))
    put(
      bottom + gap,
      centers.flatMap((line) => wrap(line, charsPerLine)),
    );
  const height = bottom + 1;
  const spoken = flow.map(({ step, in: before, out, excluded }) => {
    const reasons = excluded.map(({ reason, n }) => `${n} ${reason}`).join(", ");
    return `${step}: ${before} in, ${out} stayed${reasons && `; excluded: ${reasons}`}`;
  });
  const detail = `${[...spoken, ...centers].join(". ")}.`;
  const drawn = html`<svg class="plot flow" role="img" aria-label="Study flow. ${detail}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="11">${described("Study flow", detail)}
<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8Z" fill="currentColor"/></marker></defs>
${arrows.map((d) => html`<path class="arrow" d="${d}" fill="none" stroke="currentColor" marker-end="url(#flow-arrow)"/>`)}
${boxes.map(boxMarkup)}
</svg>`;
  return { ...drawn, width, height };
}

function boxMarkup(box: Box): Markup {
  const { x, y, lines } = box;
  return html`<rect x="${x}" y="${y}" width="${box.width}" height="${heightOf(box)}" fill="var(--paper)" stroke="currentColor"/>
<text fill="currentColor">${lines.map(
    (line, i) => html`<tspan x="${x + padding}" y="${y + padding + 10.5 + i * lineHeight}">${line}</tspan>`,
  )}</text>`;
}
