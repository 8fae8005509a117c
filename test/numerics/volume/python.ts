import { runPython } from "../../python.ts";

export { hasPython } from "../../python.ts";

/** Runs a script of Debian's Python that reads JSON from `sys.stdin` and prints JSON. */
export function python<T>(script: string, input: unknown): T {
  const { stdout, stderr, status } = runPython(script, [], JSON.stringify(input));
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
