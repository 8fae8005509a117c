import type { IncomingHttpHeaders } from "node:http";
import { TrinephronError } from "../../../base/errors.ts";

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

export interface Asked {
  /** Whether the request would change anything. */
  readonly changes: boolean;
  /** Whether others than this machine reach the service, by names that are not known here. */
  readonly isReachable: boolean;
  /** Whether it must come from a browser, all of which say where a request comes from that changes something. */
  readonly isBrowser: boolean;
}

/**
 * Whoever looks at any page of the internet has a browser that can also reach this machine, and sends along who is
 * signed in: what such a page asks is refused. Programs that are no browsers send neither header, and no session.
 * @throws E_ORIGIN where the request comes from another site, or was led here by a name that is not this machine's
 */
export function mustBeSameOrigin(
  headers: IncomingHttpHeaders,
  { changes, isReachable, isBrowser }: Asked,
): void {
  const { host = "", origin } = headers;
  // Where nobody has to sign in, a name that leads here must not let another site's page read along.
  if (!isReachable && !loopback.test(host)) throw refused("the request names another machine");
  if (!changes) return;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) {
    if (site !== "same-origin" && (isBrowser || site !== "none"))
      throw refused("the request comes from another site");
  } else if (origin !== undefined) {
    if (originHost(origin) !== host.toLowerCase()) throw refused("the request comes from another site");
  } else if (isBrowser) throw refused("the request does not say which page it comes from");
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

const refused = (what: string) => new TrinephronError("E_ORIGIN", what, "open the service's own page");
