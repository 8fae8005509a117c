import type { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";

/**
 * JSON text checked against a schema.
 * @param path named in errors
 * @throws E_FORMAT for text that is no JSON, or JSON that does not fit: names the first place that does not
 */
export function parseJson<T>(schema: z.ZodType<T>, text: string, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TrinephronError("E_FORMAT", `${path}: not JSON: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TrinephronError("E_FORMAT", `${path}: ${issue.path.join(".") || "the whole"}: ${issue.message}`);
}
