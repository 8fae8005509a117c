import { z } from "zod";

/** Parts of settings about other systems, alike for all of them. */

export const remoteName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "no name of small letters, digits and hyphens")
  .describe("by which pages and rules call it");

export const variable = z.string().regex(/^[A-Za-z_]\w*$/, "no name of an environment variable");
export const basicVariable = variable.optional().describe("environment variable that holds user:password");

/** An address without anything secret, for settings are shown. */
export const remoteUrl = z
  .url({ protocol: /^https?$/, error: "no address that begins with http:// or https://" })
  .refine((text) => {
    const parsed = URL.parse(text);
    // What is no address at all is said above.
    if (parsed === null) return true;
    return [parsed.username, parsed.password, parsed.search, parsed.hash].every((part) => part === "");
  }, "an address with a password or a question in it: secrets belong in an environment variable");

/** A list in which no two have the same name. */
export const namedOnce = <Schema extends z.ZodType<{ readonly name: string }>>(each: Schema) =>
  z
    .array(each)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two of the same name");
