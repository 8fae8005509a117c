import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apiFolder, readApi } from "../scripts/api.ts";

const { pages, faults } = readApi();

test("every public name has a comment, and names types that are public", () => {
  expect(faults).toEqual([]);
});

test("docs/api holds these pages and no others", () => {
  expect(readdirSync(apiFolder).sort()).toEqual(Object.keys(pages).sort());
});

test.each(Object.entries(pages))("docs/api/%s is current (npm run api renews it)", (name, page) => {
  expect(readFileSync(join(apiFolder, name), "utf8")).toBe(page);
});
