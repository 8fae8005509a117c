/** What became of a try to deliver a result. */
export type Sent =
  | { readonly outcome: "taken" }
  /** The result itself is not taken, and would not be the next time. */
  | { readonly outcome: "refused"; readonly reason: string }
  | Later;

/** The destination cannot be reached, does not take anything now, or does not know the service. */
export interface Later {
  readonly outcome: "later";
  readonly reason: string;
  /** When it asks to be tried again. */
  readonly afterSeconds?: number | undefined;
}

export const taken: Sent = { outcome: "taken" };
export const refused = (reason: string): Sent => ({ outcome: "refused", reason: told(reason) });
export const later = (reason: string, afterSeconds?: number): Later => ({
  outcome: "later",
  reason: told(reason),
  afterSeconds,
});

/** What a destination says is shown on pages, and is of any length and of any characters. */
const told = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .toWellFormed()
    .slice(0, 300)
    .toWellFormed();
