import { describe, expect, test } from "vitest";
import { formFiles } from "../../../../src/evidence/readers/form/files.ts";
import { type FormOptions, readingForms } from "../../../../src/evidence/readers/form/form.ts";
import { formCsv } from "../../../../src/evidence/readers/form/formCsv.ts";
import { formHtml } from "../../../../src/evidence/readers/form/formHtml.ts";
import { studyTasks } from "../../../../src/patients/cohort/tasks.ts";
import { codeOf } from "../../../numerics/stats/close.ts";
import { drawnPredictions } from "../../validate/study.ts";

const predictions = drawnPredictions(12);
const cases = [...new Set(predictions.map((p) => p.case))];
const options: FormOptions = {
  cases,
  readers: [
    { reader: "A", experience: "junior" },
    { reader: "B", experience: "senior" },
  ],
  tasks: studyTasks,
  scale: "percent",
  seed: 1,
};
const aid = (design: "sequential" | "crossover") => ({
  ...options,
  aid: { predictions, model: "mtdl", design },
});
const ids = (rows: readonly { case: string }[]) => rows.map((r) => r.case);

describe("readingForms", () => {
  test("every reader has every case once, in an order of the reader's own, the same for the same seed", () => {
    const [a, b] = readingForms(options);
    for (const form of [a, b]) {
      expect(ids(form.rows).toSorted()).toEqual(cases.toSorted());
      expect(form.rows.map((r) => r.order)).toEqual(cases.map((_, i) => i + 1));
      expect(form.rows.every((r) => !r.aided && r.model === undefined)).toBe(true);
    }
    expect(ids(a.rows)).not.toEqual(ids(b.rows));
    expect(readingForms(options)).toEqual([a, b]);
    expect(ids(readingForms({ ...options, seed: 2 })[0].rows)).not.toEqual(ids(a.rows));
  });

  test("another reader's presence changes nobody's order", () => {
    const [, b] = readingForms(options);
    const [alone] = readingForms({ ...options, readers: [options.readers[1]] });
    expect(alone.rows).toEqual(b.rows);
  });

  test("sequential: each case without the model's answer, then with it", () => {
    const [{ rows, sessions }] = readingForms(aid("sequential"));
    expect(sessions).toBe(1);
    expect(rows).toHaveLength(24);
    for (let i = 0; i < rows.length; i += 2) {
      expect([rows[i].aided, rows[i + 1].aided]).toEqual([false, true]);
      expect(rows[i].case).toBe(rows[i + 1].case);
      const answer = predictions.find((p) => p.case === rows[i].case && p.task === "stage");
      expect(rows[i + 1].model?.stage).toBe(answer?.probabilities.mtdl);
      expect(rows[i].model).toBeUndefined();
    }
  });

  test("crossover: in each session every case, half with the model's answer, and the other half in the other", () => {
    const forms = readingForms(aid("crossover"));
    expect(forms.map((f) => [f.reader, f.session])).toEqual([
      ["A", 1],
      ["A", 2],
      ["B", 1],
      ["B", 2],
    ]);
    const aidedIn = forms.map((f) => ids(f.rows.filter((r) => r.aided)).toSorted());
    expect(forms.every((f) => ids(f.rows).toSorted().join() === cases.toSorted().join())).toBe(true);
    expect(aidedIn.map((a) => a.length)).toEqual([6, 6, 6, 6]);
    expect([...aidedIn[0], ...aidedIn[1]].toSorted()).toEqual(cases.toSorted());
    expect(aidedIn[0]).not.toEqual(aidedIn[2]);
  });

  test("no file holds a label", () => {
    const relabeled = predictions.map((p) => ({ ...p, label: p.label === 1 ? (0 as const) : (1 as const) }));
    const made = (given: typeof predictions) =>
      formFiles(
        readingForms({ ...options, aid: { predictions: given, model: "mtdl", design: "sequential" } }),
      );
    expect(made(relabeled)).toEqual(made(predictions));
  });

  test("refusals", () => {
    expect(codeOf(() => readingForms({ ...options, readers: [] }))).toBe("E_USAGE");
    expect(
      codeOf(() => readingForms({ ...options, readers: [options.readers[0], options.readers[0]] })),
    ).toBe("E_USAGE");
    expect(codeOf(() => readingForms({ ...options, cases: [] }))).toBe("E_COHORT");
    expect(codeOf(() => readingForms({ ...aid("sequential"), cases: ["case_0", "stranger"] }))).toBe(
      "E_COHORT",
    );
    const alike = ["A/1", "A?1"].map((reader) => ({ reader, experience: "junior" }));
    expect(codeOf(() => formFiles(readingForms({ ...options, readers: alike })))).toBe("E_USAGE");
  });
});

describe("files", () => {
  test("a blank table: one row a case, empty cells for scores", () => {
    const [form] = readingForms(options);
    const lines = formCsv(form).trim().split("\n");
    expect(lines[0]).toBe(
      "study,reader,experience,session,scale,order,case,aided,histology,stage,complexity",
    );
    expect(lines[1]).toBe(`${form.study},A,junior,1,percent,1,${form.rows[0].case},no,,,`);
    expect(lines).toHaveLength(13);
  });

  test("a sequential study's table without the model shows no answer of it", () => {
    const files = formFiles(readingForms(aid("sequential")));
    expect(files.map((f) => f.name)).toEqual([
      "A.html",
      "A.csv",
      "A-with-model.csv",
      "B.html",
      "B.csv",
      "B-with-model.csv",
    ]);
    expect(files[1].text).not.toContain("model_");
    expect(files[2].text).toContain("model_histology");
  });

  test("the page loads nothing, allows only its own script, and takes markup in names as text", () => {
    const evil = `</script><img src=x onerror="a">`;
    const html = formHtml(
      readingForms({ ...options, cases: [evil], readers: [{ reader: evil, experience: evil }] })[0],
      "f",
    );
    expect(html.replaceAll("&#39;", "'")).toMatch(
      /default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'/,
    );
    expect(html).not.toMatch(/https?:|@import|url\(|<img|<link/);
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});
