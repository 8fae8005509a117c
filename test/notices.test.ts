import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { noticesFile, noticesText } from "../scripts/notices.ts";

const root = resolve(import.meta.dirname, "..");
const text = (file: string) => readFileSync(resolve(root, file), "utf8");
const { version, license, dependencies } = JSON.parse(text("package.json"));

test("THIRD_PARTY_NOTICES.md is what npm run notices makes of the packages installed", () => {
  expect(text(noticesFile) === noticesText(), "run npm run notices").toBe(true);
});

test("THIRD_PARTY_NOTICES.md names every dependency with a licence that lets it be passed on", () => {
  const rows = [...text(noticesFile).matchAll(/^\| (\S+) \| [\d.]\S* \| ([^|]+) \|/gm)];
  const names = new Set(rows.map(([, name]) => name));
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
  const free = /^(MIT|ISC|0BSD|Unlicense|Zlib|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0)$/;
  const others = rows.filter(
    ([, , name]) => !name.match(/[\w.-]+/g)!.every((l) => /^(AND|OR)$/.test(l) || free.test(l)),
  );
  expect(others.map(([row]) => row)).toEqual([]);
});

test("CITATION.cff says the version and the licence of package.json", () => {
  const citation = text("CITATION.cff");
  expect(citation).toContain(`\nversion: ${version}\n`);
  expect(citation).toContain(`\nlicense: ${license}\n`);
});

test("CHANGELOG.md has a section for what is not released and one for the version of package.json", () => {
  const sections = [...text("CHANGELOG.md").matchAll(/^## \[([^\]]+)\]/gm)].map(([, name]) => name);
  expect(sections[0]).toBe("Unreleased");
  expect(sections).toContain(version);
});
