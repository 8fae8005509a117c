import { TrinephronError } from "../../../base/errors.ts";
import { gammaQ } from "./gamma.ts";

/** Standard normal cumulative probability Φ(z) = ½ Q(½, z²/2) left of nought; the far tail keeps its digits. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, (z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}

/** Two-sided p-value of a standard normal statistic. */
export const normalTwoSided = (z: number): number => gammaQ(0.5, (z * z) / 2);

// Wichura's coefficients, lowest power first: numerator, denominator of each of three ranges.
const central: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
];
const middle: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const far: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];

type Rational = readonly [readonly number[], readonly number[]];

const horner = (coefficients: readonly number[], x: number) =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);
const ratio = ([top, bottom]: Rational, x: number) => horner(top, x) / horner(bottom, x);

/**
 * Standard normal quantile, p in (0, 1); ∓∞ at 0 and 1.
 * Algorithm AS 241 (PPND16), Wichura, Appl Stat 1988;37:477: relative error some 1e-16.
 * @throws E_VALUE for p outside [0, 1]
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new TrinephronError("E_VALUE", `probability ${p}: outside [0, 1]`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q);
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const z = r <= 5 ? ratio(middle, r - 1.6) : ratio(far, r - 5);
  return q < 0 ? -z : z;
}

/** The normal quantile that a two-sided interval reaches to: 1.96 for 0.95. @throws as `checkLevel` */
export function criticalValue(level: number): number {
  checkLevel(level);
  return normalQuantile((1 + level) / 2);
}

/** @throws E_VALUE for a confidence level outside (0, 1) */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new TrinephronError("E_VALUE", `confidence level ${level}: outside (0, 1)`, "give 0.95 for 95 %");
}
