type Fields = Readonly<Record<string, unknown>>;

/** Fields of the one over those of the other; nested objects likewise, lists and all else as a whole. */
export function merged(under: Fields, over: Fields): Record<string, unknown> {
  const all: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = all[name];
    all[name] = isFields(value) && isFields(below) ? merged(below, value) : value;
  }
  return all;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
