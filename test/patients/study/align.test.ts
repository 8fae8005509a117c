import { expect, test } from "vitest";
import { outcomes } from "../../../src/imaging/registration/index.ts";
import { alignmentOf, unregistered } from "../../../src/patients/study/align.ts";

const identity = { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] } as const;

test("a registration's outcome, not its words, decides whether it is warned of", () => {
  for (const remark of ["no better than as scanned", "moved by 74 mm", ""]) {
    const warned = outcomes.filter((outcome) => {
      const alignment = alignmentOf({
        transform: identity,
        translationMm: [0, 0, 0],
        rotationDegrees: 0,
        before: 0.3,
        after: Number.NaN,
        measure: "normalised mutual information",
        outcome,
        used: outcome === "used",
        remark,
      });
      const [warning] = unregistered("excretory", alignment);
      if (warning) expect(warning.about).toBe("registration");
      return warning !== undefined;
    });
    expect(warned).toEqual(["no overlap", "astray", "failed"]);
  }
});
