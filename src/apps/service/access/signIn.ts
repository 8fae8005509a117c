import { TrinephronError } from "../../../base/errors.ts";
import { type Actor, anonymous } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Database } from "../database/database.ts";
import { networkOf } from "./networkOf.ts";
import { isPassword } from "./password.ts";
import { beginSession, endSession, type SessionLimits } from "./sessions.ts";
import { openTries, type Tries } from "./tries.ts";

export interface SignIn {
  readonly name: string;
  readonly password: string;
  /** Of whoever tries. */
  readonly by: Actor;
  /** Secret of the session that the browser had before; it ends. */
  readonly before?: string | undefined;
}

export interface SignInOptions {
  readonly database: Database;
  readonly sessions: SessionLimits;
  readonly tries: SignInTries;
}

/** Tries to sign in that failed. */
export interface SignInTries {
  readonly ofAccount: Tries;
  readonly ofAddress: Tries;
}

export const openSignInTries = (now: () => number): SignInTries => {
  const bounds = { firstMs: 1000, longestMs: 15 * 60_000, now };
  return { ofAccount: openTries({ free: 5, ...bounds }), ofAddress: openTries({ free: 20, ...bounds }) };
};

/** Who has to wait, and how long. */
export class TooManyTries extends TrinephronError {
  readonly seconds: number;
  constructor(seconds: number) {
    super(
      "E_BUSY",
      "too many tries to sign in failed",
      `try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}`,
    );
    this.seconds = seconds;
  }
}

/**
 * Signs in by name and password. An account that is not there, or is disabled, is answered like a wrong password, and
 * takes as long.
 * @returns secret of a new session
 * @throws E_SIGN_IN, E_BUSY where one has to wait
 */
export async function signIn(
  options: SignInOptions,
  { name, password, by, before }: SignIn,
): Promise<string> {
  const account = await checkPassword(options, name, password, by);
  return openFor(options, account, by, before);
}

/**
 * Whose name and password these are.
 * @throws E_SIGN_IN where they do not fit, E_BUSY where one has to wait
 */
export async function checkPassword(
  { database, tries }: Pick<SignInOptions, "database" | "tries">,
  text: string,
  password: string,
  by: Actor,
): Promise<{ readonly id: number; readonly name: string }> {
  const name = text.trim().toLowerCase();
  const address = networkOf(by.address ?? "");
  const wait = Math.max(tries.ofAccount.wait(name), tries.ofAddress.wait(address));
  if (wait > 0) throw new TooManyTries(Math.ceil(wait / 1000));
  tries.ofAccount.begin(name);
  tries.ofAddress.begin(address);
  const [account] = await database.query<{
    id: number;
    name: string;
    password: string | null;
    disabled: boolean;
  }>("select id, name, password, disabled from trinephron.accounts where name = $1", [name]);
  const isRight = await isPassword(password, account?.password);
  if (account && isRight && !account.disabled) {
    tries.ofAccount.forget(name);
    // Not all of it: who has one account may be guessing at others.
    tries.ofAddress.forgive(address);
    return account;
  }
  await database.transaction((statements) =>
    appendAudit(statements, {
      by: { ...by, actor: anonymous },
      action: "sign-in refused",
      // What is no account's name may be a password that was written into the wrong field.
      detail: account
        ? { account: account.name, why: isRight ? "disabled" : "password" }
        : { why: "no such account" },
    }),
  );
  throw new TrinephronError("E_SIGN_IN", "name and password do not fit", "try again");
}

/** A new session for somebody who has shown who it is. @returns its secret */
export const openFor = (
  { database, sessions }: Pick<SignInOptions, "database" | "sessions">,
  { id, name }: { readonly id: number; readonly name: string },
  by: Actor,
  before?: string,
): Promise<string> =>
  database.transaction(async (statements) => {
    if (before !== undefined) await endSession(statements, before);
    const secret = await beginSession(statements, id, sessions);
    await appendAudit(statements, { by: { ...by, actor: name }, action: "signed in" });
    return secret;
  });

/** Ends a session. */
export const signOut = (database: Database, secret: string, by: Actor): Promise<void> =>
  database.transaction(async (statements) => {
    const name = await endSession(statements, secret);
    if (name !== undefined)
      await appendAudit(statements, { by: { ...by, actor: name }, action: "signed out" });
  });
