import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** The house, from the ground up: a folder imports only from folders of lower floors (and from itself). */
const floors = [
  ["graph", "volume", "stats"],
  ["formats", "nephrometry", "registration"],
  ["cohort", "model"],
  ["train", "study"],
  ["predict"],
  ["validate"],
  ["deploy"],
  ["report"],
  ["readingForm"],
  ["cli"],
];
/** May be imported from anywhere, and import nothing of the house. */
const ground = ["errors.ts", "files.ts", "random.ts", "version.ts"];

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const floorOf = (folder: string) => floors.findIndex((floor) => floor.includes(folder));

test("a folder imports only from floors below it", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const folder = file.split("/")[0];
    const imports = [...readFileSync(join(src, file), "utf8").matchAll(/from "(\.[^"]+)"/g)];
    for (const [, specifier] of imports) {
      const target = relative(src, resolve(src, dirname(file), specifier)).split("/")[0];
      const allowed =
        ground.includes(target) ||
        (folder === target && !ground.includes(file)) ||
        floorOf(target) < floorOf(folder);
      if (!allowed) wrong.push(`${file} imports ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every folder stands on a floor", () => {
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
  expect([...folders].filter((folder) => floorOf(folder) < 0)).toEqual([]);
});
