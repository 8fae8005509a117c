import type { ChecklistItem, Guideline } from "./checklist.ts";
import {
  configured,
  exclusions,
  limits,
  missingLabels,
  outcomes,
  outcomesDefined,
  outcomeTitled,
  tested,
  threeMeasures,
  titled,
  twoCenters,
} from "./evidence.ts";

const item = (
  section: string,
  number: string,
  asks: string,
  rest: Omit<ChecklistItem, "section" | "number" | "asks">,
): ChecklistItem => ({ section, number, asks, ...rest });

/** TRIPOD+AI: 27 main items, 52 with their parts. */
export const tripodAi: Guideline = {
  name: "TRIPOD+AI",
  citation:
    "Collins GS, Moons KGM, Dhiman P, et al. TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use regression or machine learning methods. BMJ 2024;385:e078378, doi 10.1136/bmj-2023-078378.",
  items: [
    item("Title and abstract", "1", "The title tells model, target population and outcome", {
      at: ["title"],
      holds: (results) =>
        titled(/develop|validat|evaluat|test/i, /kidney|renal|nephr/i)(results) && outcomeTitled(results),
      add: "a title that names development or evaluation, the patients and the outcomes",
    }),
    item("Title and abstract", "2", "Abstract after TRIPOD+AI for Abstracts", {
      at: ["summary"],
      holds: ({ auc }) => auc.length > 0,
      left: "setting, eligibility, sample, funding and registration",
      add: "an abstract",
    }),
    item("Introduction", "3a", "Health-care context, rationale, existing models", {
      add: "context, rationale and existing models with references",
    }),
    item("Introduction", "3b", "Target population, purpose, users", {
      at: ["card-use"],
      left: "the place in the care pathway",
      add: "target population, purpose and users",
    }),
    item("Introduction", "3c", "Known health inequalities", {
      add: "known inequalities between sociodemographic groups",
    }),
    item("Introduction", "4", "Objectives: development, evaluation or both", {
      at: ["method-partitions", "method-questions"],
      holds: ({ auc }) => auc.length > 0,
      left: "objectives in the authors’ words",
      add: "objectives",
    }),
    item(
      "Methods: data",
      "5a",
      "Sources of development and evaluation data; why these; representative of whom",
      {
        at: ["characteristics", "method-images"],
        holds: twoCenters,
        left: "kind of source, why it was chosen, and of whom it is representative",
        add: "sources of the data",
      },
    ),
    item("Methods: data", "5b", "Dates", { add: "first and last date of the cases of each centre" }),
    item("Methods: participants", "6a", "Setting, number and location of centres", {
      at: ["characteristics"],
      holds: twoCenters,
      left: "setting and location of the centres",
      add: "setting, number and location of the centres",
    }),
    item("Methods: participants", "6b", "Eligibility", {
      at: ["flow"],
      holds: exclusions,
      left: "criteria in full",
      add: "eligibility criteria",
    }),
    item("Methods: participants", "6c", "Treatments and how they were handled", {
      add: "treatment before imaging, and the operation that gave the reference standard",
    }),
    item("Methods: data preparation", "7", "Preprocessing and quality checks, alike across groups", {
      at: ["card-inputs"],
      holds: configured,
      left: "quality checks, and whether they were the same across sociodemographic groups",
      add: "preprocessing and quality checks",
    }),
    item("Methods: outcome", "8a", "Outcome: definition, when and how assessed, why", {
      at: ["method-questions"],
      holds: outcomesDefined,
      left: "when and how outcomes were assessed, why these, and whether alike across groups",
      add: "definition and assessment of the outcomes",
    }),
    item("Methods: outcome", "8b", "Who assessed the outcome", {
      add: (results) => `qualifications of those who assessed ${outcomes(results)}`,
    }),
    item("Methods: outcome", "8c", "Blinding of outcome assessment", {
      add: "whether outcomes were assessed without knowledge of the model’s answers",
    }),
    item("Methods: predictors", "9a", "Choice of initial predictors", {
      at: ["card-inputs"],
      holds: configured,
      left: "why images and masks alone",
      add: "which predictors were chosen, and why",
    }),
    item("Methods: predictors", "9b", "Definition and measurement of all predictors", {
      at: ["card-inputs"],
      holds: configured,
      left: "how masks were made, and blind to what",
      add: "how predictors were measured",
    }),
    item("Methods: predictors", "9c", "Who assessed subjective predictors", {
      add: "who outlined kidneys and tumours, with qualifications",
    }),
    item("Methods", "10", "Sample size, for development and evaluation", {
      add: "how the numbers of cases were arrived at, and whether they suffice",
    }),
    item("Methods", "11", "Missing data", {
      at: ["auc", "caveats"],
      holds: missingLabels,
      left: "missing phases and clinical values",
      add: "how missing data were handled",
    }),
    item("Methods: analysis", "12a", "How the data were used and partitioned", {
      at: ["method-partitions", "card-training"],
      holds: (results) => configured(results) && twoCenters(results),
      add: "how the data were partitioned, with numbers",
    }),
    item("Methods: analysis", "12b", "How predictors were handled", {
      at: ["card-inputs"],
      holds: configured,
      add: "rescaling and standardisation of the images",
    }),
    item("Methods: analysis", "12c", "Type of model, building steps, tuning, internal validation", {
      at: ["card-network", "card-training"],
      holds: configured,
      left: "why this type of model, and how hyper-parameters were found",
      add: "type of model and building steps",
    }),
    item("Methods: analysis", "12d", "Heterogeneity across clusters", {
      add: "whether performance was compared among hospitals (external centres are pooled here)",
    }),
    item("Methods: analysis", "12e", "All measures and plots of performance, and of comparing models", {
      at: ["method-auc", "method-calibration", "method-benefit", "method-operating"],
      holds: threeMeasures,
      add: "measures of discrimination, calibration and clinical utility",
    }),
    item("Methods: analysis", "12f", "Model updating from the evaluation", {
      at: ["method-partitions"],
      add: "whether the model was updated",
    }),
    item("Methods: analysis", "12g", "How predictions were calculated", {
      at: ["method-predictions", "model-card"],
      holds: configured,
      add: "how predictions were calculated",
    }),
    item("Methods", "13", "Class imbalance and recalibration after it", {
      at: ["card-training", "method-calibration"],
      holds: configured,
      add: "whether and how class imbalance was handled",
    }),
    item("Methods", "14", "Fairness", { add: "what was done for fairness, and why" }),
    item("Methods", "15", "Output of the model, thresholds and how they were found", {
      at: ["operating", "method-operating"],
      holds: ({ operating }) => operating.length > 0,
      add: "output, and how thresholds were chosen",
    }),
    item("Methods", "16", "Differences between development and evaluation data", {
      at: ["characteristics"],
      holds: twoCenters,
      left: "differences in setting, scanners and how outcomes were assessed",
      add: "differences between the centres",
    }),
    item("Methods", "17", "Ethical approval and consent", {
      add: "committee, number, and consent or its waiver",
    }),
    item("Open science", "18a", "Funding", { add: "funding and role of the funders" }),
    item("Open science", "18b", "Conflicts of interest", { add: "conflicts of interest of all authors" }),
    item("Open science", "18c", "Protocol", { add: "where the protocol is, or that there is none" }),
    item("Open science", "18d", "Registration", { add: "register and number, or that there is none" }),
    item("Open science", "18e", "Data sharing", { add: "whether and where the data can be had" }),
    item("Open science", "18f", "Code sharing", {
      at: ["method-software"],
      holds: ({ software }) => software !== "",
      left: "where this version and the study’s own scripts can be had",
      add: "whether and where the code can be had",
    }),
    item("Patient and public involvement", "19", "Patient and public involvement", {
      add: "involvement of patients and the public, or that there was none",
    }),
    item("Results: participants", "20a", "Flow, and numbers with and without the outcome", {
      at: ["flow", "auc"],
      holds: ({ flow, auc }) => flow.length > 0 && auc.length > 0,
      add: "flow of patients, with and without each outcome",
    }),
    item("Results: participants", "20b", "Characteristics of each data source", {
      at: ["characteristics"],
      holds: twoCenters,
      left: "dates, treatments and amount of missing data",
      add: "characteristics of the patients",
    }),
    item("Results: participants", "20c", "Evaluation data set against development data", {
      at: ["characteristics"],
      holds: twoCenters,
      add: "a comparison of both centres’ cases",
    }),
    item("Results", "21", "Participants and events in each analysis", {
      at: ["auc", "characteristics", "card-training"],
      holds: ({ auc }) => auc.length > 0,
      left: (results) =>
        configured(results)
          ? "events among training and validation cases apart"
          : "numbers of training and validation cases, and events among them",
      add: "numbers of participants and events in each analysis",
    }),
    item("Results", "22", "The full model, or access to it", {
      at: ["model-card"],
      holds: configured,
      left: "where model.onnx can be had, and restrictions of use",
      add: "the model, or access to it",
    }),
    item("Results: performance", "23a", "Performance with intervals, also of key subgroups", {
      at: ["auc", "calibration-numbers", "operating"],
      holds: tested,
      left: "subgroups by sex, age and size (trinephron experiment)",
      add: "performance with intervals",
    }),
    item("Results: performance", "23b", "Heterogeneity across clusters", {
      add: "performance at each hospital, where examined",
    }),
    item("Results", "24", "Results of model updating", {
      at: ["method-partitions"],
      add: "results of updating the model",
    }),
    item("Discussion", "25", "Interpretation, with fairness and previous studies", {
      add: "what the results mean",
    }),
    item("Discussion", "26", "Limitations", {
      at: ["caveats"],
      holds: limits,
      left: "limits in the authors’ words, and their effect on bias and generalisability",
      add: "limits of the study",
    }),
    item("Discussion: usability", "27a", "Poor or unavailable input data", {
      at: ["card-limits"],
      holds: configured,
      left: "how poor images are recognised and handled in use",
      add: "how poor or missing input is handled in use",
    }),
    item("Discussion: usability", "27b", "Interaction and expertise that users need", {
      at: ["card-use", "card-inputs"],
      holds: configured,
      left: "who outlines kidney and tumour in use, with what training",
      add: "what users must do and know",
    }),
    item("Discussion: usability", "27c", "Next steps", { add: "next steps of research" }),
  ],
};
