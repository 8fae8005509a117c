import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const { tooOld } = (await import(join(root, "bin/nodeVersion.js"))) as {
  tooOld(version: string): string | undefined;
};

describe("tooOld", () => {
  test.each(["18.19.1", "20.20.2", "22.0.0", "22.17.1"])("refuses Node %s in one line", (version) => {
    expect(tooOld(version)).toMatch(
      new RegExp(`^E_NODE: Node ${version} is too old, 22\\.18 or later is needed — .*$`),
    );
  });
  test.each(["22.18.0", "22.20.1", "23.0.0", "24.0.0", "100.1.0"])("accepts Node %s", (version) => {
    expect(tooOld(version)).toBeUndefined();
  });
  test("asks for what package.json asks for", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(tooOld("0.0.0")).toContain(`${engines.node.replace(">=", "")} or later`);
  });
});

/** A Node of this machine that is too old for the package. */
const old = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => {
  const node = join(folder, "node");
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return status === 0 && tooOld(stdout.trim().slice(1)) ? [{ node, version: stdout.trim() }] : [];
})[0];
const reason = old ? `by ${old.version}` : "skipped: no Node older than 22.18 on the PATH";

test.skipIf(!old)(`the command says so in one line and nothing else (${reason})`, () => {
  const { status, stdout, stderr } = spawnSync(old!.node, [join(root, "bin/trinephron.js"), "--version"], {
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: `trinephron: ${tooOld(old!.version.slice(1))}\n`,
  });
});
