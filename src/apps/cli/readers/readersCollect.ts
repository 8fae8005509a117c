import type { Command } from "commander";
import { mustNotExist, readWhole } from "../../../base/files.ts";
import { collectReadings } from "../../../evidence/readers/collect.ts";
import { parseManifest } from "../../../evidence/readers/manifest.ts";
import { writeReaders } from "../../../evidence/readers/readings.ts";
import { type CommonOptions, result, say, textTable, withCommonOptions } from "../support/io.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly form?: string;
  readonly allowMissing?: boolean;
}

export function register(readers: Command): void {
  withCommonOptions(
    readers
      .command("collect")
      .description("check the files that readers sent back and make one readers.csv of them")
      .argument("<files...>", "the CSV files")
      .requiredOption("--out <file>", "readers.csv, for validate --readers")
      .option("--form <file>", "form.json of `readers form`: refuse cases that were not handed out")
      .option("--allow-missing", "leave out missing scores; default: refuse them"),
  ).action(async (paths: string[], options: Options) => {
    await mustNotExist(options.out, options);
    const files = await Promise.all(paths.map(async (path) => ({ path, bytes: await readWhole(path) })));
    const form =
      options.form === undefined
        ? undefined
        : parseManifest((await readWhole(options.form)).toString("utf8"), options.form);
    const { readings, missing, ignored } = collectReadings(files, {
      ...(form && { cases: form.cases, tasks: form.tasks }),
      allowMissing: options.allowMissing ?? false,
    });
    for (const name of ignored)
      say(
        `column ${name} is not read${form ? "" : "; if it is a task of the cohort’s own, give form.json with --form"}`,
      );
    for (const one of missing.slice(0, 10)) say(`missing: ${one}`);
    if (missing.length > 10) say(`missing: ${missing.length - 10} more`);
    await writeReaders(options.out, readings);
    const rows = [...Map.groupBy(readings, (r) => `${r.reader}\u0000${r.aided === true}`).values()].map(
      (own) => ({
        reader: own[0].reader,
        experience: own[0].experience,
        aided: own[0].aided === true,
        cases: new Set(own.map((r) => r.case)).size,
        scores: own.length,
      }),
    );
    result(
      options,
      { readers: options.out, missing: missing.length, rows },
      textTable(
        ["reader", "experience", "with the model", "cases", "scores"],
        rows.map((r) => [r.reader, r.experience, r.aided ? "yes" : "no", `${r.cases}`, `${r.scores}`]),
      ),
    );
  });
}
