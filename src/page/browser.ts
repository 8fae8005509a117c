import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { TrinephronError } from "../base/errors.ts";
import { readWhole, writeWhole } from "../base/files.ts";

const run = promisify(execFile);

/** Names on the PATH of browsers made from Chromium, which print without a window. */
const names = [
  ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  ...["microsoft-edge", "microsoft-edge-stable", "msedge"],
];

const places: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"],
  darwin: ["Google Chrome", "Chromium", "Microsoft Edge"].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((root) => {
    const folder = process.env[root];
    const tails = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    return folder === undefined ? [] : tails.map((tail) => join(folder, tail));
  }),
};

/** Long for a page of a few megabytes. */
const timeoutMs = 120_000;

/**
 * The browser that `CHROME_PATH` names, else the first Chromium, Chrome or Edge on the PATH or in its usual place.
 * @param what needs it, in the error
 * @throws E_BROWSER where there is none
 */
export function findBrowser(what = "--pdf"): string {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (executable(given)) return given;
    throw new TrinephronError("E_BROWSER", `CHROME_PATH ${given}: no program is there`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const suffix = process.platform === "win32" ? ".exe" : "";
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, `${name}${suffix}`))),
    ...(places[process.platform] ?? []),
  ];
  const found = candidates.find(executable);
  if (found === undefined)
    throw new TrinephronError(
      "E_BROWSER",
      `${what}: no Chromium, Chrome or Edge found`,
      "install one, name it in CHROME_PATH, or print the HTML from any browser",
    );
  return found;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Prints an HTML file to PDF by a browser without a window; the file appears whole or not at all.
 * @throws E_BROWSER where the browser fails, E_FILE_WRITE
 */
export async function printPdf(browser: string, page: string, out: string): Promise<void> {
  const pdf = await runHeadless(browser, page, "page.pdf", "did not print", (file) => [
    "--no-pdf-header-footer",
    `--print-to-pdf=${file}`,
  ]);
  if (pdf.subarray(0, 5).toString("latin1") !== "%PDF-") throw fault(browser, page, "printed no PDF");
  await writeWhole(out, pdf);
}

/**
 * Opens an HTML file in a browser without a window.
 * @param failed what went wrong where it writes nothing
 * @param options of the browser, given the file that it shall write
 * @returns what it wrote
 * @throws E_BROWSER where it wrote nothing
 */
export async function runHeadless(
  browser: string,
  page: string,
  name: "page.pdf" | "page.png",
  failed: string,
  options: (file: string) => readonly string[],
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "trinephron-browser-"));
  const file = join(folder, name);
  try {
    await run(
      browser,
      [
        ...["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"],
        // Chromium's sandbox does not start as root; the page is ours, without scripts, and loads nothing.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        `--user-data-dir=${join(folder, "profile")}`,
        ...options(file),
        pathToFileURL(resolve(page)).href,
      ],
      { timeout: timeoutMs },
    );
    return await readWhole(file);
  } catch (error) {
    throw fault(browser, page, failed, error);
  } finally {
    // The browser may still be closing its profile.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

const fault = (browser: string, page: string, failed: string, cause?: unknown): TrinephronError =>
  new TrinephronError("E_BROWSER", `${browser}: ${failed} ${page}`, "print the HTML from any browser", {
    cause,
  });
