import type { FastifyRequest } from "fastify";
import { TrinephronError } from "../../../base/errors.ts";
import type { Access } from "../access/access.ts";
import { type Action, type Caller, callerName, may, nobody, policy } from "../access/policy.ts";
import type { Actor } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import { cookieIn } from "./cookies.ts";
import { mustBeSameOrigin } from "./sameOrigin.ts";
import type { Server } from "./server.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a route does, of the table that says who may. */
    readonly action?: Action;
    /** Whether pages ask for it by themselves: no session goes on by it. */
    readonly byItself?: boolean;
  }
  interface FastifyRequest {
    caller: Caller;
  }
  interface FastifyInstance {
    /** What all routes do. */
    readonly actions: readonly RouteAction[];
  }
}

/** What a route does. */
interface RouteAction {
  readonly method: string;
  readonly url: string;
  readonly action: Action;
}

/** Cookie of a session. */
export const sessionCookie = "trinephron";

/** Secret of the session that a request shows. */
export const sessionOf = ({ headers }: Pick<FastifyRequest, "headers">, { isSecure }: Access) =>
  cookieIn(headers, sessionCookie, isSecure);

/** Whoever asks, by what a request shows; later it may be nobody any more. */
function callerOf(request: FastifyRequest, access: Access): Promise<Caller> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const { byItself } = request.routeOptions.config;
  return access.callerOf({ bearer, session: sessionOf(request, access), byItself });
}

/** Whether whoever asked is the same still, and may still do what the route does. */
export async function isStillAllowed(request: FastifyRequest, access: Access): Promise<boolean> {
  const { action } = request.routeOptions.config;
  const caller = await callerOf(request, access);
  return callerName(caller) === callerName(request.caller) && action !== undefined && may(caller, action);
}

/** Lets requests in whose caller may do what their routes do. A route that does not name what it does is refused. */
export function authorize(server: Server, access: Access): void {
  const actions: RouteAction[] = [];
  server.decorate("actions", actions);
  server.addHook("onRoute", ({ method, url, config }) => {
    if (config?.action === undefined) throw new Error(`${method} ${url} does not say what it does`);
    for (const each of [method].flat()) actions.push({ method: each, url, action: config.action });
  });
  server.decorateRequest("caller");
  server.addHook("onRequest", async (request) => {
    request.caller = nobody;
    const { action } = request.routeOptions.config;
    const isOpen = action === undefined || "anyone" in policy[action];
    if (!isOpen) request.caller = await callerOf(request, access);
    try {
      mustBeSameOrigin(request.headers, {
        changes: !["GET", "HEAD"].includes(request.method),
        isReachable: access.isReachable,
        // A browser sends a session by itself, and the form that signs in comes from a browser too.
        isBrowser: request.caller.kind === "account" || action === "sign in",
      });
      if (action !== undefined && !may(request.caller, action)) throw refused(request.caller, action);
    } catch (error) {
      await noteRefused(access, request, error as TrinephronError);
      throw error;
    }
  });
}

function refused(caller: Caller, action: Action): TrinephronError {
  if (caller.kind === "nobody")
    return new TrinephronError(
      "E_SIGN_IN",
      "nobody is signed in",
      "sign in at /signin, or send a token that has not expired",
    );
  if (caller.kind === "local")
    return new TrinephronError("E_FORBIDDEN", "there are no accounts yet", "see: trinephron account add");
  const whose = caller.kind === "token" ? "this token" : `the role ${caller.role}`;
  return new TrinephronError("E_FORBIDDEN", `${whose} may not ${action}`, "an administrator can change that");
}

/** Whoever is known and asks for what it may not: of others anybody could fill the log. */
async function noteRefused({ database }: Access, request: FastifyRequest, { code }: TrinephronError) {
  if (request.caller.kind === "nobody") return;
  await database.transaction((statements) =>
    appendAudit(statements, {
      by: actorOf(request),
      action: "request refused",
      detail: { code, method: request.method, route: request.routeOptions.url ?? "none" },
    }),
  );
}

/** Whoever asked, as the audit log has it. */
export function actorOf({ caller, ip, routeOptions }: FastifyRequest): Actor {
  const { url = "" } = routeOptions;
  const way = url.startsWith("/api/") ? "API" : url.startsWith("/dicomweb/") ? "STOW-RS" : "page";
  return { actor: callerName(caller), way, address: ip };
}
