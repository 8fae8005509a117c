import { dirname, join } from "node:path";
import type { Command } from "commander";
import { readWhole, writeWhole } from "../files.ts";
import { renderReport, textSummary } from "../report/index.ts";
import { parseResults } from "../validate/index.ts";
import { type CommonOptions, mustNotExist, result, say, withCommonOptions } from "./io.ts";

interface ReportOptions extends CommonOptions {
  readonly out?: string;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("report")
      .description("one self-contained HTML file of everything in a results.json")
      .argument("<results>", "results.json as validate writes it")
      .option("--out <file>", "the HTML file; default: report.html beside the results"),
  ).action(async (path: string, options: ReportOptions) => {
    const out = options.out ?? join(dirname(path), "report.html");
    await mustNotExist(out, options);
    const results = parseResults((await readWhole(path)).toString("utf8"), path);
    await writeWhole(out, renderReport(results));
    say(`report: ${out}`);
    result(options, { report: out }, textSummary(results));
  });
}
