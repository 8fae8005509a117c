import type { SeriesFacts } from "./evidence/facts.ts";
import { kernelOf } from "./kernel.ts";

/**
 * How well a series serves among those of one phase, as a log-odds: thin, soft, axial, far-reaching reconstructions of
 * the scan itself. Projections and dual-energy maps show no HU of the scan.
 */
export function preference(facts: SeriesFacts): number {
  const { description = "", kernel, imageType = [], bodyPart = "", coverageMm } = facts;
  const millimeters = Math.max(facts.sliceSpacing, facts.sliceThickness ?? 0);
  const thin = millimeters <= 3 ? 0.3 : millimeters > 5 ? -0.3 : 0;
  const derived = made.test(description) || imageType.some((type) => made.test(type));
  return (
    thin -
    millimeters / 100 +
    (kernelOf(kernel, description) === "sharp" ? -1 : 0) +
    (facts.axial === false ? -1 : 0) +
    (derived ? -1.5 : 0) +
    (elsewhere.test(bodyPart) ? -0.5 : 0) +
    (coverageMm < 80 ? -1 : coverageMm < 150 ? -0.3 : 0) +
    // Of two alike that which reaches farther.
    Math.min(coverageMm, 600) / 10_000
  );
}

/** Projections, reformats, and maps computed of two energies. */
const made =
  /(?<![a-z])(m(in)?ip|mpr|vrt?|3d|iod(ine|e)?|jod|overlay|perf\w*|vnc|vue|tnc|rho|z-?eff|eff.?z|mono(e|energetic)?.?\d|\d+ ?kev|calcium|scoring)(?![a-z])/i;
const elsewhere = /head|brain|neck|extrem|knee|foot|hand|shoulder|ankle|wrist|skull/i;
