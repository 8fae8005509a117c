/** Moments as text, as the schemas have them; what the type says is checked when the answer is written. */
export const json = <T>(value: unknown): T => JSON.parse(JSON.stringify(value));
