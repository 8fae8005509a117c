import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** Debian's Python, whose SciPy, nibabel and pydicom serve as independent oracles. */
const interpreter = "/usr/bin/python3";

/** Imports what a script imports, once for all of them, and runs each in a fork: as a process of its own, but sooner. */
const server = `
import ast, json, os, sys, traceback

def run(job, tree):
    for fd, path, how in (0, job["stdin"], os.O_RDONLY), (1, job["stdout"], os.O_WRONLY), (2, job["stderr"], os.O_WRONLY):
        os.dup2(os.open(path, how), fd)
    sys.argv = ["-c", *job["args"]]
    try:
        exec(compile(tree, "script", "exec"), {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)

with open(sys.argv[1]) as asked, open(sys.argv[2], "w") as answers:
    for line in asked:
        job = json.loads(line)
        tree = ast.parse(job["script"])
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                try:
                    __import__(name)
                except Exception:
                    pass
        child = os.fork()
        if child == 0:
            run(job, tree)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)
`;

interface Server {
  readonly asked: number;
  readonly answers: number;
  readonly folder: string;
}

/** One for each process of tests, that ends with it. */
let started: Server | undefined;
function start(): Server {
  const folder = mkdtempSync(join(inject("sharedFolder"), "python-"));
  const [asked, answers] = ["asked", "answers"].map((name) => join(folder, name));
  spawnSync(interpreter, [
    "-c",
    "import os, sys; [os.mkfifo(path) for path in sys.argv[1:]]",
    asked,
    answers,
  ]);
  const child = spawn(interpreter, ["-c", server, asked, answers], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  child.on("error", () => {});
  child.unref();
  if (child.pid === undefined) throw new Error(`${interpreter} is missing`);
  return { asked: openSync(asked, "w"), answers: openSync(answers, "r"), folder };
}

/** Runs a script to its end. @param input what it reads from `sys.stdin` */
export function runPython(script: string, args: readonly string[], input = "") {
  started ??= start();
  const [stdin, stdout, stderr] = ["stdin", "stdout", "stderr"].map((name) => join(started!.folder, name));
  writeFileSync(stdin, input);
  writeFileSync(stdout, "");
  writeFileSync(stderr, "");
  writeSync(started.asked, `${JSON.stringify({ script, args, stdin, stdout, stderr })}\n`);
  const answer = Buffer.alloc(16);
  const length = readSync(started.answers, answer);
  if (length === 0) throw new Error("Python has ended");
  const status = Number(answer.toString("utf8", 0, length));
  return { status, stdout: readFileSync(stdout, "utf8"), stderr: readFileSync(stderr, "utf8") };
}

/** Whether Debian's Python has these modules; where not, says so, and with `CI` set the tests run and fail. */
export function hasPython(...modules: string[]): boolean {
  const found = existsSync(interpreter) && runPython(`import ${modules.join(", ")}`, []).status === 0;
  if (!found) console.warn(`skipped: no ${interpreter} with ${modules.join(", ")}`);
  return found || process.env.CI !== undefined;
}
