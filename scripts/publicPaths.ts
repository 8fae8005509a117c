import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

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
