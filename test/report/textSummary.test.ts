import { expect, test } from "vitest";
import { textSummary } from "../../src/report/textSummary.ts";
import { drawnResults } from "./fixture.ts";

const drawn = drawnResults();
const text = textSummary(drawn);

test("every AUC with its interval stands in its task's row, with the p values", () => {
  for (const [task, title] of [
    ["histology", "Histology"],
    ["stage", "Stage"],
    ["complexity", "Anatomical complexity"],
  ]) {
    const row = text.split("\n").find((line) => line.startsWith(title));
    const areas = drawn.auc
      .filter((a) => a.task === task)
      .map(({ value, ci }) => `${value.toFixed(2)} (${ci[0].toFixed(2)}–${ci[1].toFixed(2)})`);
    const p = drawn.comparisons
      .filter((c) => c.task === task)
      .map((c) => (c.p < 0.001 ? "< 0.001" : c.p.toFixed(3)));
    expect(row?.split(/ {2,}/).slice(2)).toEqual([...areas, ...p]);
  }
});

test("labels, savings and what was counted", () => {
  expect(text).toContain("Images: painted phases, not real CT.");
  expect(text).toContain("Readers: some readers simulated (marked).");
  expect(text).toMatch(/^J1 \(simulated\) +junior +Histology +160/m);
  expect(text).toContain("Peak memory: 61.3 MB (MTDL) v. 172 MB (STDL together), 64 % saved");
  expect(text).toContain(`Counted: ${drawn.efficiency?.counted}.`);
});

test("a model that costs more says so", () => {
  const rows =
    drawn.efficiency?.rows.map((row) => ({ ...row, peakMemoryBytes: row.model === "mtdl" ? 3000 : 2000 })) ??
    [];
  expect(textSummary({ ...drawn, efficiency: { counted: "c", rows } })).toContain("50 % more");
});

test("what is not there is left out, and names cannot steer a terminal", () => {
  const bare = textSummary({
    ...drawn,
    study: { ...drawn.study, title: "a\u001b[31mb\u009b", sources: ["real"] },
    readers: [],
    efficiency: null,
    comparisons: [],
  });
  expect(bare.startsWith("a[31mb\nAUC")).toBe(true);
  expect(bare).not.toMatch(/Images:|reader|Counted|undefined/);
});
