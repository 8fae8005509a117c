import type { OverlapPicture, OverlapResults } from "../../learning/segmentation/compare/overlapResults.ts";
import { html, type Markup } from "../../page/html.ts";
import { described, type Picture } from "../../page/svg.ts";
import type { Absent, FigureBlock } from "../block.ts";
import { figureBlock } from "../block.ts";
import { lineKey } from "../figures/series.ts";
import { fixed } from "../numbers.ts";
import { className, classTitle } from "./names.ts";

/** Okabe and Ito's sky blue and orange; the prediction's is dashed as well. */
const lines = {
  reference: { name: "Reference, solid", color: "#56b4e9", dash: "none" },
  predicted: { name: "Prediction, dashed", color: "#e69f00", dash: "5 3" },
} as const;

/** Anything else in a results file is not shown. */
const embeddedPng = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;
/** Edge of a picture in its own units. */
const side = 260;

/** Of each class the cases of least Dice, on the slice where the outlines disagree most. */
export function worstCases({ pictures }: OverlapResults): FigureBlock | Absent {
  if (pictures.length === 0)
    return { absent: "No pictures: none were asked for, or no case has an outline." };
  const panels = pictures.map((picture) => ({ title: panelTitle(picture), picture: drawn(picture) }));
  const plain = pictures.every(({ over }) => over === "labels");
  const mixed = !plain && pictures.some(({ over }) => over === "labels");
  return figureBlock({
    title: "The cases of least Dice of each class",
    marks: [],
    note: html`Axial slice on which most area is in one outline alone, seen from the feet, the patient’s right on the left. ${
      plain || mixed ? `Grey: the reference’s labels${mixed ? ", where there was no image" : ""}. ` : ""
    }${!plain && "Images with air are shown at the kidney window, −100 to 300 HU; others from their darkest to their brightest hundredth."}`,
    drawing: [{ panels, keys: [lineKey(lines.reference), lineKey(lines.predicted)] }],
    data: {
      header: ["case", "class", "dice", "disagreement_mm2"],
      rows: pictures.map((p) => [p.case, p.class, p.dice, p.disagreementMm2]),
    },
  });
}

const panelTitle = ({ case: name, class: of, dice }: OverlapPicture): string =>
  `${classTitle(of)}, ${name}: Dice ${dice === null ? "–" : fixed(dice, 2)}`;

/** In a square frame, the picture in its middle. */
function drawn(picture: OverlapPicture): Picture {
  const { widthMm, heightMm, image, disagreementMm2 } = picture;
  const scale = side / Math.max(widthMm, heightMm);
  const [width, height] = [widthMm * scale, heightMm * scale];
  const detail = `Outlines of ${className(picture.class)}; ${fixed(disagreementMm2 / 100, 1)} cm² in one of them alone.`;
  const middle = `translate(${((side - width) / 2).toFixed(2)} ${((side - height) / 2).toFixed(2)})`;
  return {
    ...html`<svg class="plot" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" role="img">${described(panelTitle(picture), detail)}<rect width="${side}" height="${side}" fill="#000"/><g transform="${middle}">${
      embeddedPng.test(image) &&
      html`<image href="${image}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" preserveAspectRatio="none"/>`
    }${outline(picture.reference, scale, lines.reference)}${outline(picture.predicted, scale, lines.predicted)}</g></svg>`,
    width: side,
    height: side,
  };
}

/** A line with a dark rim, so that it is seen on white as well. */
function outline(
  curves: readonly (readonly number[])[],
  scale: number,
  { color, dash }: (typeof lines)[keyof typeof lines],
): Markup {
  const path = curves
    .map((curve) => {
      const points: string[] = [];
      for (let n = 0; n + 1 < curve.length; n += 2)
        points.push(`${(curve[n] * scale).toFixed(1)} ${(curve[n + 1] * scale).toFixed(1)}`);
      return `M${points.join("L")}Z`;
    })
    .join("");
  return html`<path d="${path}" fill="none" stroke="#000" stroke-opacity=".45" stroke-width="3"/><path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-dasharray="${dash}"/>`;
}
