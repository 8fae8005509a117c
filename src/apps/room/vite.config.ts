import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { allAttributes } from "../../imaging/formats/dicom/values/dictionary.ts";
import { replaced } from "./edges/replaced.ts";

const src = resolve(import.meta.dirname, "../..");
const dictionary = "virtual:attributes";

/** Puts what a browser can run in the place of what only Node can, and the dictionary of DICOM's attributes in as text. */
const edges = (): Plugin => ({
  name: "edges",
  enforce: "pre",
  async resolveId(source, importer) {
    if (source === dictionary) return `\0${dictionary}`;
    if (!source.startsWith(".") || importer === undefined || importer.startsWith(join(src, "apps"))) return;
    const path = join(importer, "..", source);
    const other = Object.entries(replaced).find(([file]) => join(src, file) === path)?.[1];
    return other && join(import.meta.dirname, "edges", other);
  },
  load(id) {
    if (id !== `\0${dictionary}`) return;
    const lines = [...allAttributes()].map(([tag, { vr, keyword }]) => `${tag}${vr}${keyword}`);
    return `export default ${JSON.stringify(lines.join("\n"))};`;
  },
});

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [edges()],
  worker: { format: "es", plugins: () => [edges()] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: resolve(src, "../dist/room"),
    emptyOutDir: true,
    target: "es2023",
    // What a page has in itself needs no rule for styles and images in its policy, and no request later.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
