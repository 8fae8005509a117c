import { TrinephronError } from "../../../base/errors.ts";
import { type Found, findStudy } from "./findStudy.ts";
import type { Answer, Question } from "./messages.ts";
import { type Problem, problemOf } from "./problem.ts";
import { sourcesOfFiles } from "./sourceOfFile.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage(answer: Answer, transfer?: Transferable[]): void;
};
const tell = (answer: Answer, transfer: Transferable[] = []) => scope.postMessage(answer, transfer);

let found: Found | undefined;

scope.onmessage = async ({ data: question }) => {
  try {
    if (question.ask === "open") await open(question.files);
    else await read(question.names);
  } catch (error) {
    tell({ tell: "problem", problem: problem("", error), fatal: true });
  }
  tell({ tell: "done", of: question.ask });
};

async function open(files: Extract<Question, { ask: "open" }>["files"]): Promise<void> {
  found = undefined;
  found = await findStudy(sourcesOfFiles(files), (step, done, total) =>
    tell({ tell: "progress", step, done, total }),
  );
  tell({ tell: "study", study: found.study });
}

async function read(names: readonly string[]): Promise<void> {
  for (const [n, name] of names.entries()) {
    tell({ tell: "progress", step: "reading images", done: n, total: names.length });
    const image = found?.images.find((each) => each.name === name);
    if (!image) continue;
    try {
      const volume = found?.volumes.get(name) ?? (await image.read(new Set()));
      // The page takes its memory along.
      found?.volumes.delete(name);
      tell({ tell: "image", name, volume }, [volume.data.buffer as ArrayBuffer]);
    } catch (error) {
      tell({ tell: "problem", problem: problem(name, error), fatal: false });
    }
  }
}

/** Faults of the program itself are told too, rather than leave the page waiting. */
function problem(name: string, error: unknown): Problem {
  if (error instanceof TrinephronError) return problemOf(name, error);
  return { name, code: "E_RUNTIME", reason: `unexpected: ${error instanceof Error ? error.message : error}` };
}
