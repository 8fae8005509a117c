import { execFileSync, spawnSync } from "node:child_process";

/** Debian's Python, whose scipy and nibabel serve as independent oracles. */
const interpreter = "/usr/bin/python3";

/** Whether the oracle's modules are there; says so where they are not. */
export function hasPython(...modules: string[]): boolean {
  const found = spawnSync(interpreter, ["-c", `import ${modules.join(", ")}`]).status === 0;
  if (!found) console.warn(`skipped: no ${interpreter} with ${modules.join(", ")}`);
  return found;
}

/** Runs a script that reads JSON from `sys.stdin` and prints JSON. */
export function python<T>(script: string, input: unknown): T {
  const output = execFileSync(interpreter, ["-c", script], {
    input: JSON.stringify(input),
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output.toString()) as T;
}
