import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPython } from "../../../../python.ts";

export { hasPython as pythonModule } from "../../../../python.ts";

/** Whether a program is there; where it is not, says so, and with `CI` set the tests run and fail. */
export function peer(program: string, args: readonly string[] = ["--version"]): boolean {
  const found = spawnSync(program, args).error === undefined;
  if (!found) console.warn(`skipped: ${program} is missing`);
  return found || process.env.CI !== undefined;
}

/** Writes files into a folder of their own while `use` runs. */
export function withFiles<T>(
  files: Readonly<Record<string, Uint8Array>>,
  use: (path: (name: string) => string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "dicom-write-"));
  const path = (name: string) => join(folder, name);
  const done = () => rmSync(folder, { recursive: true, force: true });
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path(name), bytes);
    const result = use(path);
    if (result instanceof Promise) return result.finally(done) as T;
    done();
    return result;
  } catch (error) {
    done();
    throw error;
  }
}

/** The errors dicom3tools' validator finds against PS3.3, of one object; it must name the IOD it knew it as. */
export function dciodvfy(bytes: Uint8Array, iod: string): string[] {
  return withFiles({ "a.dcm": bytes }, (path) => {
    const { stdout, stderr } = spawnSync("dciodvfy", ["-new", path("a.dcm")], { encoding: "utf8" });
    const lines = `${stdout}${stderr}`.split("\n");
    return lines.includes(iod)
      ? lines.filter((line) => /^(Error|Abort)/.test(line))
      : [`not a ${iod}`, ...lines];
  });
}

/** What a script of Debian's Python prints, as JSON. */
export function python<T>(script: string, args: readonly string[]): T {
  const { stdout, stderr, status } = runPython(script, args);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
