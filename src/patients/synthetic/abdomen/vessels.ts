import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { Body } from "./body.ts";
import type { Canvas, Organ } from "./canvas.ts";
import { diaphragm } from "./chest.ts";
import { type Draws, draws } from "./draws.ts";
import { ellipsoid, grown, tube } from "./shapes.ts";

/** Aorta and cava with their branches, the portal and mesenteric vessels, and a few lymph nodes. */
export function paintVessels(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "vessels");
  const { hu } = body;
  const artery = { organ: "artery", hu: hu.arterialBlood } as const;
  const vein = (value: number) => ({ organ: "vein", hu: value }) as const;
  const wide = d.between(7.5, 12.5);
  const bulge = d.chance(0.06) ? d.between(1.4, 2.6) : 1;
  const bend = d.around(0, 5);
  const front = -16 - wide;

  // Infrarenal blood is without contrast medium while the renal veins' is not yet.
  const cava = d.between(8, 13);
  const lower = tube(
    [
      [-17, -15 - 0.8 * cava, -82],
      [-19, -16 - 0.8 * cava, -40],
      [-20, -17 - cava, 2],
    ],
    [0.85 * cava, cava, cava],
  );
  const upper = tube(
    [
      [-20, -17 - cava, 0],
      [-22, -24 - cava, 45],
      [-22, -40, 90],
      [-18, -42, body.dome + 12],
    ],
    [cava, 1.1 * cava, 1.1 * cava, 12],
  );
  canvas.paint(lower, vein(hu.cavalBlood));
  canvas.paint(upper, vein(0.5 * (hu.cavalBlood + hu.renalVein)));
  const trunk: Vec3[] = [
    [12, -10, 220],
    [10, -16, 130],
    [8 + bend, front + 6, 60],
    [7 + bend, front, 20],
    [5 - bend, front - 3, -40],
    [2, front, -78],
  ];
  const radii = [wide + 3, wide + 2, wide + 1, wide, wide * bulge, wide * 0.9];
  canvas.paint(tube(trunk, radii), artery);
  if (bulge > 1) {
    // The lumen of an aneurysm lies in thrombus.
    canvas.paint(tube(trunk.slice(3, 6), [wide + 1, wide * bulge + 2, wide]), {
      organ: "artery",
      hu: hu.strand + 10,
      over: ["artery", "visceral fat"],
    });
    canvas.paint(tube(trunk.slice(3, 6), [wide, wide * 0.9, wide * 0.85]), artery);
  }
  for (const side of [-1, 1]) {
    const s = (x: number) => side * x;
    const leg: Vec3[] = [
      [2, front, -76],
      [s(20), -24, -108],
      [s(44), -18, -140],
      [s(62), -44, -180],
      [s(72), -66, -225],
    ];
    canvas.paint(tube(leg, [7, 6, 5, 5, 5]), artery);
    canvas.paint(
      tube(
        leg.map(([x, y, z]): Vec3 => [x - s(4), y + 12, z - 4]),
        [8, 7, 6.5, 6, 6],
      ),
      vein(hu.cavalBlood),
    );
    canvas.paint(
      tube(
        [
          [s(44), -18, -140],
          [s(42), 10, -165],
          [s(48), 20, -190],
        ],
        4,
      ),
      artery,
    );
  }

  // Mesenteric, coeliac, splenic and portal vessels.
  canvas.paint(
    tube(
      [
        [8, front - 2, 22],
        [6, front - 24, 10],
        [4, front - 26, -30],
        [-4, front - 22, -70],
      ],
      [3.8, 3.6, 3.2, 2.4],
    ),
    artery,
  );
  canvas.paint(
    tube(
      [
        [8, front - 2, 36],
        [4, front - 18, 40],
        [-30, -55, 44],
      ],
      [3.5, 3, 2],
    ),
    artery,
  );
  canvas.paint(
    tube(
      [
        [6, front - 18, 40],
        [45, -32, 48],
        [88, 4, 62],
      ],
      [2.6, 2.4, 2],
    ),
    artery,
  );
  canvas.paint(
    tube(
      [
        [-8, front - 26, -60],
        [-8, front - 26, -10],
        [-12, -52, 20],
      ],
      [4, 5.5, 6],
    ),
    vein(hu.portalVein),
  );
  canvas.paint(
    tube(
      [
        [-12, -50, 20],
        [-30, -48, 44],
        [-52, -38, 62],
      ],
      [6.5, 7, 6],
    ),
    vein(hu.portalVein),
  );
  canvas.paint(
    tube(
      [
        [-10, -52, 24],
        [38, -40, 40],
        [86, 2, 60],
      ],
      [4.5, 4, 3.5],
    ),
    vein(hu.portalVein),
  );
  for (let branch = d.count(6, 12); branch > 0; branch--) paintMesenteric(canvas, body, d, front);
  paintPlaques(canvas, body, d, trunk, radii);
  paintNodes(canvas, body, d);
  const gullet = tube(
    [
      [8, -28, diaphragm(body, 20, -25) + 10],
      [12, -24, body.dome + 60],
    ],
    7,
  );
  canvas.paint(gullet, { organ: "stomach", hu: hu.bowelWall });
}

/** A pair of vessels from the root of the mesentery to the loops. */
function paintMesenteric(canvas: Canvas, body: Body, d: Draws, front: number): void {
  const from: Vec3 = [0, front - 26, d.between(-60, 0)];
  const g = body.girth(from[2]);
  const to: Vec3 = [
    d.between(-0.6, 0.6) * g.side,
    -d.between(0.45, 0.8) * g.front,
    from[2] + d.between(-70, 10),
  ];
  const middle = from.map((p, a) => (p + to[a]) / 2 + d.around(0, 7)) as unknown as Vec3;
  const near: readonly Organ[] = ["visceral fat"];
  canvas.paint(tube([from, middle, to], [2.6, 2, 1.3]), {
    organ: "vein",
    hu: body.hu.portalVein,
    over: near,
  });
  const beside = [from, middle, to].map(([x, y, z]): Vec3 => [x + 5, y - 1, z + 3]);
  canvas.paint(tube(beside, [1.8, 1.5, 1]), { organ: "artery", hu: body.hu.arterialBlood, over: near });
}

/** Calcium in the wall of the aorta: from none to much. */
function paintPlaques(
  canvas: Canvas,
  { hu }: Body,
  d: Draws,
  trunk: readonly Vec3[],
  radii: readonly number[],
): void {
  const burden = d.chance(0.45) ? d.between(0.1, 1) : 0;
  if (burden === 0) return;
  const grain = canvas.field(5);
  const broad = canvas.field(9);
  const limit = 1.9 - burden;
  for (const [i, piece] of tube(trunk.slice(2), radii.slice(2)).entries())
    canvas.paint(
      grown(
        {
          ...piece,
          distance: (x, y, z, n) =>
            Math.max(Math.abs(piece.distance(x, y, z, n)) - 1.1, 3 * (limit - grain[n] - 0.5 * broad[n])),
        },
        2,
      ),
      {
        organ: "artery",
        hu: hu.calcium + 40 * i,
        over: ["artery", "visceral fat"],
      },
    );
}

function paintNodes(canvas: Canvas, { hu }: Body, d: Draws): void {
  const many = d.chance(0.1) ? d.count(4, 12) : d.count(0, 4);
  for (let i = 0; i < many; i++) {
    const r = d.between(2, many > 4 ? 11 : 5);
    canvas.paint(
      ellipsoid(
        [d.between(-38, 38), d.between(-38, -20), d.between(-70, 40)],
        [r, r * d.between(0.7, 1), r * d.between(0.8, 1.5)],
      ),
      { organ: "lymph node", hu: hu.node, over: ["visceral fat"] },
    );
  }
}
