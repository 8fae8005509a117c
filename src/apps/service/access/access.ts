import type { Database } from "../database/database.ts";
import { hasAccounts } from "./accounts.ts";
import { type Caller, local, nobody } from "./policy.ts";
import { type SessionLimits, signedBy } from "./sessions.ts";
import { openSignInTries, type SignInTries } from "./signIn.ts";
import { tokenBy } from "./tokens.ts";

export interface AccessOptions {
  readonly database: Database;
  /** Whether others than this machine can reach the service: then nobody does anything without an account. */
  readonly isReachable: boolean;
  /** Whether browsers speak TLS with it, or with a proxy in front of it. */
  readonly isSecure: boolean;
  /** Whether metrics are told to whoever asks. */
  readonly isMetricsOpen: boolean;
  readonly sessionMinutes: number;
  readonly sessionHours: number;
  /** The time, milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** What a request shows to say whose it is. */
interface Credentials {
  /** Secret of a session. */
  readonly session?: string | undefined;
  /** Token of a program. */
  readonly bearer?: string | undefined;
  /** Whether a page asks by itself, and no person: no session goes on by it. */
  readonly byItself?: boolean | undefined;
}

/** Who may come in. */
export interface Access
  extends Pick<AccessOptions, "database" | "isReachable" | "isSecure" | "isMetricsOpen"> {
  readonly sessions: SessionLimits;
  readonly tries: SignInTries;
  readonly now: () => number;
  callerOf(credentials: Credentials): Promise<Caller>;
}

export function openAccess({
  database,
  isReachable,
  isSecure,
  isMetricsOpen,
  sessionMinutes,
  sessionHours,
  now = Date.now,
}: AccessOptions): Access {
  const sessions = { idleMs: sessionMinutes * 60_000, totalMs: sessionHours * 3_600_000, now };
  // Once there are accounts the service does not open again, though all of them were removed.
  let isClosed = isReachable;
  return {
    database,
    isReachable,
    isSecure,
    isMetricsOpen,
    sessions,
    now,
    tries: openSignInTries(now),
    callerOf: async ({ session, bearer, byItself = false }) => {
      // A token that is shown has to be right, even where none is needed.
      if (bearer !== undefined) {
        const token = await tokenBy(database, bearer, now);
        return token ? { kind: "token", ...token } : nobody;
      }
      isClosed ||= await hasAccounts(database);
      if (!isClosed) return local;
      const signed =
        session === undefined ? undefined : await signedBy(database, session, sessions, !byItself);
      return signed ? { kind: "account", ...signed } : nobody;
    },
  };
}
