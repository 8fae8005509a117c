import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  connectedComponents,
  crop,
  type Geometry,
  indexToPoint,
  lpsDirection,
  type Vec3,
} from "../../../../src/numerics/volume/index.ts";
import {
  type Abdomen,
  type AbdomenPhase,
  type AbdomenSettings,
  drawAbdomen,
  type kidneySituations,
  type Organ,
  organs,
  planAbdomen,
} from "../../../../src/patients/synthetic/index.ts";

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const grid = (low: Vec3, high: Vec3, mm: number): Geometry => ({
  size: low.map((l, a) => Math.round((high[a] - l) / mm)) as unknown as Vec3,
  spacing: [mm, mm, mm],
  origin: low,
  direction: lpsDirection,
});
/** From the pelvis to the diaphragm, around both kidneys. */
const middle = grid([-140, -80, -85], [140, 70, 105], 5);
const whole = grid([-192, -152, -248], [192, 160, 200], 8);

const voxels = (map: Abdomen["organs"], organ: Organ): number[] =>
  [...map.data.keys()].filter((n) => organs[map.data[n]] === organ);

/** Voxels whose six neighbours are of the same organ: free of partial volume. */
function depths({ organs: map }: Abdomen, organ: Organ): number[] {
  const [nx, ny] = map.size;
  const code = organs.indexOf(organ);
  return voxels(map, organ).filter((n) =>
    [-1, 1, -nx, nx, -nx * ny, nx * ny].every((step) => map.data[n + step] === code),
  );
}

function middleOf(map: Geometry, at: readonly number[]): Vec3 {
  const [nx, ny] = map.size;
  const sum = [0, 0, 0];
  for (const n of at) {
    sum[0] += n % nx;
    sum[1] += Math.floor(n / nx) % ny;
    sum[2] += Math.floor(n / (nx * ny));
  }
  return indexToPoint(map, sum.map((s) => s / at.length) as unknown as Vec3);
}

/** Kidneys of a label map, in mL, with where they lie. */
function kidneysOf({ labels }: Abdomen): { ml: number; center: Vec3 }[] {
  const ml = labels.spacing.reduce((a, b) => a * b, 1) / 1000;
  const { labels: pieces, sizes } = connectedComponents(
    labels.data.map((v) => (v > 0 ? 1 : 0)),
    labels.size,
  );
  return [...sizes]
    .map((size, i) => ({
      ml: size * ml,
      center: middleOf(
        labels,
        [...pieces.keys()].filter((n) => pieces[n] === i + 1),
      ),
    }))
    .filter((kidney) => kidney.ml > 15);
}

test("the same seed is the same scan, another seed another", () => {
  const small = grid([20, -40, -20], [110, 50, 60], 5);
  const [a, b, c] = [1, 1, 2].map((seed) => drawAbdomen(seed, small));
  expect(b).toEqual(a);
  expect(c.image.data).not.toEqual(a.image.data);
});

test("a patch is the same region of the whole, whatever the seed", () => {
  const large = grid([-60, -90, -60], [120, 60, 70], 5);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.nat(14), fc.nat(12), fc.nat(10), (seed, i, j, k) => {
      const box = { start: [i, j, k] as const, end: [i + 12, j + 11, k + 10] as const };
      const part: Geometry = { ...large, size: [12, 11, 10], origin: indexToPoint(large, box.start) };
      const [of, alone] = [drawAbdomen(seed, large), drawAbdomen(seed, part)];
      expect(alone.image.data).toEqual(crop(of.image, box).data);
      expect(alone.labels.data).toEqual(crop(of.labels, box).data);
      expect(alone.organs.data).toEqual(crop(of.organs, box).data);
    }),
    { numRuns: 4, seed: 5 },
  );
});

test("labels and HU are in range, and labels lie where the organ map says", () => {
  const labelsOf = new Map<string, number[]>([
    ["kidney", [1]],
    ["renal sinus", [0, 1]],
    ["tumour", [2]],
    ["cyst", [3]],
  ]);
  for (let seed = 0; seed < 5; seed++) {
    const { image, labels, organs: map } = drawAbdomen(seed, middle);
    for (let n = 0; n < map.data.length; n++) {
      const allowed = labelsOf.get(organs[map.data[n]]) ?? [0];
      if (!allowed.includes(labels.data[n]))
        throw new Error(`seed ${seed}: label ${labels.data[n]} in ${organs[map.data[n]]}`);
    }
    expect(image.data.every((hu) => hu >= -1024 && hu <= 3071)).toBe(true);
  }
});

test("kidneys are as large as adults' (median 110–250 mL), one on each side, where the plan says", () => {
  const volumes: number[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const settings: AbdomenSettings = { kidneys: "both", lesions: false };
    const found = kidneysOf(drawAbdomen(seed, middle, settings));
    expect(found).toHaveLength(2);
    const { landmarks } = planAbdomen(seed, settings);
    for (const { ml, center } of found) {
      volumes.push(ml);
      const away = landmarks.map((l) => Math.hypot(...l.center.map((p, a) => p - center[a])));
      expect(Math.min(...away)).toBeLessThan(10);
    }
    expect(found[0].center[0] * found[1].center[0]).toBeLessThan(0);
  }
  // Without its atrophic and hydronephrotic extremes; the range is that of KiTS' masks and of textbooks.
  volumes.sort((a, b) => a - b);
  expect(median(volumes)).toBeGreaterThan(140);
  expect(median(volumes)).toBeLessThan(220);
  expect(volumes[0]).toBeGreaterThan(25);
  expect(volumes.at(-1)).toBeLessThan(400);
});

test("a missing kidney is missing on its side, and without any there is none", () => {
  for (let seed = 0; seed < 2; seed++) {
    for (const [kidneys, side] of [
      ["left missing", -1],
      ["right missing", 1],
    ] as const) {
      const found = kidneysOf(drawAbdomen(seed, middle, { kidneys, lesions: false }));
      expect(found).toHaveLength(1);
      expect(Math.sign(found[0].center[0])).toBe(side);
    }
    expect(drawAbdomen(seed, middle, { kidneys: "none" }).labels.data.some((v) => v > 0)).toBe(false);
  }
});

test("a horseshoe is one piece in front of the spine; a pelvic kidney and a transplant lie below the others", () => {
  const low = grid([-140, -100, -180], [140, 70, 105], 5);
  const settings = (kidneys: (typeof kidneySituations)[number]) => ({ kidneys, lesions: false });
  const [horseshoe] = kidneysOf(drawAbdomen(3, low, settings("horseshoe")));
  expect(horseshoe.ml).toBeGreaterThan(180);
  expect(Math.abs(horseshoe.center[0])).toBeLessThan(25);
  expect(
    Math.min(...kidneysOf(drawAbdomen(3, low, settings("pelvic"))).map((k) => k.center[2])),
  ).toBeLessThan(-80);
  const three = kidneysOf(drawAbdomen(3, low, settings("transplant")));
  expect(three).toHaveLength(3);
  expect(Math.min(...three.map((k) => k.center[2]))).toBeLessThan(-80);
});

test("tumours and cysts that are planned are drawn, where the plan says", () => {
  let tumors = 0;
  for (let seed = 0; seed < 12; seed++) {
    const { landmarks } = planAbdomen(seed);
    for (const { kind, center, radius } of landmarks) {
      if (kind !== "tumour" || radius < 8 || radius > 45) continue;
      const low = center.map((c) => Math.round(c / 4) * 4 - 16) as unknown as Vec3;
      const { labels } = drawAbdomen(seed, grid(low, low.map((l) => l + 32) as unknown as Vec3, 4));
      tumors += labels.data.some((v) => v === 2) ? 1 : -100;
    }
  }
  expect(tumors).toBeGreaterThan(4);
});

describe("an abdomen as a whole", () => {
  const drawn = [0, 1, 2, 3].map((seed) => drawAbdomen(seed, whole, { kidneys: "both", lesions: false }));

  test("has its organs where they belong: LPS, liver right, spleen above the left kidney, lungs above, bladder below", () => {
    for (const one of drawn) {
      const at = (organ: Organ) => middleOf(whole, voxels(one.organs, organ));
      expect(at("liver")[0]).toBeLessThan(-30);
      expect(at("spleen")[0]).toBeGreaterThan(50);
      const left = kidneysOf(one).find((k) => k.center[0] > 0)!;
      expect(at("spleen")[2]).toBeGreaterThan(left.center[2]);
      expect(at("lung")[2]).toBeGreaterThan(at("liver")[2]);
      expect(at("bladder")[2]).toBeLessThan(-150);
      expect(at("bowel")[1]).toBeLessThan(left.center[1]);
      expect(Math.abs(at("artery")[0])).toBeLessThan(25);
      expect(at("artery")[1]).toBeLessThan(at("spinal canal")[1]);
    }
  });

  test("has a liver of 0.7 to 2.4 L, a spleen of 50 to 600 mL, and about as much bone as a trunk", () => {
    for (const one of drawn) {
      const litres = (organ: Organ) => (voxels(one.organs, organ).length * 512) / 1e6;
      expect(litres("liver")).toBeGreaterThan(0.7);
      expect(litres("liver")).toBeLessThan(2.4);
      expect(litres("spleen")).toBeGreaterThan(0.05);
      expect(litres("spleen")).toBeLessThan(0.6);
      expect(litres("bone")).toBeGreaterThan(0.8);
      expect(litres("bone")).toBeLessThan(2.6);
    }
  });
});

/** HU of textbooks and time–density curves, by phase: what the median over patients must meet. */
const published: Readonly<Record<AbdomenPhase, Partial<Record<Organ, readonly [number, number]>>>> = {
  unenhanced: { liver: [40, 66], muscle: [45, 65], artery: [30, 55], kidney: [22, 48], spleen: [38, 58] },
  corticomedullary: { liver: [58, 92], muscle: [50, 72], kidney: [105, 240], spleen: [90, 140] },
  portal: { liver: [90, 125], muscle: [52, 75], artery: [120, 185], kidney: [130, 205], spleen: [95, 135] },
  nephrographic: { liver: [85, 120], muscle: [50, 75], artery: [110, 170], kidney: [140, 205] },
  excretory: { liver: [78, 112], muscle: [50, 72], kidney: [125, 185] },
};
const between = grid([-120, -60, -15], [120, 60, 60], 5);

test.each(Object.entries(published))(
  "in the %s phase organs have the HU that are published",
  (phase, ranges) => {
    const seeds = Array.from({ length: 7 }, (_, seed) =>
      drawAbdomen(seed, between, { phase: phase as AbdomenPhase, wide: 0, lesions: false, kidneys: "both" }),
    );
    for (const [organ, [low, high]] of Object.entries({ ...ranges, "visceral fat": [-115, -85] as const })) {
      const middles = seeds
        .map((one) => depths(one, organ as Organ).map((n) => one.image.data[n]))
        .filter((hu) => hu.length > 8)
        .map(median);
      expect(median(middles), organ).toBeGreaterThan(low);
      expect(median(middles), organ).toBeLessThan(high);
    }
  },
);

test("wide intensities change organs' HU and leave fat and shapes", () => {
  const [own, wide] = [0, 1].map((share) => drawAbdomen(4, between, { wide: share, phase: "portal" }));
  expect(wide.labels).toEqual(own.labels);
  const fat = ({ image }: Abdomen) => median(voxels(own.organs, "visceral fat").map((n) => image.data[n]));
  expect(Math.abs(fat(wide) - fat(own))).toBeLessThan(15);
  const liver = ({ image }: Abdomen) => median(voxels(own.organs, "liver").map((n) => image.data[n]));
  expect(Math.abs(liver(wide) - liver(own))).toBeGreaterThan(8);
});

test("solid kidneys have less fat in their sinus, and nothing else about the patient changes", () => {
  const settings: AbdomenSettings = { kidneys: "both", lesions: false };
  for (const seed of [1, 2]) {
    const usual = drawAbdomen(seed, middle, settings);
    const solid = drawAbdomen(seed, middle, { ...settings, solid: 1 });
    const fat = (of: Abdomen) => voxels(of.organs, "renal sinus").length;
    expect(fat(solid)).toBeLessThan(0.8 * fat(usual));
    for (const organ of ["liver", "spleen", "bone"] as const)
      expect(voxels(solid.organs, organ)).toEqual(voxels(usual.organs, organ));
  }
});

test("a grid that is empty or turned is refused", () => {
  expect(() => drawAbdomen(1, { ...middle, size: [0, 4, 4] })).toThrow(/0 × 4 × 4 voxels/);
  expect(() =>
    drawAbdomen(1, {
      ...middle,
      direction: [
        [-1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    }),
  ).toThrow(/axes must run/);
});
