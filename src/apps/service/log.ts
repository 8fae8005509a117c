import type { FastifyBaseLogger } from "fastify";
import { TrinephronError } from "../../base/errors.ts";
import { library } from "./library.ts";

/** Where the service tells what it does, a JSON object a line. Nothing in it tells of patients: studies are numbers. */
export type Log = FastifyBaseLogger;

export interface LogOptions {
  /** Where lines go. */
  readonly write: (line: string) => void;
}

/** @throws E_LIBRARY */
export async function openLog({ write }: LogOptions): Promise<{ readonly log: Log }> {
  const { default: pino } = await library("pino", () => import("pino"));
  const log = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFields },
    },
    { write },
  );
  return { log };
}

/**
 * An error without its message where the message may quote what a sender wrote: of our own errors the code tells enough,
 * of a database's the code of SQL, which says nothing of the values.
 */
function errorFields(error: unknown): object {
  if (error instanceof TrinephronError) {
    const { code, cause } = error;
    return { code, cause: (cause as { code?: string } | undefined)?.code };
  }
  const { name, code, stack } = error as { name?: string; code?: string; stack?: string };
  // Of the stack the places alone; its first lines are the message.
  const places = stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return { name, code, stack: places?.join("\n") };
}
