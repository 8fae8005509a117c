import type { Statements } from "../database/database.ts";
import type { Role } from "./policy.ts";
import { newSecret, secretHash } from "./secret.ts";

export interface SessionLimits {
  /** A session in which nothing is asked for so long has ended. */
  readonly idleMs: number;
  /** It ends after so long, whatever is asked. */
  readonly totalMs: number;
  /** The time, milliseconds since 1970. */
  readonly now: () => number;
}

/** Whose session it is. */
export interface Signed {
  readonly name: string;
  readonly role: Role;
}

/**
 * Begins a session. Those that have ended are removed.
 * @returns the secret that the browser keeps
 */
export async function beginSession(
  { query }: Statements,
  account: number,
  { idleMs, totalMs, now }: SessionLimits,
): Promise<string> {
  const secret = newSecret();
  const at = now();
  await query("delete from trinephron.sessions where began_at < $1 or seen_at < $2", [
    new Date(at - totalMs),
    new Date(at - idleMs),
  ]);
  await query(
    "insert into trinephron.sessions (hash, account_id, began_at, seen_at) values ($1, $2, $3, $3)",
    [secretHash(secret), account, new Date(at)],
  );
  await query("update trinephron.accounts set signed_in_at = $2 where id = $1", [account, new Date(at)]);
  return secret;
}

/**
 * Whose session it is; undefined where it has ended or never was.
 * @param goesOn whether it goes on by this, as by what a person asks
 */
export async function signedBy(
  { query }: Statements,
  secret: string,
  { idleMs, totalMs, now }: SessionLimits,
  goesOn = true,
): Promise<Signed | undefined> {
  const at = now();
  const hash = secretHash(secret);
  const [found] = await query<Signed & { readonly seenAt: Date } & Record<string, unknown>>(
    `select a.name, a.role, s.seen_at as "seenAt"
     from trinephron.sessions s join trinephron.accounts a on a.id = s.account_id
     where s.hash = $1 and s.began_at >= $2 and s.seen_at >= $3 and not a.disabled`,
    [hash, new Date(at - totalMs), new Date(at - idleMs)],
  );
  if (!found) return undefined;
  // Not at every request, which would write as often as is read.
  if (goesOn && at - found.seenAt.getTime() > idleMs / 30)
    await query("update trinephron.sessions set seen_at = $2 where hash = $1", [hash, new Date(at)]);
  return { name: found.name, role: found.role };
}

/** Ends a session. @returns whose it was; undefined where there was none */
export async function endSession({ query }: Statements, secret: string): Promise<string | undefined> {
  const [ended] = await query<{ name: string }>(
    `delete from trinephron.sessions s using trinephron.accounts a
     where s.hash = $1 and a.id = s.account_id returning a.name`,
    [secretHash(secret)],
  );
  return ended?.name;
}
