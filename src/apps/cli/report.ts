import { dirname, join } from "node:path";
import type { Command } from "commander";
import { mustNotExist, readWhole, writeWhole } from "../../base/files.ts";
import { parseResults } from "../../evidence/validate/results.ts";
import { findBrowser, printPdf } from "../../page/browser.ts";
import { renderReport } from "../../report/report.ts";
import { textSummary } from "../../report/textSummary.ts";
import { figuresMustNotExist, writeFigures } from "../../report/writeFigures.ts";
import { type CommonOptions, result, say, withCommonOptions } from "./support/io.ts";

interface ReportOptions extends CommonOptions {
  readonly out?: string;
  readonly figures?: string;
  /** True: beside the HTML. */
  readonly pdf?: string | true;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("report")
      .description("one self-contained HTML file of everything in a results.json, and its figures as files")
      .argument("<results>", "results.json as validate writes it")
      .option("--out <file>", "the HTML file; default: report.html beside the results")
      .option(
        "--figures <folder>",
        "each figure as SVG and its numbers as CSV; default: figures beside the HTML",
      )
      .option(
        "--pdf [file]",
        "also a PDF, by an installed Chromium, Chrome or Edge; default: beside the HTML",
      ),
  ).action(async (path: string, options: ReportOptions) => {
    const out = options.out ?? join(dirname(path), "report.html");
    const folder = options.figures ?? join(dirname(out), "figures");
    const pdf = options.pdf === true ? `${out.replace(/\.html?$/i, "")}.pdf` : options.pdf;
    // What can fail early does, before anything is written.
    await mustNotExist(out, options);
    if (pdf !== undefined) await mustNotExist(pdf, options);
    const results = parseResults((await readWhole(path)).toString("utf8"), path);
    await figuresMustNotExist(folder, options);
    const browser = pdf === undefined ? "" : findBrowser();
    await writeWhole(out, renderReport(results));
    await writeFigures(folder, results);
    say(`report: ${out}`);
    say(`figures: ${folder}`);
    if (pdf !== undefined) {
      await printPdf(browser, out, pdf);
      say(`PDF: ${pdf}`);
    }
    result(
      options,
      { report: out, figures: folder, ...(pdf !== undefined && { pdf }) },
      textSummary(results),
    );
  });
}
