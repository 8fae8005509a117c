import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { Body } from "./body.ts";
import type { Canvas, Fill } from "./canvas.ts";
import { type Draws, draws } from "./draws.ts";
import { grown, type Shape, tube } from "./shapes.ts";

const fatOnly = ["visceral fat"] as const;
const inBowel = ["visceral fat", "bowel", "stomach"] as const;

/** Paints the walls of a gut's pieces, then what they hold, so that no wall runs across it. */
function paintGut(
  canvas: Canvas,
  pieces: readonly Shape[],
  wall: number,
  wallHu: number,
  organ: "bowel" | "stomach",
  content: (piece: number) => Fill["hu"],
  over: readonly Fill["organ"][],
): void {
  canvas.paint(pieces, { organ, hu: wallHu, over });
  pieces.forEach((piece, i) => {
    canvas.paint(grown(piece, -wall), { organ, hu: content(i), over: [organ] });
  });
}

/** What a piece of gut holds: gas above a level (the patient lies on the back), and fluid, food, contrast or stool. */
function drawContent(
  canvas: Canvas,
  { hu, oral }: Body,
  d: Draws,
  level: number,
  kind: "gut" | "colon",
): Fill["hu"] {
  const grain = canvas.field(9);
  const fine = canvas.field(5);
  const rest = d.pick(
    kind === "colon"
      ? (["stool", "stool", "stool", "gas", "fluid"] as const)
      : (["collapsed", "collapsed", "collapsed", "fluid", "fluid", "food", "food", "gas"] as const),
  );
  const gasAbove = level + d.between(-14, 16);
  const own = d.between(-10, 30);
  return (n, _x, y) => {
    if (rest === "gas" || (rest !== "collapsed" && y < gasAbove - 8)) return hu.gas;
    if (oral && rest !== "collapsed") return oral + 12 * grain[n];
    if (rest === "stool") {
      // Mottled by gas.
      const gas = Math.max(fine[n] + 0.4 * grain[n] - 0.7, 0);
      return Math.max(hu.stool + own - 600 * Math.min(gas, 1), hu.gas);
    }
    if (rest === "food") return hu.food + own + 25 * fine[n];
    return rest === "collapsed" ? hu.bowelWall - 8 + 8 * grain[n] : hu.fluid + 0.4 * own;
  };
}
/** Stomach, duodenum, pancreas, colon and small bowel: in front of the kidneys, and where one is missing, in its place. */
export function paintBowel(canvas: Canvas, body: Body, vacant: readonly Vec3[]): void {
  const d = draws(body.seed, "bowel");
  paintStomach(canvas, body, d);
  paintPancreas(canvas, body, draws(body.seed, "pancreas"));
  paintColon(canvas, body, draws(body.seed, "colon"), vacant);
  paintSmallBowel(canvas, body, draws(body.seed, "small bowel"), vacant);
}

function paintStomach(canvas: Canvas, body: Body, d: Draws): void {
  const { hu, dome } = body;
  const full = d.between(0.45, 1.15);
  const f = body.girth(40).front;
  const top = dome - 40;
  const points: Vec3[] = [
    [d.around(62, 6), 5, top],
    [d.around(70, 6), -0.25 * f, top - 25],
    [d.around(62, 8), -0.55 * f, top - 55],
    [d.around(36, 8), -0.72 * f, top - 85 - d.between(0, 20)],
    [d.around(4, 8), -0.68 * f, top - 90 - d.between(0, 15)],
    [-28, -0.55 * f, top - 85],
  ];
  const radii = [34, 34, 30, 26, 19, 11].map((r) => r * full * d.between(0.85, 1.1));
  const pieces = tube(points, radii);
  const content = drawContent(canvas, body, d, -0.45 * f, "gut");
  paintGut(canvas, pieces, d.between(3, 6.5), hu.bowelWall, "stomach", () => content, inBowel);
}

function paintPancreas(canvas: Canvas, body: Body, d: Draws): void {
  const { hu } = body;
  const bulk = d.between(0.75, 1.15);
  const lobes = canvas.field(5);
  const lift = d.around(0, 8);
  const points: Vec3[] = [
    [-34, -38, 2 + lift],
    [-26, -48, 16 + lift],
    [0, -62, 26 + lift],
    [30, -54, 34 + lift],
    [58, -28, 46 + lift],
    [84, -4, 56 + lift],
  ];
  const pieces = tube(
    points,
    [17, 15, 11, 11, 12, 10].map((r) => r * bulk),
  );
  const lobulated = pieces.map((piece) => grown(piece, (n) => 2 * lobes[n], 5));
  canvas.paint(lobulated, {
    organ: "pancreas",
    hu: (n) => hu.pancreas - 30 * Math.max(lobes[n] - 1, 0),
    over: inBowel,
  });
  // Duodenum around its head.
  const duodenum = tube(
    [
      [-34, -58, 32],
      [-52, -48, 24],
      [-56, -36, 0],
      [-48, -32, -26],
      [-18, -38, -32],
      [14, -42, -26],
      [28, -50, -8],
    ],
    d.between(9, 14),
  );
  const contents = [1, 2, 3].map(() => drawContent(canvas, body, d, -40, "gut"));
  paintGut(canvas, duodenum, 2.5, hu.bowelWall, "bowel", (i) => contents[Math.floor(i / 2)], inBowel);
}

function paintColon(canvas: Canvas, body: Body, d: Draws, vacant: readonly Vec3[]): void {
  const { hu } = body;
  const place = (z: number, side: number, depth: number): Vec3 => {
    const g = body.girth(z);
    return [side * g.side, depth < 0 ? -depth * -g.front : depth * g.back, z];
  };
  const path: Vec3[] = [];
  const rightFlexure = d.around(2, 12);
  const leftFlexure = d.around(42, 14);
  for (let z = -118; z < rightFlexure; z += 26) path.push(place(z, -0.74, d.around(-0.1, 0.08)));
  path.push(place(rightFlexure, -0.66, -0.35));
  const sag = d.between(0, 55);
  for (const t of [-0.4, -0.15, 0.12, 0.4])
    path.push(place(rightFlexure - 4 - sag * (1 - (t / 0.6) ** 2), t, d.around(-0.78, 0.05)));
  path.push(place(leftFlexure - 8, 0.62, -0.45));
  path.push(place(leftFlexure, 0.74, 0.05));
  for (let z = leftFlexure - 26; z > -105; z -= 26) path.push(place(z, 0.8, d.around(0.12, 0.12)));
  path.push(
    [82, -28, -128],
    [52, -34, -152],
    [62, -48, -178],
    [26, -30, -172],
    [4, 18, -168],
    [0, 36, -195],
    [0, 30, -235],
  );
  // Where a kidney is missing, the flexure of its side falls back into its place.
  for (const [x, y, z] of vacant)
    for (let i = 0; i < path.length; i++)
      if (d.chance(0.8) && path[i][0] * x > 0 && Math.abs(path[i][2] - z) < 45 && Math.abs(path[i][0]) > 55)
        path[i] = [x + d.around(0, 8), y + d.around(-6, 8), path[i][2]];
  const smooth = refined(path, 3, d, 3);
  const calibre = d.between(0.8, 1.2);
  const collapsed = d.between(0, 0.4);
  const radii = smooth.map((_, i) => {
    const share = i / smooth.length;
    const wide = share < 0.25 ? 23 : share < 0.55 ? 19 : 14;
    // Haustra.
    return calibre * (d.chance(collapsed) ? 0.6 : 1) * wide * (i % 2 === 0 ? 1.08 : 0.84);
  });
  const pieces = tube(smooth, radii);
  const contents = Array.from({ length: Math.ceil(pieces.length / 7) }, (_, i) =>
    drawContent(canvas, body, d, smooth[Math.min(7 * i + 3, smooth.length - 1)][1], "colon"),
  );
  paintGut(canvas, pieces, d.between(1.5, 3.5), hu.bowelWall, "bowel", (i) => contents[Math.floor(i / 7)], [
    "visceral fat",
    "bowel",
  ]);
}

/** Points between points, on a Catmull-Rom spline, moved at random by `sd` mm. */
function refined(path: readonly Vec3[], parts: number, d: Draws, sd: number): Vec3[] {
  const at = (i: number) => path[Math.min(Math.max(i, 0), path.length - 1)];
  const points: Vec3[] = [];
  for (let i = 0; i + 1 < path.length; i++)
    for (let part = 0; part < parts; part++) {
      const t = part / parts;
      const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
      points.push(
        [0, 1, 2].map(
          (a) =>
            q[a] +
            0.5 *
              t *
              (r[a] -
                p[a] +
                t * (2 * p[a] - 5 * q[a] + 4 * r[a] - s[a] + t * (3 * (q[a] - r[a]) + s[a] - p[a]))) +
            sd * d.normal(),
        ) as unknown as Vec3,
      );
    }
  points.push(path[path.length - 1]);
  return points;
}

/** Loops that wander through what the other organs leave of the cavity. */
function paintSmallBowel(canvas: Canvas, body: Body, d: Draws, vacant: readonly Vec3[]): void {
  const { hu } = body;
  const loops = d.count(16, 24) + Math.round(8 * body.visceral);
  const wide = d.chance(0.1) ? d.between(13, 18) : d.between(8, 12.5);
  const starts: Vec3[] = Array.from({ length: loops }, () => {
    const z = d.between(-165, 10);
    const g = body.girth(z);
    const side = d.between(-0.62, 0.62);
    return [side * g.side, -g.front * d.between(0.3, 0.8), z];
  });
  for (const [x, y, z] of vacant)
    for (const up of [-32, 0, 30]) starts.push([x + d.around(0, 10), y + d.around(0, 8), z + up]);
  for (const start of starts) {
    const fossa = vacant.includes(start) || start[1] > -5;
    let [x, y, z] = start;
    let direction = d.between(0, 2 * Math.PI);
    const points: Vec3[] = [start];
    for (let step = d.count(5, 9); step > 0; step--) {
      direction += d.between(-1.1, 1.1);
      const g = body.girth(z);
      x = clamp(
        x + 17 * Math.cos(direction),
        fossa ? start[0] - 24 : -0.72 * g.side,
        fossa ? start[0] + 24 : 0.72 * g.side,
      );
      z = clamp(z + 13 * Math.sin(direction) + d.between(-5, 5), -185, 22);
      y = fossa
        ? clamp(y + d.between(-10, 10), start[1] - 18, start[1] + 14)
        : clamp(y + d.between(-11, 11), -0.86 * g.front, z < -100 ? 10 : -30);
      points.push([x, y, z]);
    }
    const smooth = refined(points, 2, d, 1.5);
    const pieces = tube(
      smooth,
      smooth.map(() => wide * d.between(0.8, 1.15)),
    );
    const content = drawContent(canvas, body, d, y, "gut");
    paintGut(canvas, pieces, d.between(1.3, 2.6), hu.bowelWall, "bowel", () => content, fatOnly);
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
