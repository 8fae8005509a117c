import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { simulateReaders } from "../../src/evidence/readers/simulateReaders.ts";
import { validatePredictions } from "../../src/evidence/validate/validatePredictions.ts";
import { renderReport } from "../../src/report/report.ts";
import { textSummary } from "../../src/report/textSummary.ts";
import { drawnReaders } from "../evidence/readers/analysis/drawnReaders.ts";
import { drawnPredictions, studyOf } from "../evidence/validate/study.ts";

const predictions = drawnPredictions(90);
const results = validatePredictions(
  studyOf(predictions, { readers: [...drawnReaders(predictions), ...simulateReaders(predictions, 4)] }),
);
const { document } = parseHTML(renderReport(results));
const rows = (id: string) =>
  [...document.querySelectorAll(`#${id} tbody tr`)]
    .map((tr) => [...tr.children].map((c) => (c.textContent ?? "").trim()))
    .filter((cells) => cells.length > 1);
const p = (value: number) => (value < 0.001 ? "< 0.001" : value.toFixed(3));

test("the model against the mean of readers: every figure in its row", () => {
  const all = results.readerAnalyses.againstMtdl;
  const expected = all.filter((r) => r.random === "readers and cases");
  const printed = rows("readers-mean");
  expect(printed).toHaveLength(expected.length);
  expected.forEach((row, i) => {
    const fixed = all[all.indexOf(row) + 1];
    expect(printed[i][0]).toBe(
      `${row.group} (${row.readers.length}${row.simulated ? ", simulated" : ""})${row.aided ? ", with the model" : ""}`,
    );
    expect(printed[i][2]).toContain(row.mean.value.toFixed(2));
    expect(printed[i].slice(5)).toEqual([p(row.p), p(fixed.p)]);
  });
});

test("readers without and with the model: difference, F and its degrees of freedom", () => {
  const expected = results.readerAnalyses.aid.filter((r) => r.random === "readers and cases");
  const printed = rows("readers-aid");
  expect(printed).toHaveLength(expected.length);
  expected.forEach((row, i) => {
    expect(printed[i][4]).toMatch(new RegExp(`^\\+${row.difference.toFixed(3)} \\(`));
    expect(printed[i][5]).toBe(`${row.f.toFixed(2)} (1, ${row.df2?.toFixed(1)})`);
    expect(printed[i][6]).toBe(p(row.p));
  });
});

test("agreement: every measure with its interval", () => {
  const printed = rows("agreement");
  expect(printed).toHaveLength(results.readerAnalyses.agreement.length);
  results.readerAnalyses.agreement.forEach((row, i) =>
    expect(printed[i][3].startsWith(row.value.toFixed(2))).toBe(true),
  );
});

test("captions of all that shows simulated readers say so", () => {
  for (const id of ["readers", "readers-mean", "agreement", "reader-curves"])
    expect(document.querySelector(`#${id} figcaption`)?.textContent).toContain("Some readers simulated");
});

test("a table of readers who all read bears no such mark", () => {
  expect(document.querySelector("#readers-aid figcaption")?.textContent).not.toContain("imulated");
});

test("a reader's curve of each way of reading is drawn in each panel", () => {
  expect(document.querySelectorAll("#reader-curves svg[role=img]")).toHaveLength(3);
  const label = document.querySelector("#reader-curves svg")?.getAttribute("aria-label");
  for (const name of ["Ada ", "Ada with the model ", "S3 "]) expect(label).toContain(name);
  expect(document.querySelector("#reader-curves .legend")?.textContent).toMatch(
    /a reader.*a simulated reader.*a reader with the model’s answer/s,
  );
});

test("summary and terminal: the mean of readers, and the change with the model's answer", () => {
  const abstract = document.querySelector(".abstract")?.textContent ?? "";
  expect(abstract).toContain("minus the mean of the 4 readers was");
  expect(abstract).toContain("minus the mean of the 5 simulated readers was");
  expect(abstract).toContain("With its answer in sight, the mean AUC of 4 readers changed by +");
  const text = textSummary(results);
  expect(text).toContain("all readers (5, simulated)");
  expect(text).toContain("AUC with the model");
});

test("readers who did not all read the same cases: cases of each reader, and by which method", () => {
  const gone = new Set(predictions.slice(0, 30).map((row) => row.case));
  const read = drawnReaders(predictions).filter((r) => r.reader !== "Ben" || !gone.has(r.case));
  const sparse = validatePredictions(studyOf(predictions, { readers: read }));
  const { document: page } = parseHTML(renderReport(sparse));
  for (const id of ["readers-mean", "readers-aid"]) {
    expect(page.querySelector(`#${id}`)?.textContent).toContain("one-shot U-statistics");
    expect(page.querySelector(`#${id}`)?.textContent).toContain("“Each”");
    expect(page.querySelector(`#${id} tbody`)?.textContent).toMatch(/90 \(\d\d–90 each\)/);
  }
  expect(page.body.textContent).toContain("not every reader read every case");
  const text = textSummary(sparse);
  expect(text).toMatch(/90 \(\d\d–90 each\)/);
  expect(text).toContain("Not every reader read every case");
  expect(textSummary(results)).not.toContain("Not every reader");
});
