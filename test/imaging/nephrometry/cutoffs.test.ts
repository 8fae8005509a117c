import { describe, expect, test } from "vitest";
import { refined, renal } from "../../../src/imaging/nephrometry/index.ts";
import { type Ball, phantom } from "./phantom.ts";

/**
 * Spheres at known places of the right kidney of {@link phantom}: centre −55, 0, 0, half-axes 28 × 25 × 55; sinus −42, 0, 0,
 * half-axes 20 × 9 × 22, so that the lines lie at S = ±22 and the sinus' wall at L = −62. Voxels of 1 mm.
 */
const score = (ball: Ball) => renal(phantom({ sides: ["right"], tumors: [ball] }), refined);

test.each([
  [20, 1],
  [20.5, 2],
  [34.5, 2],
  [35, 3],
])("R of a sphere of radius %d mm: %d", (radius, points) => {
  const { R } = score({ center: [-65, -34, 0], radius });
  expect(R.points).toBe(points);
  // The longest lattice line in a sphere is no longer than its diameter, and short of it by less than a voxel's diagonal.
  expect(R.mm).toBeLessThanOrEqual(2 * radius);
  expect(R.mm).toBeGreaterThan(2 * radius - Math.SQRT2);
});

// A voxel whose centre lies on the border of sphere or sinus belongs to it: each reaches half a voxel further.
test.each([
  [5, 4, 3],
  [6, 5, 2],
  [7, 6, 2],
  [8, 7, 1],
])("N of a sphere whose border voxels lie %d mm from the sinus': %d mm, %d", (apart, mm, points) => {
  expect(score({ center: [-67 - apart, 0, 0], radius: 5 }).N).toEqual({ points, mm });
});

describe("L", () => {
  test.each([
    { s: 31, radius: 8, points: 1, midline: false, what: "just above the upper line" },
    { s: 28, radius: 8, points: 2, midline: false, what: "across it" },
    { s: 24, radius: 8, points: 2, midline: false, what: "less than half below it" },
    { s: 19, radius: 8, points: 3, midline: false, what: "more than half below it" },
    { s: 0, radius: 8, points: 3, midline: true, what: "between the lines" },
    { s: -24, radius: 8, points: 2, midline: false, what: "less than half above the lower line" },
    { s: -31, radius: 8, points: 1, midline: false, what: "just below the lower line" },
    { s: 28, radius: 27, points: 2, midline: false, what: "down to 1 mm from the midline" },
    { s: 28, radius: 28, points: 3, midline: true, what: "down to the midline, yet mostly above the line" },
  ])("$what: $points", ({ s, radius, points, midline }) => {
    const { L } = score({ center: [-65, radius > 20 ? -41 : -22, s], radius });
    expect(L).toMatchObject({ points, crossesMidline: midline, polarLinesFound: true });
    // Between ±22 mm lies (by the volume of a spherical cap) this much of the sphere.
    const below = (x: number) => {
      const h = Math.min(Math.max((x - s) / radius, -1), 1);
      return ((h + 1) ** 2 * (2 - h)) / 4;
    };
    // The outermost slice of the sinus is a few voxels wide: one slice either way.
    expect(Math.abs(L.fractionBetweenPolarLines - (below(22) - below(-22)))).toBeLessThan(1 / radius);
  });
});

/**
 * The part of a sphere within the kidney's outline, slice by slice: of the kidney's ellipse without the sphere's disc the
 * convex hull is the ellipse up to the chord between the two points where their borders meet.
 */
function endophytic({ center: [l, p, s], radius }: Ball): number {
  const step = 0.25;
  let inside = 0;
  let total = 0;
  for (let z = s - radius; z <= s + radius; z += 1.5) {
    const scale = Math.sqrt(Math.max(0, 1 - (z / 55) ** 2));
    const [a, b] = [28 * scale, 25 * scale];
    const disc = radius ** 2 - (z - s) ** 2;
    const inDisc = (x: number, y: number) => (x - l) ** 2 + (y - p) ** 2 <= disc;
    const border = Array.from({ length: 1440 }, (_, n) => {
      const t = (2 * Math.PI * n) / 1440;
      return [-55 + a * Math.cos(t), b * Math.sin(t)] as const;
    });
    const kept = border.filter(([x, y]) => !inDisc(x, y));
    const from = border.findIndex((q, n) => inDisc(...q) && !inDisc(...border[(n + 1439) % 1440]));
    const to = border.findIndex((q, n) => inDisc(...q) && !inDisc(...border[(n + 1) % 1440]));
    const [x0, y0] = border[Math.max(from, 0)];
    const [x1, y1] = border[Math.max(to, 0)];
    const side = (x: number, y: number) => (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
    for (let x = l - radius; x <= l + radius; x += step)
      for (let y = p - radius; y <= p + radius; y += step) {
        if (!inDisc(x, y)) continue;
        total++;
        if (kept.length === 0 || ((x + 55) / a) ** 2 + (y / b) ** 2 > 1) continue;
        // Counter-clockwise, the kidney without the arc lies to the left of its chord.
        if (from < 0 || side(x, y) >= 0) inside++;
      }
  }
  return inside / total;
}

describe("E of a sphere of 12 mm", () => {
  test.each([
    { l: -84, points: 1 },
    { l: -76, points: 1 },
    { l: -70, points: 1 },
    { l: -69, points: 2 },
    { l: -66, points: 2 },
  ])("with its centre at L = $l mm: $points", ({ l, points }) => {
    const ball: Ball = { center: [l, 0, 40], radius: 12 };
    const { E } = score(ball);
    expect(E.points).toBe(points);
    expect(Math.abs(E.endophyticFraction - endophytic(ball))).toBeLessThan(0.03);
  });

  test.each([
    { l: -67, points: 3 },
    { l: -75, points: 2 },
  ])("of 8 mm, up to the kidney's border and beyond, at L = $l mm: $points", ({ l, points }) => {
    const ball: Ball = { center: [l, 0, 20], radius: 8 };
    expect(score(ball).E.points).toBe(points);
    expect(endophytic(ball) === 1).toBe(points === 3);
  });
});

test("suffix: centres 10 mm apart or more from front to back", () => {
  const face = (p: number) => score({ center: [-75, p, 30], radius: 6 }).A;
  expect(face(-15)).toMatchObject({ suffix: "a", mm: expect.closeTo(-15, 0) });
  expect(face(0)).toMatchObject({ suffix: "x", mm: expect.closeTo(0, 0) });
  expect(face(15)).toMatchObject({ suffix: "p", mm: expect.closeTo(15, 0) });
});
