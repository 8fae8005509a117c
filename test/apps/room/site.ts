import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { build } from "vite";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** A site that is served, and what was asked of it. */
export interface Site {
  readonly address: string;
  readonly asked: string[];
  close(): void;
}

/** Builds the reading room into a folder, as the package has it. */
export async function buildRoom(folder: string): Promise<void> {
  const configFile = resolve(import.meta.dirname, "../../../src/apps/room/vite.config.ts");
  await build({ configFile, logLevel: "warn", build: { outDir: folder } });
}

export async function serveSite(folder: string): Promise<Site> {
  const asked: string[] = [];
  const server: Server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = pathname === "/" ? "index.html" : pathname;
    asked.push(pathname);
    try {
      const body = await readFile(join(folder, file));
      response.writeHead(200, { "Content-Type": types[extname(file)] }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, asked, close: () => void server.close() };
}
