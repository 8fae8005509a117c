import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { parseResults } from "../../src/evidence/validate/results.ts";
import { validatePredictions } from "../../src/evidence/validate/validatePredictions.ts";
import { parseTasks } from "../../src/patients/cohort/tasksFile.ts";
import { renderReport } from "../../src/report/report.ts";
import { textSummary } from "../../src/report/textSummary.ts";
import { drawnPredictions, studyOf } from "../evidence/validate/study.ts";

const { tasks } = parseTasks(
  JSON.stringify({
    format: "trinephron-tasks/1",
    tasks: Array.from({ length: 10 }, (_, t) => ({
      name: `question_${t}`,
      title: `Question ${t} <b>bold</b>`,
      positive: { words: `yes ${t} <script>alert(1)</script>`, values: ["1"] },
      negative: { words: `no ${t} "quoted"`, values: ["0"] },
    })),
  }),
  "tasks.json",
);

/** The drawn answers to one question, given to ten. */
const predictions = tasks.flatMap(({ name }) =>
  drawnPredictions(60).flatMap((p) => (p.task === "stage" ? [{ ...p, task: name }] : [])),
);
const { thresholds, study } = studyOf(predictions);
const results = validatePredictions(
  studyOf(predictions, {
    tasks,
    study: { ...study, stageLabel: "" },
    thresholds: Object.fromEntries(tasks.map(({ name }) => [name, thresholds.stage])),
    replicates: 20,
  }),
);

test("ten tasks are reported under their titles, words as text and never as markup", () => {
  const page = renderReport(parseResults(JSON.stringify(results), "results.json"));
  const { document } = parseHTML(page);
  const said = document.body.textContent ?? "";
  for (const { title, positive, negative } of tasks)
    for (const words of [title, positive.words, negative.words]) expect(said).toContain(words);
  expect(page).not.toContain("<script>alert");
  expect(page).not.toContain("<b>bold");
  expect(said).not.toMatch(/[Hh]istology|Stage label/);
  expect(textSummary(results)).toContain("Question 9 <b>bold</b>");
});

test("a file whose rows name a task that it does not describe is refused, with the place", () => {
  const rows = (change: (found: typeof results) => void) => {
    const found = structuredClone(results);
    change(found);
    return () => parseResults(JSON.stringify(found), "results.json");
  };
  expect(rows((found) => Object.assign(found.roc[3], { task: "stage" }))).toThrow(
    /^results\.json: roc\.3\.task: "stage" is none of question_0, /,
  );
  expect(rows((found) => delete found.tasks)).toThrow(
    /"question_0" is none of histology, stage, complexity$/,
  );
});
