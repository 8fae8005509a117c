import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, FigureBlock } from "../block.ts";
import { checklistTable, type Guideline } from "../checklists/checklist.ts";
import { claim } from "../checklists/claim.ts";
import { tripodAi } from "../checklists/tripodAi.ts";
import { calibrationFigure } from "../figures/calibration.ts";
import { decisionCurveFigure } from "../figures/decisionCurve.ts";
import { efficiencyFigure } from "../figures/efficiency.ts";
import { flowFigure } from "../figures/flow.ts";
import { gatesFigure } from "../figures/gates.ts";
import { netBenefitDifferenceFigure } from "../figures/netBenefitDifference.ts";
import { readerCurvesFigure } from "../figures/readerCurves.ts";
import { rocFigure } from "../figures/roc.ts";
import { trainingCurvesFigure } from "../figures/trainingCurves.ts";
import type { Content, Item, Section } from "../places.ts";
import { aucTable } from "../tables/auc.ts";
import { calibrationTable } from "../tables/calibration.ts";
import { characteristicsTable } from "../tables/characteristics.ts";
import { efficiencyTable } from "../tables/efficiency.ts";
import { keyResultsTable } from "../tables/keyResults.ts";
import { modelCardTable } from "../tables/modelCard.ts";
import { netBenefitTable } from "../tables/netBenefit.ts";
import { operatingTable } from "../tables/operating.ts";
import { readersTable } from "../tables/readers.ts";
import { readersAgreementTable } from "../tables/readersAgreement.ts";
import { readersAidTable } from "../tables/readersAid.ts";
import { readersMeanTable } from "../tables/readersMean.ts";
import { exampleCases } from "./examples.ts";
import { methods } from "./methods.ts";
import { modelCard } from "./modelCard.ts";

const figure = (id: string, content: FigureBlock | Absent): Item => ({ kind: "figure", id, content });
const table = (id: string, content: Content): Item => ({ kind: "table", id, content });

/** All of the report's sections below its summary, in order. */
export function sections(results: Results): Section[] {
  const { aid, againstMtdl, agreement } = results.readerAnalyses;
  return [
    { id: "main-results", title: "Main results", items: [table("key", keyResultsTable(results))] },
    {
      id: "cases",
      title: "Cases",
      items: [figure("flow", flowFigure(results)), table("characteristics", characteristicsTable(results))],
    },
    {
      id: "accuracy",
      title: "Accuracy",
      items: [
        table("auc", aucTable(results)),
        figure("roc", rocFigure(results)),
        table("operating", operatingTable(results)),
      ],
    },
    {
      id: "calibrated",
      title: "Calibration",
      items: [
        table("calibration-numbers", calibrationTable(results)),
        ...(results.calibration.length > 0 ? [figure("calibration", calibrationFigure(results))] : []),
      ],
    },
    {
      id: "utility",
      title: "Clinical utility",
      items: [
        figure("decision", decisionCurveFigure(results)),
        ...(results.decision.length > 0
          ? [
              figure("benefit-difference", netBenefitDifferenceFigure(results)),
              table("net-benefit", netBenefitTable(results)),
            ]
          : []),
      ],
    },
    {
      id: "reading",
      title: "Readers",
      items: [
        table("readers", readersTable(results)),
        ...(aid.length > 0 ? [table("readers-aid", readersAidTable(results))] : []),
        ...(againstMtdl.length > 0 ? [table("readers-mean", readersMeanTable(results))] : []),
        ...(agreement.length > 0 ? [table("agreement", readersAgreementTable(results))] : []),
        ...(results.readers.length > 0 ? [figure("reader-curves", readerCurvesFigure(results))] : []),
      ],
    },
    {
      id: "cost",
      title: "Efficiency",
      items: [
        table("efficiency", efficiencyTable(results)),
        ...(results.efficiency === null ? [] : [figure("savings", efficiencyFigure(results))]),
      ],
    },
    {
      id: "inside",
      title: "Inside the model",
      items: [figure("gates", gatesFigure(results)), figure("training", trainingCurvesFigure(results))],
    },
    { id: "single", title: "Example cases", items: [figure("examples", exampleCases(results))] },
    {
      id: "card",
      title: "Model card",
      items: [
        modelCard(results),
        ...(results.cards.length > 0 ? [table("model-card", modelCardTable(results))] : []),
      ],
    },
    { id: "caveats", title: "Caveats", items: [caveats(results)] },
    { id: "methods", title: "Methods and abbreviations", items: [methods(results)] },
    {
      id: "checklists",
      title: "Reporting guidelines",
      items: [claim, tripodAi].map((guideline) => checklist(guideline, results)),
    },
  ];
}

function checklist(guideline: Guideline, results: Results): Item {
  const id = guideline === claim ? "claim" : "tripod-ai";
  return table(id, (places) => checklistTable(guideline, results, places));
}

function caveats({ study }: Results): Item {
  const content =
    study.notes.length === 0
      ? html`<p class="absent">The results note none.</p>`
      : html`<ul class="caveats">${study.notes.map((note) => html`<li>${note}</li>`)}</ul>`;
  return { kind: "text", content };
}
