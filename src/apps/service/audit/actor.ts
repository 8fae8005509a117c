/** Who did something. There are no accounts yet: whoever reaches the service is `local`. */
export interface Actor {
  readonly actor: "service" | "local";
  /** How it came in. */
  readonly way?: "page" | "API" | "STOW-RS" | "C-STORE";
  /** Calling AE title, which is no password: it says what the sender calls itself. */
  readonly aeTitle?: string | undefined;
  /** Of the sender's machine. */
  readonly address?: string | undefined;
}

/** The service by itself. */
export const service: Actor = { actor: "service" };

export const byPage: Actor = { actor: "local", way: "page" };
export const byApi: Actor = { actor: "local", way: "API" };
