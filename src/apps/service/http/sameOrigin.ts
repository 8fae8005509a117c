import type { IncomingHttpHeaders } from "node:http";
import { TrinephronError } from "../../../base/errors.ts";

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/**
 * Whoever looks at any page of the internet has a browser that can also reach this machine: what such a page asks is
 * refused. Programs that are no browsers send neither header.
 * @param changes whether the request would change anything
 * @throws E_ORIGIN where the request comes from another site, or was led here by a name that is not this machine's
 */
export function mustBeSameOrigin(headers: IncomingHttpHeaders, changes: boolean): void {
  const { host = "", origin } = headers;
  if (!loopback.test(host)) throw refused("the request names another machine");
  if (!changes) return;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) {
    if (site !== "same-origin" && site !== "none") throw refused("the request comes from another site");
  } else if (origin !== undefined && originHost(origin) !== host.toLowerCase())
    throw refused("the request comes from another site");
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

const refused = (what: string) => new TrinephronError("E_ORIGIN", what, "open the service's own page");
