#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tooOld } from "./nodeVersion.js";

const refusal = tooOld(process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`trinephron: ${refusal}\n`);
  process.exit(1);
}
// Starts in half the time: compiled code is kept, for threads and child processes too.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
module.enableCompileCache();
// A checkout runs its sources; the published package holds only what tsc compiled from them.
const source = new URL("../src/apps/cli/main.ts", import.meta.url);
const compiled = new URL("../dist/apps/cli/main.js", import.meta.url);
const { main } = await import((existsSync(source) ? source : compiled).href);
await main(process.argv.slice(2));
