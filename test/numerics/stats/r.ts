import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const rscript = "/usr/bin/Rscript";

const found = (() => {
  try {
    const asked = "stopifnot(requireNamespace('pROC'), requireNamespace('jsonlite'))";
    execFileSync(rscript, ["-e", asked], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!found) console.warn("skipped: no /usr/bin/Rscript with pROC and jsonlite");

/** Whether R with pROC and jsonlite is to be asked: where `CI` is set its absence fails, elsewhere its tests are skipped. */
export const hasR = found || process.env.CI !== undefined;

/** Runs R code that reads `input` and assigns `output`; both pass as JSON, numbers with 17 digits. */
export function askR<T>(input: unknown, code: string): T {
  const folder = mkdtempSync(join(tmpdir(), "trinephron-r-"));
  const [from, to, script] = ["in.json", "out.json", "ask.R"].map((name) => join(folder, name));
  try {
    writeFileSync(from, JSON.stringify(input));
    writeFileSync(
      script,
      `options(digits = 17); suppressMessages({library(pROC); library(jsonlite)})
input <- fromJSON(${JSON.stringify(from)}, simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
${code}
writeLines(toJSON(output, auto_unbox = TRUE, digits = NA, always_decimal = FALSE), ${JSON.stringify(to)})`,
    );
    execFileSync(rscript, [script], { stdio: ["ignore", "ignore", "inherit"] });
    return JSON.parse(readFileSync(to, "utf8")) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
