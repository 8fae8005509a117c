import type { z } from "zod";
import { TrinephronError } from "./errors.ts";

/**
 * Settings with their defaults.
 * @param where they come from, in errors: `settings of fast.json`
 * @param page of docs that lists them
 * @throws E_USAGE naming the first that does not fit
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
  page: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new TrinephronError("E_USAGE", `${where}: ${[...path, message].join(": ")}`, `see ${page}`);
}
