#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `trinephron: E_NODE: Node ${process.versions.node} is too old; install Node 24 (npm i node@24 trinephron puts it beside this package)\n`,
  );
  process.exit(1);
}
// Starts in half the time: compiled code is kept, for threads and child processes too.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
enableCompileCache();
// A checkout runs its sources; the published package holds only what tsc compiled from them.
const source = new URL("../src/apps/cli/main.ts", import.meta.url);
const compiled = new URL("../dist/apps/cli/main.js", import.meta.url);
const { main } = await import((existsSync(source) ? source : compiled).href);
await main(process.argv.slice(2));
