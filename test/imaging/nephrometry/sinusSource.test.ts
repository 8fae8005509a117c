import { describe, expect, test } from "vitest";
import {
  affectedKidney,
  defaultRules,
  nephrometry,
  refined,
  renalSinus,
} from "../../../src/imaging/nephrometry/index.ts";
import type { Volume } from "../../../src/numerics/volume/index.ts";
import { phantom } from "./phantom.ts";

const tumors = [{ center: [-75, 0, 6], radius: 8 }] as const;
const spacing = [1.5, 1.5, 2] as const;

/** The phantom with its true sinus drawn: label 4, and 5 in its deepest part. */
function drawn(): Volume<Uint8Array> {
  const mask = phantom({ spacing, tumors });
  const [nx, ny] = mask.size;
  const data = mask.data.map((label, n) => {
    const index = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    const [l, p, s] = index.map((q, a) => mask.origin[a] + q * mask.spacing[a]);
    const lateral = Math.abs(l) - 55;
    const inSinus = ((lateral + 13) / 20) ** 2 + (p / 9) ** 2 + (s / 22) ** 2 <= 1;
    const inKidney = (lateral / 28) ** 2 + (p / 25) ** 2 + (s / 55) ** 2 <= 1;
    return label === 0 && inSinus && inKidney ? (lateral > 0 ? 5 : 4) : label;
  });
  return { ...mask, data };
}

describe("sinus and collecting system", () => {
  test("as drawn, where the mask has labels 4 and 5", () => {
    const mask = drawn();
    const { tumors: scored } = nephrometry(mask, refined);
    expect(scored[0].sinusSource).toBe("labels");
    const { sinus, collectingSystem } = renalSinus(affectedKidney(mask), refined);
    const box = affectedKidney(mask);
    const count = (label: number) =>
      mask.data.filter((v, n) => v === label && n % mask.size[0] < mask.size[0] / 2).length;
    expect(box.side).toBe("right");
    expect(sinus.filter((v) => v === 1)).toHaveLength(count(4));
    expect(collectingSystem.filter((v) => v === 1)).toHaveLength(count(5));
    // The wall lies at −62, the sphere's border at −67.
    expect(Math.abs(scored[0].renal.N.mm - 5)).toBeLessThanOrEqual(1.5);
    expect(scored[0].renal.L).toMatchObject({ points: 3, polarLinesFound: true });
  });

  test("label 4 and 5 change nothing else", () => {
    const plain = nephrometry(phantom({ spacing, tumors }), refined).tumors[0];
    const labeled = nephrometry(drawn(), refined).tumors[0];
    expect(labeled.renal.R).toEqual(plain.renal.R);
    expect(labeled.volumeMl).toBe(plain.volumeMl);
    expect(labeled.renal.E.endophyticFraction).toBeCloseTo(plain.renal.E.endophyticFraction, 2);
  });

  test.each([
    ["default", defaultRules],
    ["refined", refined],
  ])("from a CT with fat where the mask is empty: as from the mask alone (%s)", (_, rules) => {
    const mask = phantom({ spacing, tumors });
    const ct = { ...mask, data: Int16Array.from(mask.data, (v) => (v === 0 ? -100 : 100)) };
    const { sinusSource, ...byCt } = nephrometry(mask, rules, { ct }).tumors[0];
    expect(sinusSource).toBe("ct");
    const { sinusSource: alone, ...byMask } = nephrometry(mask, rules).tumors[0];
    expect(alone).toBe("mask");
    expect(byCt).toEqual(byMask);
  });

  test("from a CT whose hilum holds no fat: none", () => {
    const mask = phantom({ spacing, tumors });
    const ct = { ...mask, data: new Int16Array(mask.data.length).fill(40) };
    const [{ renal, caveats }] = nephrometry(mask, refined, { ct }).tumors;
    expect(renal.N).toEqual({ points: 1, mm: Infinity });
    expect(caveats.join()).toContain("no renal sinus found");
  });

  test("a CT on another grid: E_GEOMETRY", () => {
    const mask = phantom({ spacing, tumors });
    const ct = { ...mask, origin: [0, 0, 0] as const };
    expect(() => nephrometry(mask, refined, { ct })).toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
  });

  test("labels above 5 are background", () => {
    const mask = phantom({ spacing, tumors });
    const expected = nephrometry(mask, refined);
    const data = mask.data.map((v, n) => (v === 0 && n % 7 === 0 ? 6 + (n % 200) : v));
    expect(nephrometry({ ...mask, data }, refined)).toEqual(expected);
  });
});
