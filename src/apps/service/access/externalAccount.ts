import { TrinephronError } from "../../../base/errors.ts";
import { type Actor, anonymous } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Database, Statements } from "../database/database.ts";
import type { OidcPerson } from "./oidc.ts";
import { isName } from "./policy.ts";

/** Why somebody whom the provider knows is not let in. */
type Refusal = readonly [why: string, error: TrinephronError];

/**
 * The account of somebody whom a provider has signed in: made at the first time, its role renewed each time. Accounts
 * with a password are never taken for it, whatever their names.
 * @throws E_FORBIDDEN without a role, or where the account is disabled; E_ACCOUNT where its name is another's or none
 */
export async function externalAccount(
  database: Database,
  person: OidcPerson,
  by: Actor,
): Promise<{ readonly id: number; readonly name: string }> {
  const name = person.name.toLowerCase();
  const found = await database.transaction((statements) => find(statements, { ...person, name }, by));
  if ("id" in found) return found;
  const [why, error] = found;
  await database.transaction((statements) =>
    appendAudit(statements, {
      by: { ...by, actor: anonymous },
      action: "sign-in refused",
      detail: { why, ...(isName(name) && { account: name }) },
    }),
  );
  throw error;
}

async function find(
  statements: Statements,
  { subject, name, role }: OidcPerson,
  by: Actor,
): Promise<{ readonly id: number; readonly name: string } | Refusal> {
  const { query } = statements;
  const [known] = await query<{ id: number; name: string; role: string; disabled: boolean }>(
    "select id, name, role, disabled from trinephron.accounts where subject = $1 for update",
    [subject],
  );
  if (role === undefined) {
    // Whom the provider has taken the role from is not to go on by an older session.
    if (known) await query("delete from trinephron.sessions where account_id = $1", [known.id]);
    const text = "the provider signed you in, but names no role here for you";
    return ["no role", new TrinephronError("E_FORBIDDEN", text, "ask whoever gives roles there")];
  }
  if (known?.disabled)
    return [
      "disabled",
      new TrinephronError("E_FORBIDDEN", "the account is disabled", "ask an administrator"),
    ];
  if (known) {
    if (known.role !== role) {
      await query("update trinephron.accounts set role = $2 where id = $1", [known.id, role]);
      const detail = { account: known.name, role };
      await appendAudit(statements, { by: { ...by, actor: known.name }, action: "account changed", detail });
    }
    return known;
  }
  if (!isName(name))
    return [
      "no name",
      new TrinephronError("E_ACCOUNT", "the provider names you as no account can be", "see nameClaim"),
    ];
  const [added] = await query<{ id: number }>(
    `insert into trinephron.accounts (name, role, subject) values ($1, $2, $3)
     on conflict (name) do nothing returning id`,
    [name, role, subject],
  );
  if (!added)
    return [
      "name taken",
      new TrinephronError(
        "E_ACCOUNT",
        `there is another account ${name}`,
        "an administrator can remove it, if it is yours",
      ),
    ];
  const detail = { account: name, role };
  await appendAudit(statements, { by: { ...by, actor: name }, action: "account added", detail });
  return { id: added.id, name };
}
