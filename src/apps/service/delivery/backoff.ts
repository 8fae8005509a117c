const firstSeconds = 5;
const longestSeconds = 3600;
/** A destination that asks for more patience than this is asked again before. */
const longestAsked = 24 * 3600;

/**
 * Seconds until the next try: twice as long each time, up to an hour, and a part of it by chance, so that not all come
 * at once when a destination is back.
 * @param tries how many there were, 1 or more
 * @param asked by the destination: never earlier
 * @param chance in [0, 1)
 */
export function backoffSeconds(tries: number, asked: number | undefined, chance: number): number {
  const whole = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(tries - 1, 16));
  return Math.max(whole * (0.75 + chance / 4), Math.min(asked ?? 0, longestAsked));
}
