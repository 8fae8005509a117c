import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import type { Component } from "./bundle.ts";

/** A number, a truth value or nothing as Python writes them in an expression. */
const literals: Readonly<Record<string, unknown>> = { $True: true, $False: false, $None: null };

function literal(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("$")) return value;
  if (Object.hasOwn(literals, value)) return literals[value];
  return /^\$\s*-?[\d.]+(e-?\d+)?\s*$/i.test(value) ? Number(value.slice(1)) : value;
}

/** `keys` and the like name what a transform works on, not how. */
const aside = new Set(["keys", "allow_missing_keys", "meta_keys", "meta_key_postfix", "orig_keys"]);

/**
 * The arguments of a component, checked. Others than the schema has are refused, since they would change what it does.
 * @throws E_MODEL for an argument that is an expression of Python, has another type, or is not known here
 */
export function argumentsOf<T extends z.ZodRawShape>(
  { name, args }: Component,
  shape: T,
  path: string,
): z.infer<z.ZodObject<T>> {
  const given = Object.entries(args).filter(([key]) => !aside.has(key));
  const parsed = z
    .strictObject(shape)
    .safeParse(Object.fromEntries(given.map(([key, arg]) => [key, literal(arg)])));
  if (parsed.success) return parsed.data as z.infer<z.ZodObject<T>>;
  const [issue] = parsed.error.issues;
  const key = issue.code === "unrecognized_keys" ? issue.keys[0] : String(issue.path[0] ?? "");
  const value = args[key];
  const isExpression = typeof value === "string" && value.startsWith("$");
  throw new TrinephronError(
    "E_MODEL",
    `${path}: ${name}: ${key} ${JSON.stringify(value) ?? "missing"} is not supported`,
    isExpression
      ? "write its value in place of the expression"
      : "docs/segmentation-models.md lists what is read",
  );
}
