/** Says how many seconds an address has to wait, because it has asked too often; 0: not at all. */
export type RequestLimit = (address: string) => number;

const windowMs = 60_000;

/** So many requests a minute from each address, counted in memory; the count begins anew every minute. */
export function openRequestLimit(perMinute: number, now: () => number): RequestLimit {
  let began = now();
  let counts = new Map<string, number>();
  return (address) => {
    const at = now();
    if (at - began >= windowMs) {
      began = at;
      counts = new Map();
    }
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    return count <= perMinute ? 0 : Math.ceil((began + windowMs - at) / 1000);
  };
}
