import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";
import { TrinephronError } from "../../../base/errors.ts";

/** Where a password comes from: a terminal, or a program. */
export type PasswordInput = Readable & { readonly isTTY?: boolean };

/**
 * A password that is asked for twice, and not shown; the first line of the input where nobody sits at it. It is no option,
 * for every user of a machine sees the options of its programs.
 * @throws E_USAGE where there is none, or the second is another
 */
export async function readPassword(input: PasswordInput = process.stdin): Promise<string> {
  if (!input.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of input) chunks.push(Buffer.from(chunk));
    const [line] = Buffer.concat(chunks).toString("utf8").split(/\r?\n/, 1);
    if (line !== "") return line;
    throw new TrinephronError("E_USAGE", "no password came in", "write it to the command's standard input");
  }
  const first = await ask(input, "password: ");
  if ((await ask(input, "once more: ")) === first) return first;
  throw new TrinephronError("E_USAGE", "the two passwords are not alike", "try again");
}

async function ask(input: PasswordInput, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  // The terminal is not to go on hiding what is typed.
  lines.on("SIGINT", () => {
    lines.close();
    process.kill(process.pid, "SIGINT");
  });
  process.stderr.write(question);
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
