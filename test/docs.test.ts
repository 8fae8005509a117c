import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { publicPaths } from "../scripts/publicPaths.ts";
import { serviceSettings } from "../src/apps/service/settings/settings.ts";
import { parseSegmentSettings } from "../src/learning/segmentation/train/segmentSettings.ts";
import { trainSettings } from "../src/learning/trained/settings.ts";
import { here } from "./apps/cli/inProcess.ts";
import { fromSource } from "./publicPaths.ts";

const root = resolve(import.meta.dirname, "..");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const text = (page: string) => readFileSync(join(root, page), "utf8");
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

/** Every file of the project but those of its root, by its path from there. */
const files = ["bench", "bin", "docs", "scripts", "src", "test"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((name) =>
    join(top, name).replaceAll("\\", "/"),
  ),
);
/** Whether a path such as `src/base/files.ts` or `docs/decisions/`, or the end of one such as `file/onnx.ts`, is there. */
function isThere(path: string): boolean {
  const pattern = path.replace(/\/$/, "").replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  const whole = new RegExp(`^(.*/)?${pattern}$`);
  return files.some((file) => whole.test(file)) || existsSync(join(root, path));
}

test.each(pages)("%s: files and folders named in backticks are there", (page) => {
  const spans = [...text(page).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  const named = spans.flatMap((span) => span.match(/(?<![\w/.:-])[\w.*][\w.*/-]*/g) ?? []);
  const ours = named.filter((path) => /^(bench|docs|scripts|src|test)\/|\w\.(ts|py)$/.test(path));
  expect(ours.filter((path) => !isThere(path))).toEqual([]);
});

test("parts of the package named in backticks can be imported", () => {
  const named = pages.flatMap((page) =>
    [...text(page).matchAll(/`(trinephron\/[a-z]+)`/g)].map(([, path]) => path),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !publicPaths.has(path))).toEqual([]);
});

/** All that the code says: comments, help, hints of errors, model cards. */
const code = files.filter((file) => /\.(ts|js)$/.test(file) && file !== "test/docs.test.ts");
test("files named in the code are there", () => {
  const named = code.flatMap((file) =>
    [
      ...text(file).matchAll(
        /(?<![\w/.-])(?:bench|docs|scripts|src|test)\/[\w./-]+\.(?:md|ts|json|png|py)\b/g,
      ),
    ].map(([path]) => `${file}: ${path}`),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((entry) => !isThere(entry.split(": ")[1]))).toEqual([]);
});
test("pages of the documentation named in the code are there", () => {
  const named = code.flatMap((file) =>
    [...text(file).matchAll(/\bpages? ("[\w-]+"(?:(?:,| and|, and) "[\w-]+")*)/g)].flatMap(([, names]) =>
      [...names.matchAll(/[\w-]{2,}/g)]
        .filter(([name]) => name !== "and")
        .map(([name]) => `${file}: ${name}`),
    ),
  );
  expect(named.filter((entry) => !existsSync(join(root, "docs", `${entry.split(": ")[1]}.md`)))).toEqual([]);
});

test.each(files.filter((file) => file.endsWith(".png")))("%s is small", (file) => {
  expect(statSync(join(root, file)).size).toBeLessThan(150_000);
});

const commands = pages.flatMap((page) =>
  [...text(page).matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n"))
    .flatMap((line) => line.match(/^(?:npx )?trinephron ([^#]+)/)?.[1].trim() ?? [])
    .map((command) => [page, command]),
);
const helps = new Map<string, string>();
async function help(command: readonly string[]): Promise<string> {
  const key = command.join(" ");
  const text = helps.get(key) ?? (await here(...command, "--help")).stdout;
  helps.set(key, text);
  return text;
}
test.each(commands)("%s: trinephron %s names options that exist", async (_, command) => {
  const words = command.split(/\s+/);
  const known = new Set(["--help", "--version"]);
  const first = words.findIndex((word, i) => i > 0 && (word.startsWith("-") || i === 2 || /[/.]/.test(word)));
  for (let depth = 1; depth <= (first === -1 ? words.length : first); depth++) {
    for (const [option] of (await help(words.slice(0, depth))).matchAll(/--[a-z-]+/g)) known.add(option);
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

const { tasks: _, center: __, ...trainDefaults } = trainSettings.parse({ tasks: ["stage"], center: "A" });
const { model: ___, data: ____, ...serviceDefaults } = serviceSettings.parse({ model: "", data: "" });
test.each([
  ["docs/training.md", trainDefaults],
  ["docs/segmentation.md", parseSegmentSettings({})],
  ["docs/service.md", serviceDefaults],
])("%s: the table of settings has every setting and its default", (page, defaults) => {
  const settings = text(page).slice(text(page).indexOf("\n## Settings"));
  const rows = [...settings.matchAll(/^\| `([\w.]+)`\s*\| `([^`]*)`/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  expect(rows).toEqual(leaves(defaults));
});

/** Every value of nested settings, by dotted name. */
function leaves(settings: object, prefix = ""): string[][] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" && !Array.isArray(value)
      ? leaves(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, JSON.stringify(value)]],
  );
}
