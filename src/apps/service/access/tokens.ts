import { TrinephronError } from "../../../base/errors.ts";
import type { Actor } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Database, Statements } from "../database/database.ts";
import { nameOf } from "./accounts.ts";
import { type Scope, scopes } from "./policy.ts";
import { newSecret, secretHash } from "./secret.ts";

/** A program's token, without its secret. */
export interface Token {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** By this, programs that look for secrets in files know one. */
const prefix = "trinephron_";
const dayMs = 86_400_000;
export const longestDays = 366;

/**
 * Adds a token.
 * @returns its secret, which is kept nowhere
 * @throws E_USAGE for a name that is none, E_ACCOUNT where it is taken
 */
export function addToken(
  database: Database,
  {
    name: text,
    scopes: wanted,
    days,
  }: { readonly name: string; readonly scopes: readonly Scope[]; readonly days: number },
  by: Actor,
  now: () => number = Date.now,
): Promise<string> {
  const name = nameOf(text);
  const own = scopes.filter((scope) => wanted.includes(scope));
  const secret = `${prefix}${newSecret()}`;
  return database.transaction(async (statements) => {
    const added = await statements.query(
      `insert into trinephron.tokens (name, hash, scopes, expires_at) values ($1, $2, $3, $4)
       on conflict (name) do nothing returning name`,
      [name, secretHash(secret), own.join(" "), new Date(now() + days * dayMs)],
    );
    if (added.length === 0)
      throw new TrinephronError(
        "E_ACCOUNT",
        `there is a token ${name} already`,
        "revoke it, or choose another name",
      );
    await appendAudit(statements, {
      by,
      action: "token added",
      detail: { token: name, scopes: own.join(" "), days },
    });
    return secret;
  });
}

/** All tokens, those too that have expired. */
export async function listTokens({ query }: Statements): Promise<Token[]> {
  const rows = await query<{ name: string; scopes: string; createdAt: Date; expiresAt: Date }>(
    `select name, scopes, created_at as "createdAt", expires_at as "expiresAt" from trinephron.tokens order by name`,
  );
  return rows.map(({ scopes: own, ...row }) => ({ ...row, scopes: own.split(" ") as Scope[] }));
}

/** @throws E_ACCOUNT where there is none */
export const revokeToken = (database: Database, name: string, by: Actor): Promise<void> =>
  database.transaction(async (statements) => {
    const revoked = await statements.query<{ name: string }>(
      "delete from trinephron.tokens where name = $1 returning name",
      [name.toLowerCase()],
    );
    if (revoked.length === 0) throw new TrinephronError("E_ACCOUNT", `there is no token ${name}`);
    await appendAudit(statements, { by, action: "token revoked", detail: { token: revoked[0].name } });
  });

/** Which token a secret is of; undefined where there is none, or where it has expired. */
export async function tokenBy(
  { query }: Statements,
  secret: string,
  now: () => number,
): Promise<Pick<Token, "name" | "scopes"> | undefined> {
  if (!secret.startsWith(prefix)) return undefined;
  const [found] = await query<{ name: string; scopes: string }>(
    "select name, scopes from trinephron.tokens where hash = $1 and expires_at > $2",
    [secretHash(secret), new Date(now())],
  );
  return found && { name: found.name, scopes: found.scopes.split(" ") as Scope[] };
}
