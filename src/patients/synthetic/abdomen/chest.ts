import type { Body } from "./body.ts";
import { type Canvas, organCode } from "./canvas.ts";
import { draws } from "./draws.ts";
import { ellipsoid } from "./shapes.ts";

/** Height of the diaphragm over a place, mm: two domes that fall to the wall, most at the back. */
export function diaphragm({ dome }: Pick<Body, "dome">, x: number, y: number): number {
  const top = x < 0 ? dome : dome - 14;
  const [u, v] = [(Math.abs(x) - 62) / 72, (y + 12) / (y < -12 ? 105 : 62)];
  return top - 80 * Math.min((u * u + v * v) ** 1.4, 1.2);
}

/** Lungs above the diaphragm, now and then with fluid behind, and the heart's lower edge. */
export function paintLungs(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "chest");
  const { hu } = body;
  const effusion = d.chance(0.08) ? d.between(15, 45) : 0;
  const basal = d.chance(0.3) ? 1 : 0;
  const texture = canvas.field(5);
  const [v1, v2] = [canvas.field(16), canvas.field(16, "second")];
  for (let n = 0; n < canvas.count; n++) {
    if (canvas.z[n] < 0 || canvas.cavity[n] > 2) continue;
    const x = canvas.x[n];
    const y = canvas.y[n];
    const z = canvas.z[n];
    const floor = diaphragm(body, x, y);
    const lung = Math.max(canvas.cavity[n] + 2.5, 0.7 * (floor - z), 20 - Math.abs(x));
    const share = canvas.share(lung);
    if (share <= 0) continue;
    const fluid = effusion > 0 && canvas.cavity[n] > -effusion && y > 5;
    const vessel = v1[n] * v1[n] + v2[n] * v2[n] < 0.02 ? 700 : 0;
    const denser = basal * Math.max(y - 25, 0) * 8 * Math.max(1 - (z - floor) / 40, 0);
    const value = fluid ? hu.fluid : Math.min(hu.lung + 35 * texture[n] + vessel + denser, 60);
    canvas.cover(n, share, value, organCode.lung);
  }
  const heart = ellipsoid([d.around(28, 8), -50, body.dome + 30], [58, 42, d.between(44, 58)], -0.4, 0.3);
  canvas.paint(heart, { organ: "heart", hu: hu.fat, over: ["lung", "visceral fat"] });
  const blood = (2 * hu.arterialBlood + hu.cavalBlood) / 3;
  canvas.paint(
    { ...heart, distance: (x, y, z, n) => heart.distance(x, y, z, n) + 5 },
    {
      organ: "heart",
      hu: (_n, _x, _y, _z, distance) => (distance < -10 ? blood : hu.muscle + 0.3 * (blood - hu.muscle)),
      over: ["heart"],
    },
  );
}

/** Ribs in the wall, sloping down from the spine to the flank, and their cartilage in front. */
export function paintRibs(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "ribs");
  const { hu } = body;
  const pitch = d.between(25, 30);
  const lowest = d.around(66, 6);
  const slope = d.around(46, 6);
  const deep = d.between(5.5, 8);
  const shell = d.between(0.8, 1.6);
  for (let n = 0; n < canvas.count; n++) {
    const cavity = canvas.cavity[n];
    if (cavity < 0 || cavity > 14 || canvas.z[n] < -40) continue;
    const x = canvas.x[n];
    const y = canvas.y[n];
    const z = canvas.z[n];
    const angle = Math.atan2(Math.abs(x), y);
    if (angle < 0.5) continue;
    const fall = angle < 1.75 ? slope * angle : slope * 1.75 - 30 * (angle - 1.75);
    const rib = Math.max(Math.round((z + fall - lowest) / pitch), 0);
    const tip = [1.05, 1.4, 1.85][rib] ?? 2.05;
    const end = rib < 3 ? tip : 2.75;
    if (angle > end) continue;
    const along = z + fall - lowest - rib * pitch;
    const away = Math.sqrt((cavity - deep) ** 2 + (0.5 * along) ** 2) - 3.5;
    const share = canvas.share(away);
    if (share <= 0) continue;
    const core = canvas.share(away + shell);
    const value = angle > tip ? hu.cartilage : hu.compactBone + core * (hu.spongyBone - 20 - hu.compactBone);
    canvas.cover(n, share, value, angle > tip ? organCode.muscle : organCode.bone);
  }
}
