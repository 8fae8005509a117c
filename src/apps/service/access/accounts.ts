import { TrinephronError } from "../../../base/errors.ts";
import type { Actor } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Database, Statements } from "../database/database.ts";
import { hashPassword } from "./password.ts";
import { isName, type Role } from "./policy.ts";

/** An account, without its secrets. */
export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  /** Whether a provider of OpenID Connect signs it in; then it has no password. */
  readonly external: boolean;
  readonly createdAt: Date;
  readonly signedInAt: Date | null;
}

export const listAccounts = ({ query }: Statements): Promise<Account[]> =>
  query<Account & Record<string, unknown>>(
    `select name, role, disabled, subject is not null as external, created_at as "createdAt",
       signed_in_at as "signedInAt" from trinephron.accounts order by name`,
  );

/** Whether there is any account, disabled or not. */
export async function hasAccounts({ query }: Statements): Promise<boolean> {
  const [{ found }] = await query<{ found: boolean }>(
    "select exists (select 1 from trinephron.accounts) as found",
  );
  return found;
}

/** @throws E_USAGE for a name that is none */
export function nameOf(text: string): string {
  const name = text.toLowerCase();
  if (isName(name)) return name;
  throw new TrinephronError(
    "E_USAGE",
    "not a name of an account or token",
    "up to 64 letters, digits and . _ @ + -; not service, local or nobody",
  );
}

/**
 * Adds an account.
 * @throws E_USAGE for a name or password that does not serve, E_ACCOUNT where the name is taken
 */
export async function addAccount(
  database: Database,
  { name: text, role, password }: { readonly name: string; readonly role: Role; readonly password: string },
  by: Actor,
): Promise<void> {
  const name = nameOf(text);
  const hash = await hashPassword(password);
  await database.transaction(async (statements) => {
    const added = await statements.query(
      `insert into trinephron.accounts (name, role, password) values ($1, $2, $3)
       on conflict (name) do nothing returning id`,
      [name, role, hash],
    );
    if (added.length === 0)
      throw new TrinephronError("E_ACCOUNT", `there is an account ${name} already`, "choose another name");
    await appendAudit(statements, { by, action: "account added", detail: { account: name, role } });
  });
}

export interface AccountChange {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

/**
 * Changes an account. A new password, and disabling it, end its sessions; a new role holds from the next request on.
 * @throws E_ACCOUNT where there is none, E_STATE where no administrator would be left, or where it has no password;
 * E_USAGE for a password that does not serve
 */
export async function changeAccount(
  database: Database,
  name: string,
  { role, disabled, password }: AccountChange,
  by: Actor,
): Promise<void> {
  const hash = password === undefined ? undefined : await hashPassword(password);
  await database.transaction(async (statements) => {
    const found = await lock(statements, name);
    if (hash !== undefined && found.external)
      throw new TrinephronError(
        "E_STATE",
        `${name} is signed in by OpenID Connect, and has no password here`,
        "change it there",
      );
    await statements.query(
      `update trinephron.accounts set role = coalesce($2, role), disabled = coalesce($3, disabled),
         password = coalesce($4, password) where id = $1`,
      [found.id, role ?? null, disabled ?? null, hash ?? null],
    );
    if (disabled === true || hash !== undefined)
      await statements.query("delete from trinephron.sessions where account_id = $1", [found.id]);
    await mustHaveAdministrator(statements, found);
    await appendAudit(statements, {
      by,
      action: "account changed",
      detail: {
        account: found.name,
        ...(role !== undefined && { role }),
        ...(disabled !== undefined && { disabled }),
        ...(hash !== undefined && { password: "changed" }),
      },
    });
  });
}

/** @throws E_ACCOUNT where there is none, E_STATE where no administrator would be left */
export const removeAccount = (database: Database, name: string, by: Actor): Promise<void> =>
  database.transaction(async (statements) => {
    const found = await lock(statements, name);
    await statements.query("delete from trinephron.accounts where id = $1", [found.id]);
    await mustHaveAdministrator(statements, found);
    await appendAudit(statements, { by, action: "account removed", detail: { account: found.name } });
  });

interface Locked {
  readonly id: number;
  readonly name: string;
  readonly external: boolean;
  readonly administers: boolean;
}

/** All administrators with it: of two that are changed at once the second sees what the first left. */
async function lock({ query }: Statements, name: string): Promise<Locked> {
  await query("select id from trinephron.accounts where role = 'administrator' order by id for update");
  const [found] = await query<Locked & Record<string, unknown>>(
    `select id, name, subject is not null as external, role = 'administrator' and not disabled as administers
     from trinephron.accounts where name = $1 for update`,
    [name.toLowerCase()],
  );
  if (!found) throw noAccount(name);
  return found;
}

/** Where there was one: else nobody could add another while the service runs. */
async function mustHaveAdministrator({ query }: Statements, { administers }: Locked): Promise<void> {
  if (!administers) return;
  const left = await query(
    "select 1 from trinephron.accounts where role = 'administrator' and not disabled limit 1",
  );
  if (left.length === 0)
    throw new TrinephronError("E_STATE", "no administrator would be left", "add another administrator first");
}

export const noAccount = (name: string) => new TrinephronError("E_ACCOUNT", `there is no account ${name}`);
