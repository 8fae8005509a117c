import { derivedSeed, random } from "../../../../base/random.ts";

/** How one scan looks: what a hospital's scanner and protocol, and the patient's size and heart, do to an image. */
export interface ScannerStyle {
  /** Noise SD, HU. Published for routine reconstruction: 8–18. */
  readonly noiseSd: number;
  /** Correlation length of the noise, σ of its Gaussian, mm: in the slice. */
  readonly noiseGrain: number;
  /** σ of the point spread function, mm: in the slice and across slices. */
  readonly blur: readonly [inPlane: number, across: number];
  /** Strength of an edge-enhancing kernel: 0 soft, 0.6 sharp. */
  readonly sharpen: number;
  /** How much later than nominal the corticomedullary phase is taken, s. */
  readonly delay: number;
  /** Factor on all contrast enhancement: contrast dose and tube voltage. 1 is nominal. */
  readonly enhancement: number;
  /** Calibration offset, HU. */
  readonly offset: number;
}

/** The style of a centre: the same name and seed, the same scanner. */
export function centerStyle(center: string, seed: number): ScannerStyle {
  const r = random(derivedSeed(seed, "scanner", center));
  const between = (low: number, high: number) => low + (high - low) * r.uniform();
  return {
    noiseSd: between(9, 16),
    noiseGrain: between(0.5, 1.1),
    blur: [between(0.5, 0.9), between(0.7, 1.6)],
    sharpen: between(0, 0.5),
    delay: between(-3, 4),
    enhancement: between(0.95, 1.05),
    offset: between(-2, 2),
  };
}

/** One patient's scan at a centre: the centre's style with that patient's size, circulation and timing. */
export function patientStyle(center: ScannerStyle, seed: number): ScannerStyle {
  const r = random(derivedSeed(seed, "patient style"));
  return {
    ...center,
    noiseSd: Math.min(Math.max(center.noiseSd * Math.exp(0.15 * r.normal()), 8), 18),
    delay: center.delay + 1.5 * r.normal(),
    enhancement: center.enhancement * Math.exp(0.06 * r.normal()),
    offset: center.offset + r.normal(),
  };
}
