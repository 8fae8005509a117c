import { normalQuantile } from "../../../../numerics/stats/distributions/normal.ts";

const levels = 4096;
/** Normal quantiles at the middles of equal shares: a draw is one look-up. Unit variance to 1e-3. */
const quantiles = Float32Array.from({ length: levels }, (_, n) => normalQuantile((n + 0.5) / levels));

/** A normal draw, mean 0 and SD 1, from 12 random bits: bits 4 to 15 of `bits`. */
export const normalLevel = (bits: number): number => quantiles[(bits >>> 4) & (levels - 1)];
