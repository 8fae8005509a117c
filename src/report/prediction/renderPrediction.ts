import type { PredictionPictures } from "../../evidence/predict/pictures.ts";
import { type Prediction, tasksOfPrediction } from "../../evidence/predict/prediction.ts";
import { html, trusted } from "../../page/html.ts";
import { answersMarkup } from "./answers.ts";
import { familiarityMarkup } from "./familiarity.ts";
import { gatesMarkup } from "./gateBars.ts";
import { nephrometryMarkup } from "./nephrometryTable.ts";
import { patientMarkup, patientTitle } from "./patient.ts";
import { phasesMarkup } from "./phasesTable.ts";
import { explanations } from "./pictures/explanations.ts";
import { phasePictures } from "./pictures/phasePictures.ts";
import { provenanceMarkup } from "./provenance.ts";
import { predictionStyle } from "./style.ts";
import { warningsMarkup } from "./warnings.ts";

/** One patient's result on one page, in the order in which a urologist asks: HTML without scripts, nothing outside. */
export function renderPrediction(prediction: Prediction, pictures: PredictionPictures): string {
  const explained = Object.keys(pictures.maps).length > 0;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${patientTitle(prediction)}: renal tumour CT, for research use only</title>
<style>${trusted(predictionStyle)}</style>
</head>
<body>
${patientMarkup(prediction)}
<main>
${warningsMarkup(prediction)}
${answersMarkup(prediction)}
<div class="images${!explained && " alone"}">${phasePictures(pictures)}${explanations(pictures, tasksOfPrediction(prediction))}</div>
<div class="facts">
${nephrometryMarkup(prediction)}
${phasesMarkup(prediction)}
${gatesMarkup(prediction)}
${familiarityMarkup(prediction)}
${provenanceMarkup(prediction)}
</div>
</main>
</body>
</html>
`.markup;
}
