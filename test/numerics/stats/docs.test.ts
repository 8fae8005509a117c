import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { parsePredictions } from "../../../src/evidence/predictions/predictions.ts";
import { parseThresholds } from "../../../src/evidence/predictions/thresholds.ts";
import { parseReaders } from "../../../src/evidence/readers/readings.ts";
import { fromSource } from "../../publicPaths.ts";
import { golden } from "./golden.ts";

const root = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/statistics.md", root), "utf8");
const folder = mkdtempSync(join(tmpdir(), "trinephron-docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, body]) => ({
  language,
  body,
}));
const shown = blocks.flatMap(({ language, body }, i) =>
  blocks[i + 1]?.language === "text" ? [{ language, body, output: blocks[i + 1].body }] : [],
);
const node = (...args: string[]) => execFileSync(process.execPath, args, { encoding: "utf8", cwd: folder });

describe("docs/statistics.md", () => {
  test.each(shown.filter((b) => b.language === "ts").map((b, i) => ({ ...b, i })))("example $i", (block) => {
    const script = join(folder, `example-${block.i}.ts`);
    writeFileSync(script, fromSource(block.body));
    expect(node(script)).toBe(block.output);
  });

  test("the command line", () => {
    const rows = golden.labels.map((y, i) => `${y},${golden.a[i]},${golden.b[i]}`);
    writeFileSync(join(folder, "reads.csv"), `truth,reader,model\n${rows.join("\n")}\n`);
    const [command] = shown.filter((b) => b.language === "sh");
    const [program, ...args] = command.body.trim().split(" ");
    expect(program).toBe("trinephron");
    expect(node(fileURLToPath(new URL("bin/trinephron.js", root)), ...args)).toBe(command.output);
  });

  test("the file formats parse", () => {
    const [predictions, readers] = blocks.filter((b) => b.language === "csv");
    expect(parsePredictions(predictions.body, "doc")).toHaveLength(3);
    expect(parseReaders(readers.body, "doc")).toHaveLength(2);
    const json = blocks.find((b) => b.language === "json");
    expect(parseThresholds(json?.body ?? "", "doc").stage?.mtdl.threshold).toBe(0.31);
    expect(shown.map((b) => b.language)).toEqual(["ts", "sh", "ts", "ts"]);
  });
});
