import { z } from "zod";
import { TrinephronError } from "../../../../base/errors.ts";
import {
  type AccountChange,
  addAccount,
  changeAccount,
  listAccounts,
  noAccount,
  removeAccount,
} from "../../access/accounts.ts";
import { roles, scopes } from "../../access/policy.ts";
import { addToken, listTokens, longestDays, revokeToken } from "../../access/tokens.ts";
import { accountsPage, oneAccountPage } from "../../pages/accountsPage.ts";
import { actorOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import type { Server } from "../server.ts";

const htmlType = "text/html; charset=utf-8";
const hidden = { hide: true };
const managed = { config: { action: "manage accounts" } } as const;
const params = z.object({ name: z.string().max(100) });
const name = z.string().max(100);
const password = z.string().max(1000);
const role = z.enum(roles);

/** Pages on which an administrator says who may come in. */
export function accountRoutes(server: Server, { access }: HttpContext): void {
  const { database } = access;
  server.get("/accounts", { ...managed, schema: hidden }, async ({ caller }, reply) =>
    reply.type(htmlType).send(accountsPage(await listAccounts(database), await listTokens(database), caller)),
  );
  server.post(
    "/accounts",
    { ...managed, schema: { ...hidden, body: z.object({ name, role, password }) } },
    async (request, reply) => {
      await addAccount(database, request.body, actorOf(request));
      return reply.redirect("/accounts", 303);
    },
  );
  server.get(
    "/accounts/:name",
    { ...managed, schema: { ...hidden, params } },
    async ({ params: asked, caller }, reply) => {
      const account = (await listAccounts(database)).find((each) => each.name === asked.name);
      if (!account) throw noAccount(asked.name);
      return reply.type(htmlType).send(oneAccountPage(account, caller));
    },
  );
  const changes = {
    role: z.object({ role }),
    password: z.object({ password }),
    disable: z.object({}).transform(() => ({ disabled: true })),
    enable: z.object({}).transform(() => ({ disabled: false })),
  } as const satisfies Readonly<Record<string, z.ZodType<AccountChange>>>;
  for (const [what, body] of Object.entries(changes))
    server.post(
      `/accounts/:name/${what}`,
      { ...managed, schema: { ...hidden, params, body } },
      async (request, reply) => {
        await changeAccount(database, request.params.name, request.body as AccountChange, actorOf(request));
        return reply.redirect("/accounts", 303);
      },
    );
  server.post(
    "/accounts/:name/remove",
    { ...managed, schema: { ...hidden, params } },
    async (request, reply) => {
      await removeAccount(database, request.params.name, actorOf(request));
      return reply.redirect("/accounts", 303);
    },
  );

  const days = z.coerce.number().int().min(1).max(longestDays);
  server.post(
    "/tokens",
    {
      ...managed,
      schema: { ...hidden, body: z.looseObject({ name, days }) },
    },
    async (request, reply) => {
      const { name: asked, days: lasting, ...boxes } = request.body;
      const wanted = scopes.filter((scope) => scope in boxes);
      if (wanted.length === 0)
        throw new TrinephronError("E_USAGE", "the token would be good for nothing", "choose what it may");
      const token = { name: asked, scopes: wanted, days: lasting };
      const secret = await addToken(database, token, actorOf(request), access.now);
      return reply.type(htmlType).send(
        accountsPage(await listAccounts(database), await listTokens(database), request.caller, {
          name: asked,
          secret,
        }),
      );
    },
  );
  server.post(
    "/tokens/:name/revoke",
    { ...managed, schema: { ...hidden, params } },
    async (request, reply) => {
      await revokeToken(database, request.params.name, actorOf(request));
      return reply.redirect("/accounts", 303);
    },
  );
}
