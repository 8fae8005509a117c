import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { readNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { type Registration, registerRigid } from "../../../src/imaging/registration/index.ts";
import { eulerTransform } from "../../../src/imaging/registration/rigid.ts";
import {
  type AffineMap,
  apply,
  indexToPoint,
  reorient,
  type Vec3,
  type Volume,
} from "../../../src/numerics/volume/index.ts";
import { paint } from "../../../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../src/patients/synthetic/phantom/phantom.ts";

const none = { perirenal: false, sinus: false, vein: false };
const { mask } = phantom({ sizeMm: 45, side: "left", invasion: none }, 2, { spacing: 3 });
const { phases } = paint(mask, { histology: "clear_cell", necrosis: false }, centerStyle("A", 1), 3, {
  spacing: 3,
});
const fixed = phases.corticomedullary;
const middle = (image: Volume): Vec3 =>
  indexToPoint(image, image.size.map((n) => (n - 1) / 2) as unknown as Vec3);

/** The image as it lies after the patient moved: only its geometry changes. */
function moved<T extends Volume>(image: T, motion: AffineMap): T {
  const turn = (v: Vec3) => apply({ ...motion, offset: [0, 0, 0] }, v);
  const [u, v, w] = image.direction;
  return { ...image, origin: apply(motion, image.origin), direction: [turn(u), turn(v), turn(w)] };
}

const loaded = (images: readonly Volume[]) => images.map((image) => () => image);

/** Largest distance between two transforms over a ball's box. */
function worst(a: AffineMap, b: AffineMap, center: Vec3, radius: number): number {
  const corners = Array.from({ length: 8 }, (_, c) =>
    center.map((x, i) => x + (c & (1 << i) ? radius : -radius)),
  );
  return Math.max(
    ...corners.map((corner) => {
      const [p, q] = [apply(a, corner as unknown as Vec3), apply(b, corner as unknown as Vec3)];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }),
  );
}

describe("images registered to one phase, all in one call", () => {
  const center = middle(fixed);
  const shifts = random(4);
  const motions = [20, 5].map((shift) => {
    const way = [shifts.normal(), shifts.normal(), shifts.normal()];
    const mm = shift / Math.hypot(...way);
    const angles = [0, 1, 2].map(() => 0.03 * shifts.normal());
    return eulerTransform([...angles, ...way.map((w) => mm * w)], center);
  });
  const images = motions.map((motion, n) => moved(n % 2 ? phases.excretory : phases.nephrographic, motion));
  const draw = random(9);
  const noise = { ...fixed, data: Float32Array.from(fixed.data, () => 100 * draw.normal()) };
  const flat = { ...fixed, data: new Float32Array(fixed.data.length).fill(40) };
  const far = moved(fixed, eulerTransform([0, 0, 0, 400, 0, 0], [0, 0, 0]));
  let again: Registration;
  let still: Registration;
  let found: Registration[];
  let others: Registration[];
  beforeAll(async () => {
    const all = [images[0], phases.nephrographic, ...images, noise, flat, far];
    const results = await registerRigid(fixed, loaded(all));
    [again, still] = results;
    [found, others] = [results.slice(2, 4), results.slice(4)];
  });

  test("phases shifted by up to 20 mm, and turned a little, come back to within 0.5 mm in the kidney, in the same bits each time", () => {
    // The same images give the same bits.
    expect(again.transform).toEqual(found[0].transform);
    expect(found).toHaveLength(2);
    found.forEach((registration, n) => {
      expect(registration).toMatchObject({ outcome: "used", used: true });
      expect(registration.after).toBeGreaterThan(registration.before);
      expect(worst(registration.transform, motions[n], center, 35)).toBeLessThan(0.5);
    });
  });

  test("what lies right already stays within 0.2 mm of it, or is left as scanned", () => {
    const { transform, used } = still;
    const nowhere: AffineMap = { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] };
    expect(used ? worst(transform, nowhere, center, 35) : 0).toBeLessThan(0.2);
  });

  test("noise, a flat image and one of elsewhere are not used, with a reason", () => {
    expect(others).toHaveLength(3);
    for (const { outcome, used, remark } of others) {
      expect(used).toBe(false);
      expect(outcome).not.toBe("used");
      expect(remark).toMatch(/left as scanned$/);
    }
  });
});

const ct = new URL("../../../../shared/data/ct/totalsegmentator/example_ct.nii.gz", import.meta.url).pathname;
describe.skipIf(!existsSync(ct))("on a real CT (../shared/data)", () => {
  test("a copy whose tissues are turned grey and shifted comes back", async () => {
    const image = reorient(await readNifti(ct));
    const motion = eulerTransform([0, 0, 0.02, 9, -7, 14], middle(image));
    const gray = { ...image, data: Float32Array.from(image.data, (hu) => (hu < -200 ? hu : 120 - 0.6 * hu)) };
    const [{ transform, used }] = await registerRigid(image, loaded([moved(gray, motion)]));
    expect(used).toBe(true);
    expect(worst(transform, motion, middle(image), 40)).toBeLessThan(0.5);
  });
});
