import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string | { types: string; default: string }>;
};

/** What the package offers to import, and the source of each: `trinephron/stats`, and its `index.ts`. */
export const publicPaths: ReadonlyMap<string, string> = new Map(
  Object.entries(exports).flatMap(([path, target]) =>
    typeof target === "string"
      ? []
      : [
          [
            path.replace(".", "trinephron"),
            target.default.replace(/^\.\/dist\/(.*)\.js$/, join(root, "src/$1.ts")),
          ],
        ],
  ),
);

/** A program that imports the package, made to import its sources. @throws where it imports what is not offered */
export const fromSource = (program: string): string =>
  program.replaceAll(/"(trinephron(?:\/[\w/]+)?)"/g, (_, path: string) => {
    const source = publicPaths.get(path);
    if (source === undefined) throw new Error(`the package does not offer ${path}`);
    return JSON.stringify(pathToFileURL(source).href);
  });
