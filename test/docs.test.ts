import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { trainSettings } from "../src/learning/trained/settings.ts";
import { fromSource } from "./publicPaths.ts";

const root = resolve(import.meta.dirname, "..");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const text = (page: string) => readFileSync(join(root, page), "utf8");
const bin = join(root, "bin/trinephron.js");
const folder = mkdtempSync(join(tmpdir(), "trinephron-docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const links = pages.flatMap((page) =>
  [...text(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].flatMap(([, target]) =>
    /^\w+:/.test(target) ? [] : [[page, target]],
  ),
);
test.each(links)("%s: link to %s", (page, target) => {
  expect(existsSync(resolve(root, dirname(page), target))).toBe(true);
});

const commands = pages.flatMap((page) =>
  [...text(page).matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n"))
    .flatMap((line) => line.match(/^(?:npx )?trinephron ([^#]+)/)?.[1].trim() ?? [])
    .map((command) => [page, command]),
);
const helps = new Map<string, string>();
function help(command: readonly string[]): string {
  const key = command.join(" ");
  const text =
    helps.get(key) ?? execFileSync(process.execPath, [bin, ...command, "--help"], { encoding: "utf8" });
  helps.set(key, text);
  return text;
}
test.each(commands)("%s: trinephron %s names options that exist", (_, command) => {
  const words = command.split(/\s+/);
  const known = new Set(["--help", "--version"]);
  const first = words.findIndex((word, i) => i > 0 && (word.startsWith("-") || i === 2 || /[/.]/.test(word)));
  for (let depth = 1; depth <= (first === -1 ? words.length : first); depth++) {
    for (const [option] of help(words.slice(0, depth)).matchAll(/--[a-z-]+/g)) known.add(option);
  }
  expect(words.filter((word) => word.startsWith("--") && !known.has(word.split("=")[0]))).toEqual([]);
});

describe("examples that print", () => {
  const examples = pages
    .filter((page) => page !== "docs/statistics.md") // has a test of its own
    .flatMap((page) =>
      [...text(page).matchAll(/```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(
        ([, code, output], i) => ({
          name: `${page}, example ${i + 1}`,
          code,
          output,
        }),
      ),
    );
  test.each(examples)("$name", ({ name, code, output }) => {
    const script = join(folder, `${name.replaceAll(/\W/g, "-")}.ts`);
    writeFileSync(script, fromSource(code));
    expect(execFileSync(process.execPath, [script], { encoding: "utf8", cwd: folder })).toBe(output);
  });
});

test("docs/training.md: the table of settings has every setting and its default", () => {
  const rows = [...text("docs/training.md").matchAll(/^\| `([\w.]+)`\s*\| `([^`]*)`/gm)].map(
    ([, name, value]) => [name, value],
  );
  const { tasks: _, center: __, ...defaults } = trainSettings.parse({ tasks: ["stage"], center: "A" });
  expect(rows.filter(([name]) => !name.includes(".onnx"))).toEqual(leaves(defaults));
});

/** Every value of nested settings, by dotted name. */
function leaves(settings: object, prefix = ""): string[][] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" && !Array.isArray(value)
      ? leaves(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, JSON.stringify(value)]],
  );
}
