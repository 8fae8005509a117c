import { z } from "zod";
import { TrinephronError } from "../../../../base/errors.ts";
import { changeAccount } from "../../access/accounts.ts";
import { callerName, homeOf } from "../../access/policy.ts";
import { checkPassword, signIn, signOut, TooManyTries } from "../../access/signIn.ts";
import { accountPage } from "../../pages/accountPage.ts";
import { signInPage } from "../../pages/signInPage.ts";
import { actorOf, sessionCookie, sessionOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { cookieText } from "../cookies.ts";
import { localPath } from "../localPath.ts";
import type { Server } from "../server.ts";
import { statusOf } from "../statusOf.ts";

const htmlType = "text/html; charset=utf-8";
const schema = { hide: true };
const words = z.string().max(1000);

/** Signing in and out, and one's own password. */
export function signInRoutes(server: Server, { access, oidc }: HttpContext): void {
  const { database, isSecure } = access;
  const provider = oidc?.host;
  const open = { config: { action: "sign in" } } as const;
  const own = { config: { action: "use the own account" } } as const;
  const cookie = (value: string) => cookieText({ name: sessionCookie, value, isSecure });

  server.get(
    "/signin",
    { ...open, schema: { ...schema, querystring: z.object({ next: words.optional() }) } },
    async ({ query }, reply) =>
      reply.type(htmlType).send(signInPage({ next: localPath(query.next), provider })),
  );
  server.post(
    "/signin",
    {
      ...open,
      schema: { ...schema, body: z.object({ name: words, password: words, next: words.optional() }) },
    },
    async (request, reply) => {
      const { name, password } = request.body;
      const next = localPath(request.body.next);
      try {
        const secret = await signIn(access, {
          name,
          password,
          by: actorOf(request),
          before: sessionOf(request, access),
        });
        // A new secret, so that one that somebody else put into the browser is worth nothing.
        const caller = await access.callerOf({ session: secret });
        return reply.header("set-cookie", cookie(secret)).redirect(next === "/" ? homeOf(caller) : next, 303);
      } catch (error) {
        if (!(error instanceof TrinephronError) || statusOf(error.code) >= 500) throw error;
        if (error instanceof TooManyTries) reply.header("retry-after", error.seconds);
        if (!request.headers.accept?.includes("text/html")) throw error;
        return reply
          .status(statusOf(error.code))
          .type(htmlType)
          .send(signInPage({ next, name, error, provider }));
      }
    },
  );
  // Whose session has ended may leave as well.
  server.post("/signout", { ...open, schema }, async (request, reply) => {
    const secret = sessionOf(request, access);
    if (secret !== undefined) await signOut(database, secret, actorOf(request));
    return reply.header("set-cookie", cookie("")).redirect("/signin", 303);
  });
  server.get("/account", { ...own, schema }, async ({ caller }, reply) =>
    reply.type(htmlType).send(accountPage(caller)),
  );
  server.post(
    "/account/password",
    { ...own, schema: { ...schema, body: z.object({ current: words, password: words }) } },
    async (request, reply) => {
      const by = actorOf(request);
      const name = callerName(request.caller);
      await checkPassword(access, name, request.body.current, by);
      await changeAccount(database, name, { password: request.body.password }, by);
      return reply.header("set-cookie", cookie("")).redirect("/signin", 303);
    },
  );
}
