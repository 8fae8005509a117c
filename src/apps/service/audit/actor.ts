/** Who did something. */
export interface Actor {
  /** Name of an account; of a token as `token NAME`; `service` by itself; `local` where there are no accounts. */
  readonly actor: string;
  /** How it came in. */
  readonly way?: "page" | "API" | "STOW-RS" | "C-STORE" | "command line";
  /** Calling AE title, which is no password: it says what the sender calls itself. */
  readonly aeTitle?: string | undefined;
  /** Of the sender's machine. */
  readonly address?: string | undefined;
}

/** The service by itself. */
export const service: Actor = { actor: "service" };

export const byPage: Actor = { actor: "local", way: "page" };
export const byApi: Actor = { actor: "local", way: "API" };

/** Who has not signed in. */
export const anonymous = "nobody";

/** Whoever may open the database on the machine that has it. */
export const byCommandLine: Actor = { actor: "local", way: "command line" };
