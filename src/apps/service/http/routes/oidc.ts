import { z } from "zod";
import { TrinephronError } from "../../../../base/errors.ts";
import { externalAccount } from "../../access/externalAccount.ts";
import { callbackPath, type Oidc } from "../../access/oidc.ts";
import { homeOf } from "../../access/policy.ts";
import { openFor } from "../../access/signIn.ts";
import { signInPage } from "../../pages/signInPage.ts";
import { actorOf, sessionCookie, sessionOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { cookieIn, cookieText } from "../cookies.ts";
import { localPath } from "../localPath.ts";
import type { Server } from "../server.ts";
import { statusOf } from "../statusOf.ts";

const schema = { hide: true };
const open = { config: { action: "sign in" } } as const;
/** Cookie of a sign-in that has begun. */
const flowCookie = "trinephron-oidc";
/** After so long it has to be begun again. */
const flowMs = 10 * 60_000;

const flowSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  at: z.number(),
});

/** Signing in by a provider of OpenID Connect. */
export function oidcRoutes(server: Server, { access }: HttpContext, oidc: Oidc): void {
  const { database, isSecure, now } = access;
  const cookie = (name: string, value: string) => cookieText({ name, value, isSecure });
  server.get(
    "/signin/oidc",
    { ...open, schema: { ...schema, querystring: z.object({ next: z.string().max(1000).optional() }) } },
    async ({ query }, reply) => {
      const { to, flow } = await oidc.begin();
      const kept = { ...flow, next: localPath(query.next), at: now() };
      const value = Buffer.from(JSON.stringify(kept)).toString("base64url");
      return reply.header("set-cookie", cookie(flowCookie, value)).redirect(to, 303);
    },
  );
  server.get(callbackPath, { ...open, schema }, async (request, reply) => {
    const forget = cookie(flowCookie, "");
    try {
      const flow = flowIn(cookieIn(request.headers, flowCookie, isSecure));
      if (!flow || now() - flow.at > flowMs)
        throw new TrinephronError("E_SIGN_IN", "no sign-in was begun here, or too long ago", "begin anew");
      const by = actorOf(request);
      const account = await externalAccount(database, await oidc.end(request.url, flow), by);
      const secret = await openFor(access, account, by, sessionOf(request, access));
      const next = localPath(flow.next);
      const caller = await access.callerOf({ session: secret });
      return reply
        .header("set-cookie", [cookie(sessionCookie, secret), forget])
        .redirect(next === "/" ? homeOf(caller) : next, 303);
    } catch (error) {
      if (!(error instanceof TrinephronError) || statusOf(error.code) >= 500) throw error;
      return reply
        .status(statusOf(error.code))
        .header("set-cookie", forget)
        .type("text/html; charset=utf-8")
        .send(signInPage({ next: "/", error, provider: oidc.host }));
    }
  });
}

function flowIn(text: string | undefined): z.output<typeof flowSchema> | undefined {
  if (text === undefined) return undefined;
  try {
    return flowSchema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
