import type { ChecklistItem, Guideline } from "./checklist.ts";
import {
  configured,
  exclusions,
  failuresShown,
  limits,
  missingLabels,
  outcomes,
  outcomesDefined,
  tested,
  titled,
  twoCenters,
} from "./evidence.ts";

const item = (
  section: string,
  number: number,
  asks: string,
  rest: Omit<ChecklistItem, "section" | "number" | "asks">,
): ChecklistItem => ({ section, number: String(number), asks, ...rest });

/** CLAIM, 2024 update: 44 items. */
export const claim: Guideline = {
  name: "CLAIM 2024",
  citation:
    "Tejani AS, Klontzas ME, Gatti AA, et al. Checklist for Artificial Intelligence in Medical Imaging (CLAIM): 2024 Update. Radiol Artif Intell 2024;6(4):e240300, doi 10.1148/ryai.240300.",
  items: [
    item("Title and abstract", 1, "The title says that the study is of AI, and of which kind", {
      at: ["title"],
      holds: titled(
        /deep learning|neural|machine learning|artificial intelligence|\bAI\b|multi-task|multitask/i,
      ),
      add: "a title that names the technology, such as deep learning",
    }),
    item("Title and abstract", 2, "Structured summary of design, methods, results and conclusions", {
      at: ["summary"],
      holds: ({ auc }) => auc.length > 0,
      left: "conclusions, and whether the cases were collected prospectively or retrospectively",
      add: "a summary",
    }),
    item("Introduction", 3, "Scientific and clinical background, intended use and role of the AI", {
      at: ["card-use"],
      left: "background with references, and the role in clinical work",
      add: "background, intended use and role",
    }),
    item("Introduction", 4, "Aims, objectives and hypotheses", {
      at: ["method-questions"],
      holds: ({ auc }) => auc.length > 0,
      left: "aims and hypotheses",
      add: "aims, objectives and hypotheses",
    }),
    item("Methods: design", 5, "Prospective or retrospective", {
      add: "whether the cases were collected before or after the study was planned",
    }),
    item("Methods: design", 6, "Goal of the study, such as model creation, feasibility or non-inferiority", {
      at: ["method-partitions", "method-auc"],
      holds: tested,
      left: "the goal, and a margin where non-inferiority is claimed",
      add: "the goal of the study",
    }),
    item("Methods: data", 7, "Sources of the data", {
      at: ["characteristics", "method-images"],
      holds: twoCenters,
      left: "names of hospitals or public data sets, with links",
      add: "where the data come from",
    }),
    item("Methods: data", 8, "Inclusion and exclusion criteria", {
      at: ["flow"],
      holds: exclusions,
      left: "how cases were found, and whether they were consecutive",
      add: "inclusion and exclusion criteria",
    }),
    item("Methods: data", 9, "Preprocessing", {
      at: ["card-inputs"],
      holds: configured,
      add: "resampling, windowing and cropping",
    }),
    item("Methods: data", 10, "Parts of the data that were selected, such as slices or crops", {
      at: ["card-inputs"],
      holds: configured,
      add: "which part of each image was used",
    }),
    item("Methods: data", 11, "De-identification", { add: "how the data were de-identified" }),
    item("Methods: data", 12, "How missing data were handled", {
      at: ["auc", "caveats"],
      holds: missingLabels,
      left: "missing phases and clinical values",
      add: "missing labels, phases and clinical values",
    }),
    item("Methods: data", 13, "Image acquisition protocol", {
      at: ["card-inputs"],
      holds: configured,
      left: "scanners, voltage, slice thickness, contrast medium and timing of the phases",
      add: "scanners, phases, slice thickness, contrast medium and timing",
    }),
    item("Methods: reference standard", 14, "Definition of the reference standard", {
      at: ["method-questions"],
      holds: outcomesDefined,
      left: "pathology work-up, edition of the staging system, how R.E.N.A.L. was scored",
      add: (results) => `how ${outcomes(results)} were established`,
    }),
    item("Methods: reference standard", 15, "Why this reference standard", {
      add: "why this reference standard, and its limits",
    }),
    item("Methods: reference standard", 16, "Who annotated; their qualifications", {
      add: "who set labels and outlined masks, with qualifications",
    }),
    item("Methods: reference standard", 17, "How the test set was annotated", {
      add: "how the external cases were annotated, with which tools",
    }),
    item("Methods: reference standard", 18, "Variability between and within annotators", {
      add: "agreement among those who set the labels (the readers of this report are not they)",
    }),
    item("Methods: partitions", 19, "How cases were assigned to training, tuning and test", {
      at: ["method-partitions", "flow", "card-training"],
      holds: (results) => configured(results) && twoCenters(results),
      add: "how cases were assigned to training, validation and test, with numbers",
    }),
    item("Methods: partitions", 20, "At which level the partitions are disjoint", {
      at: ["method-partitions"],
      add: "the level at which partitions are disjoint",
    }),
    item("Methods: testing data", 21, "Intended sample size", {
      add: "how the number of test cases was chosen, such as by a power calculation",
    }),
    item("Methods: model", 22, "Description of the model that allows it to be rebuilt", {
      at: ["card-network", "method-mtdl"],
      holds: configured,
      add: "architecture in full",
    }),
    item("Methods: model", 23, "Software, libraries and versions", {
      at: ["method-software"],
      holds: ({ software }) => software !== "",
      left: "version of ONNX Runtime, operating system, hardware",
      add: "software and versions",
    }),
    item("Methods: model", 24, "Initial weights", {
      at: ["card-training"],
      holds: configured,
      add: "how weights were initialised",
    }),
    item("Methods: training", 25, "Training: augmentation, hyper-parameters, stopping", {
      at: ["card-training"],
      holds: configured,
      add: "augmentation, optimiser, learning rate, batch, epochs, stopping rule",
    }),
    item("Methods: training", 26, "How the final model was chosen", {
      at: ["card-training", "training"],
      holds: (results) => configured(results) || results.training.length > 0,
      add: "how the final model was chosen",
    }),
    item("Methods: training", 27, "Ensembles", { at: ["method-mtdl"], add: "whether models were combined" }),
    item("Methods: evaluation", 28, "Measures of performance", {
      at: ["method-auc", "method-calibration", "method-benefit", "method-operating"],
      holds: ({ auc }) => auc.length > 0,
      add: "measures of performance",
    }),
    item("Methods: evaluation", 29, "Tests of significance and measures of uncertainty", {
      at: ["method-auc", "auc"],
      holds: tested,
      add: "tests and intervals",
    }),
    item("Methods: evaluation", 30, "Robustness or sensitivity analysis", {
      add: "robustness and sensitivity (trinephron experiment measures both; its experiment.json is no part of these results)",
    }),
    item("Methods: evaluation", 31, "Explainability or interpretability", {
      at: ["gates"],
      left: "whether gate weights, which tell what sub-networks are used and not where the model looks, suffice as an explanation",
      add: "methods of explanation, or that none was used",
    }),
    item("Methods: evaluation", 32, "Evaluation on internal data", {
      at: ["training", "model-card"],
      holds: (results) => configured(results) || results.training.length > 0,
      left: "performance on internal cases that chose nothing, such as by cross-validation (trinephron experiment)",
      add: "performance on cases of the development centre",
    }),
    item("Methods: evaluation", 33, "Test on external data", {
      at: ["auc", "method-partitions"],
      holds: ({ auc, study }) => auc.length > 0 && study.external.length > 0,
      add: "a test on external data",
    }),
    item("Methods: evaluation", 34, "Trial registration", {
      add: "register and number, or that there is none",
    }),
    item("Results: data", 35, "Numbers included and excluded", {
      at: ["flow"],
      add: "a flow diagram with numbers",
    }),
    item("Results: data", 36, "Characteristics of the cases of each partition", {
      at: ["characteristics"],
      holds: twoCenters,
      left: "training and validation cases apart",
      add: "characteristics of the cases",
    }),
    item("Results: performance", 37, "Performance with its uncertainty", {
      at: ["auc", "calibration-numbers", "net-benefit"],
      holds: ({ auc }) => auc.length > 0,
      add: "performance with intervals",
    }),
    item("Results: performance", 38, "Diagnostic accuracy and its precision", {
      at: ["operating", "roc"],
      holds: ({ operating }) => operating.length > 0,
      add: "sensitivity, specificity and predictive values with intervals",
    }),
    item("Results: performance", 39, "Analysis of failures", {
      at: ["examples"],
      holds: failuresShown,
      left: "what the wrong answers have in common (trinephron experiment lists the largest errors)",
      add: "an analysis of wrong answers",
    }),
    item("Discussion", 40, "Limitations", {
      at: ["caveats"],
      holds: limits,
      left: "limits of the study in the authors’ words",
      add: "limits of the study",
    }),
    item("Discussion", 41, "Implications for practice", { add: "what follows for practice" }),
    item("Other information", 42, "Full protocol or further technical details", {
      add: "where the protocol can be read",
    }),
    item("Other information", 43, "Availability of software, model and data", {
      at: ["method-software"],
      holds: ({ software }) => software !== "",
      left: "where software, model.onnx and data can be had, and on what terms",
      add: "where software, model and data can be had",
    }),
    item("Other information", 44, "Funding and role of funders", { add: "funding and role of the funders" }),
  ],
};
