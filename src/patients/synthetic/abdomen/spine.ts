import type { Body } from "./body.ts";
import { type Canvas, organCode } from "./canvas.ts";
import { draws } from "./draws.ts";
import { ellipsoid, type Shape, segment, tube } from "./shapes.ts";

/** Height of the lumbosacral disc, mm: vertebrae lie above it. */
const sacralTop = -112;

/** Vertebrae with their canal, arches and discs, sacrum, pelvis and hips. */
export function paintBones(canvas: Canvas, body: Body): void {
  paintSpine(canvas, body);
  paintPelvis(canvas, body);
}

function paintSpine(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "spine");
  const { hu } = body;
  const wide = d.around(24.5, 1.8);
  const deep = d.around(18, 1.3);
  const shell = d.between(0.7, 1.6);
  const disc = d.between(5, 11);
  const spread = d.between(34, 42);
  const spurs = d.chance(0.35) ? d.between(1, 5) : 0;
  const process = d.between(30, 38);
  const spongy = canvas.field(5);
  // A vertebra with its disc: 36 mm in the loins, 27 in the chest. Lower ends, from the sacrum up.
  const ends = [sacralTop];
  while (ends.at(-1)! < 300) ends.push(ends.at(-1)! + Math.max(36 - 0.95 * (ends.length - 1), 25));
  const levelOf = new Int16Array(700);
  for (let z = -350, level = 0; z < 350; z++) {
    while (level + 1 < ends.length - 1 && z >= ends[level + 1]) level++;
    levelOf[z + 350] = level;
  }
  const column: Shape = {
    center: [0, 22, 80],
    half: [50, 52, 200],
    distance: (x, y, z) => Math.max(Math.abs(x) - 48, Math.abs(y - 22) - 48, sacralTop - z),
  };
  canvas.visit(column.center, column.half, (n, x, y, z) => {
    if (z < sacralTop - 6 || Math.abs(x) > 50 || y < -28 || y > 72) return;
    const level = levelOf[Math.min(Math.max(Math.floor(z) + 350, 0), 699)];
    const height = ends[level + 1] - ends[level];
    const half = height / 2;
    const middle = ends[level] + half;
    const u = z - middle;
    const scale = Math.max(1 - 0.028 * level, 0.68);
    // Waisted in the middle, spurs at the ends.
    const end = (u / half) ** 2;
    const a = scale * (wide - 2.5 + 2.5 * end) + spurs * end * end;
    const b = scale * (deep - 1.5 + 1.5 * end) + 0.7 * spurs * end * end;
    const round = Math.sqrt((x / a) ** 2 + (y / b) ** 2);
    let across = round < 1e-3 ? -b : Math.sqrt(x * x + y * y) * (1 - 1 / round);
    if (y > 0.75 * b) across = Math.max(across, y - 0.95 * b);
    const plate = Math.abs(u) - (half - disc / 2);
    const vertebra = Math.max(across, plate);
    const canalY = scale * (deep + 8.5);
    const canal = Math.sqrt((x / 1.25) ** 2 + (y - canalY) ** 2) - 8;
    const inArch = Math.abs(u - 2) - 0.42 * height;
    const arch = Math.max(
      Math.abs(canal - 2.2) - 2.1,
      inArch,
      y < canalY - 4 && Math.abs(u - 5) > 7 ? 1 : -9,
    );
    const spine = Math.max(
      Math.sqrt(Math.max(Math.abs(x) - 1.8, 0) ** 2 + Math.max(Math.abs(u + 6) - 8, 0) ** 2) - 1.6,
      canalY + 8 - y,
      y - canalY - process * (0.8 + 0.2 * scale),
    );
    const transverse = Math.max(
      Math.sqrt((y - canalY + 2 - 0.12 * Math.abs(x)) ** 2 + (1.1 * (u - 5)) ** 2) - 2.8,
      Math.abs(x) - spread,
      8 - Math.abs(x),
    );
    const facet =
      Math.sqrt((Math.abs(x) - 16) ** 2 + (y - canalY - 5) ** 2 + (0.45 * (Math.abs(u) - half)) ** 2) - 6;
    const posterior = Math.min(arch, spine, transverse, facet);
    const gap = Math.max(across + 1, -plate - 0.5);
    let share = canvas.share(gap);
    if (share > 0) canvas.cover(n, share, hu.disc, organCode.disc);
    share = canvas.share(canal);
    if (share > 0) canvas.cover(n, share, canal < -4.5 ? hu.canal : hu.canal - 45, organCode["spinal canal"]);
    const bone = Math.min(vertebra, Math.max(posterior, -canal - 0.3));
    share = canvas.share(bone);
    if (share > 0) {
      const spongyHu = hu.spongyBone + 22 * spongy[n];
      const inner = posterior < vertebra ? 1.6 : shell;
      const core = canvas.share(bone + inner);
      canvas.cover(n, share, hu.compactBone + core * (spongyHu - hu.compactBone), organCode.bone);
    }
  });
}

function paintPelvis(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "pelvis");
  const { hu } = body;
  const size = d.around(1, 0.05);
  const flare = d.between(118, 134);
  const spongy = canvas.field(5);
  const bone = (shape: Shape, shell = 2) =>
    canvas.paint(shape, {
      organ: "bone",
      hu: (n, _x, _y, _z, distance) =>
        distance < -shell ? hu.spongyBone + 20 + 30 * spongy[n] : 0.85 * hu.compactBone,
    });
  // Sacrum: a wedge that leans back, then the tail bone.
  bone({
    center: [0, 35, -165],
    half: [62, 48, 62],
    distance(x, y, z) {
      const t = (sacralTop - z) / 100;
      const middle = 2 + 75 * t - 28 * t * t + 0.006 * x * x;
      const half = 18 - 11 * t - 0.0015 * x * x;
      const canal = 5 - Math.hypot(0.5 * x, y - middle - 0.35 * half);
      return Math.max(
        Math.abs(x) - (54 - 40 * t) - 4,
        Math.abs(y - middle) - half,
        z - sacralTop,
        -t * 100,
        canal,
      );
    },
  });
  for (const side of [-1, 1]) {
    // The wing of the ilium: in each slice a bar from the sacrum to the spine in front, shorter further down.
    bone(
      {
        center: [side * 88, 0, -140],
        half: [60, 85, 75],
        distance(px, y, z) {
          const x = side * px;
          const t = Math.min(Math.max((z + 205) / 115, 0), 1);
          const p = [size * (78 - 32 * t), 22 + 30 * t];
          const q = [size * (94 + (flare - 94) * Math.sqrt(t)), -18 - 42 * t * (1 - 0.4 * t)];
          const [ux, uy] = [q[0] - p[0], q[1] - p[1]];
          const s = Math.min(Math.max(((x - p[0]) * ux + (y - p[1]) * uy) / (ux * ux + uy * uy), 0), 1);
          const bow = 20 * Math.sin(Math.PI * s);
          const away = Math.sqrt(
            (x - p[0] - s * ux - 0.77 * bow) ** 2 + (y - p[1] - s * uy - 0.64 * bow) ** 2,
          );
          const crest = -78 - 34 * (2 * s - 1) ** 2;
          return Math.max(away - (5 + 5 * (1 - t) + 3 * (1 - s)), z - crest, -214 - z);
        },
      },
      1.8,
    );
    bone(ellipsoid([side * 92, 2, -205], [32, 30, 30]), 3);
    canvas.paint(ellipsoid([side * 94, 0, -207], [26, 25, 25]), { organ: "bone", hu: hu.spongyBone + 90 });
    bone(segment([side * 112, 14, -215], [side * 135, 20, -240], 13, 18), 3);
    bone(
      tube(
        [
          [side * 80, -22, -212],
          [side * 45, -48, -218],
          [side * 9, -58, -232],
        ],
        [10, 8, 11],
      )[0],
      2,
    );
    bone(segment([side * 45, -48, -218], [side * 7, -58, -232], 8, 11), 2);
    bone(
      tube(
        [
          [side * 72, 25, -220],
          [side * 62, 30, -262],
        ],
        [14, 15],
      )[0],
      2,
    );
  }
}

/** Psoas, quadratus lumborum and the crura of the diaphragm. They hold the kidneys off the spine. */
export function paintDeepMuscles(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "deep muscles");
  const { hu } = body;
  const bulk = d.between(0.75, 1.2);
  const fat = canvas.field(5);
  const fill = {
    organ: "muscle",
    hu: (n: number) => hu.muscle - Math.max(fat[n] - 1.2, 0) * 40,
  } as const;
  for (const side of [-1, 1]) {
    const s = (x: number) => side * x;
    const psoas = [
      [s(21), 4, 30, 6],
      [s(27), 4, -5, 12],
      [s(31), 5, -45, 16],
      [s(37), 1, -85, 18],
      [s(50), -14, -125, 17],
      [s(64), -34, -170, 16],
      [s(76), -44, -212, 15],
    ] as const;
    for (let i = 1; i < psoas.length; i++) {
      const [p, q] = [psoas[i - 1], psoas[i]];
      canvas.paint(segment([p[0], p[1], p[2]], [q[0], q[1], q[2]], bulk * p[3], bulk * q[3]), fill);
    }
    canvas.paint(ellipsoid([s(66), 40, -35], [26, 8 * bulk + 1.5, 62], side * 0.35), fill);
    // Iliacus on the inner side of the wing.
    canvas.paint(ellipsoid([s(88), -2, -135], [14, 42, 55], side * 0.75), fill);
    canvas.paint(segment([s(9), -16, -20], [s(15), -20, 60], 4, 7), fill);
  }
}
