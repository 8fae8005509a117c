import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { sizeBaseline } from "../../../src/evidence/predictions/sizeBaseline.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { definitions } from "../../../src/patients/cohort/tasks.ts";
import { codeOf } from "../../numerics/stats/close.ts";
import { askR, hasR } from "../../numerics/stats/r.ts";
import { caseOf } from "../../patients/cohort/arbitrary.ts";

const draw = random(8);
const cases: Case[] = Array.from({ length: 60 }, (_, i) => {
  const sizeMm = Math.round(10 * Math.exp(3.7 + 0.6 * draw.normal())) / 10;
  return caseOf(`c${i}`, { sizeMm, stage: sizeMm * Math.exp(draw.normal()) > 60 ? "III" : "I" });
});

describe("the size-only baseline", () => {
  const { probability, threshold, chosen } = sizeBaseline(cases, definitions.stage);

  test("rises with size, and says what it was fitted on", () => {
    const sizes = [5, 20, 40, 70, 150];
    const found = sizes.map(probability);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(chosen).toBe("Youden's index on 60 cases of the development centre");
    expect(threshold).toBeGreaterThan(0);
    expect(threshold).toBeLessThan(1);
  });

  test.skipIf(!hasR)("is R's glm on log size, at pROC's best threshold", () => {
    const { p, best } = askR<{ p: number[]; best: number }>(
      { x: cases.map((c) => c.sizeMm), y: cases.map((c) => Number(c.stage === "III")) },
      `x <- log(unlist(input$x)); y <- unlist(input$y)
p <- unname(fitted(glm(y ~ x, family = binomial, control = glm.control(epsilon = 1e-14))))
r <- roc(y, p, levels = 0:1, direction = "<")
output <- list(p = p, best = max(r$sensitivities + r$specificities))`,
    );
    cases.forEach((c, i) => {
      expect(probability(c.sizeMm!)).toBeCloseTo(p[i], 6);
    });
    const share = (stage: string, called: boolean) => {
      const own = cases.filter((c) => c.stage === stage);
      return own.filter((c) => probability(c.sizeMm!) >= threshold === called).length / own.length;
    };
    expect(share("III", true) + share("I", false)).toBeCloseTo(best, 12);
  });

  test("leaves out cases without size or label, and asks for ten", () => {
    const { sizeMm: _, ...unsized } = cases[0];
    const { stage: __, ...unlabeled } = cases[1];
    const more = sizeBaseline([...cases, unsized, unlabeled], definitions.stage);
    expect(more.probability(50)).toBe(probability(50));
    expect(codeOf(() => sizeBaseline([...cases.slice(0, 9), unsized], definitions.stage))).toBe("E_TOO_FEW");
  });
});
