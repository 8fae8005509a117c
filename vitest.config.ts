import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longestFirst.ts";

// Threads and processes that tests start keep compiled code, as those of the command line do.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

export default defineConfig({
  plugins: [
    {
      // As a user's Node resolves what is imported: without the condition "development", which Vite adds.
      name: "conditions-of-node",
      configResolved({ ssr }) {
        ssr.resolve = { ...ssr.resolve, conditions: ["node"] };
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: "test/sharedFolder.ts",
    setupFiles: "test/typedArrays.ts",
    // Node itself loads the files, each once for all tests: to transform them and load them again for each test file,
    // as Vite does for what a browser runs, would take a third of the time. `vi.mock` is not to be had so.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // No test file leaves anything behind; a process for each would cost a tenth of the time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
