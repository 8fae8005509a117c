import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { publicPaths } from "../scripts/publicPaths.ts";

const program = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      const [, name] = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
      if (name) loaded.add(name);
      return next(url, context);
    },
  });
  await import(process.argv[1]);
  console.log(JSON.stringify([...loaded]));
`;
const packagesOf = (source: string): string[] =>
  JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", program, pathToFileURL(source).href], {
      encoding: "utf8",
    }),
  );

/** Hundreds of megabytes that only running a graph, or registering images, takes. */
const heavy = /^(onnxruntime-|@itk-wasm\/)/;

test.each([...publicPaths])("%s is imported without ONNX Runtime and elastix", (path, source) => {
  const packages = packagesOf(source);
  expect(packages.filter((name) => heavy.test(name))).toEqual([]);
  if (path === "trinephron/stats" || path === "trinephron/volume") expect(packages).toEqual([]);
  if (path === "trinephron") expect(packages).toContain("zod");
});
