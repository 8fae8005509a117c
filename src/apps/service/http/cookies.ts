import type { IncomingHttpHeaders } from "node:http";

/** A cookie that only this server is told, and no script. */
export interface Cookie {
  readonly name: string;
  /** Of letters that need no quoting; empty: the browser forgets it. */
  readonly value: string;
  readonly isSecure: boolean;
}

/** `__Host-`: browsers take it by TLS alone, and from no other host of the domain. */
const named = (name: string, isSecure: boolean) => `${isSecure ? "__Host-" : ""}${name}`;

/**
 * As a header sets it. It lasts until the browser is closed. `Lax` sends it where a link leads here from elsewhere, as
 * from a provider that has signed somebody in, but with no form and no picture of another site.
 */
export const cookieText = ({ name, value, isSecure }: Cookie): string =>
  `${named(name, isSecure)}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}${value === "" ? "; Max-Age=0" : ""}`;

export function cookieIn(
  { cookie = "" }: IncomingHttpHeaders,
  name: string,
  isSecure: boolean,
): string | undefined {
  const start = `${named(name, isSecure)}=`;
  const found = cookie.split(";").map((each) => each.trim());
  return found.find((each) => each.startsWith(start))?.slice(start.length) || undefined;
}
