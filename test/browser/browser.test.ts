import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { trainHere } from "./page.ts";
import { train } from "./train.ts";

const executablePath = "/usr/bin/chromium";
const skip = !existsSync(executablePath);
if (skip) console.warn(`skipped: training in a browser needs ${executablePath} (Debian: chromium)`);

const root = resolve(import.meta.dirname, "../..");
/** Folders the page may read, by the start of their address. */
const served = {
  "/src/": "src",
  "/test/browser/": "test/browser",
  "/protobuf/": "node_modules/@bufbuild/protobuf/dist/esm",
  "/ort/": "node_modules/onnxruntime-web/dist",
};
const importMap = {
  imports: {
    "@bufbuild/protobuf/wire": "/protobuf/wire/index.js",
    "onnxruntime-web/wasm": "/ort/ort.wasm.min.mjs",
  },
};
const html = `<!doctype html><title>training</title><script type="importmap">${JSON.stringify(importMap)}</script>`;
const types: Record<string, string> = { ".wasm": "application/wasm", ".html": "text/html" };

/** The sources as they are but for their types, and ONNX Runtime's files. */
async function content(path: string): Promise<string | Buffer> {
  if (path === "/") return html;
  const [start, folder] = Object.entries(served).find(([prefix]) => path.startsWith(prefix))!;
  const file = await readFile(join(root, folder, path.slice(start.length)));
  return path.endsWith(".ts") ? stripTypeScriptTypes(file.toString()) : file;
}

let server: Server;
beforeAll(async () => {
  server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    try {
      const body = await content(pathname);
      response.writeHead(200, {
        "Content-Type": types[pathname === "/" ? ".html" : extname(pathname)] ?? "text/javascript",
        // Threads share memory, which browsers allow to isolated pages alone.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterAll(() => server.close());

describe.skipIf(skip)("training in Chromium on onnxruntime-web (skipped without Chromium)", () => {
  test("the same sources write the same graph, and ten steps fall as in Node", async () => {
    const expected = await train({});
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const found: Awaited<ReturnType<typeof trainHere>> = await page.evaluate(
        'import("/test/browser/page.ts").then(({ trainHere }) => trainHere())',
      );
      expect(errors).toEqual([]);
      expect([found.isolated, found.threads]).toEqual([true, 2]);
      expect(Buffer.from(found.onnx).equals(Buffer.from(expected.onnx))).toBe(true);
      expect(found.losses).toHaveLength(10);
      expect(found.losses[9]).toBeLessThan(0.7 * found.losses[0]);
      found.losses.forEach((loss, i) => {
        expect(Math.abs(loss / expected.losses[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-3);
      });
      const norm = (values: readonly number[]) => Math.hypot(...values);
      expect(norm(found.theta.map((x, i) => x - expected.theta[i])) / norm(expected.theta)).toBeLessThan(
        1e-3,
      );
    } finally {
      await browser.close();
    }
  });
});
