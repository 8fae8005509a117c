import type { Command } from "commander";
import { readCohort } from "../../../patients/cohort/csv.ts";
import { readFlow } from "../../../patients/cohort/flow.ts";
import { classCounts, summarize } from "../../../patients/cohort/summary.ts";
import type { Table1 } from "../../../patients/cohort/table1.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import { type CommonOptions, result, say, textTable, withCommonOptions } from "../support/io.ts";
import { classTable, flowText } from "./cohortText.ts";

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("summary")
      .description("Table 1 by centre, the classes of each task, and the study flow")
      .argument("<cohort>", "folder of cohort.csv"),
  ).action(async (path: string, options: CommonOptions) => {
    const cohort = await readCohort(path, { onWarning: say });
    const table1 = summarize(cohort);
    const classes = classCounts(cohort);
    const flow = await readFlow(cohort.folder);
    const imaged = cohort.cases.some((c) => Object.keys(c.images).length > 0);
    const sources = [...new Set(cohort.cases.map((c) => c.source))];
    result(
      options,
      { table1, classes, flow, sources },
      [
        ...(flow.length > 0 ? [flowText(flow)] : []),
        tableText(table1),
        classTable(classes, tasksOf(cohort)),
        imaged ? `Source of the images: ${sources.join(", ")}.` : "No images.",
      ].join("\n\n"),
    );
  });
}

function tableText({ centers, rows }: Table1): string {
  return textTable(
    ["", ...centers.map(({ center, n }) => `${center} (n = ${n})`), "p", "test"],
    rows.flatMap(({ characteristic, level, cells, p, test }, i) => {
      const tested = [p === null ? "" : p < 0.001 ? "< 0.001" : p.toFixed(3), test ?? ""];
      if (level === null) return [[characteristic, ...cells, ...tested]];
      const isFirst = rows[i - 1]?.characteristic !== characteristic;
      const head = isFirst ? [[characteristic, ...cells.map(() => ""), ...tested]] : [];
      return [...head, [`  ${level}`, ...cells, "", ""]];
    }),
  );
}
