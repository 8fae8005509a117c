import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { cropInput } from "../../../../src/learning/crop/cropInput.ts";
import { augment } from "../../../../src/learning/train/batches/augment.ts";
import { drawnCrop, settings, still } from "../crops.ts";

const n = settings.voxels;
const size = n ** 3;

describe("augmentation", () => {
  test("of nothing is the crop as prediction reads it", () => {
    const crop = drawnCrop(1);
    const out = augment(crop, settings, still, random(3));
    cropInput(crop, settings).forEach((value, i) => expect(out[i]).toBeCloseTo(value, 6));
  });

  test("moves a wider cube the same way in mm, and the crop's own as if it were alone", () => {
    const wide = { ...settings, contextMm: 2 * settings.fieldOfViewMm };
    const moved = { ...still, rotationDegrees: 10, flip: true, shiftMm: settings.fieldOfViewMm / 8 };
    /** The same blob in both cubes: Gaussian, σ an eighth of the crop's edge. */
    const blob = (edge: number) =>
      Int16Array.from({ length: 3 * size }, (_, v) => {
        const at = [v % n, Math.floor(v / n) % n, Math.floor(v / n / n) % n];
        const mm = at.map((x) => ((x + 0.5) / n - 0.5) * edge);
        const sigma = settings.fieldOfViewMm / 8;
        const off = settings.fieldOfViewMm / 10;
        return 400 * Math.exp(-(mm[0] ** 2 + (mm[1] - off) ** 2 + mm[2] ** 2) / (2 * sigma ** 2)) - 150;
      });
    const { mask } = drawnCrop(1);
    const own = { ...drawnCrop(1), hu: blob(settings.fieldOfViewMm), mask };
    const crop = { ...own, context: { hu: blob(wide.contextMm), mask } };
    for (let seed = 0; seed < 12; seed++) {
      const out = augment(crop, wide, moved, random(seed));
      const half = out.length / 2;
      expect(out.subarray(0, half)).toEqual(augment(own, settings, moved, random(seed)));
      /** Centre of the first phase's brightness, mm. */
      const center = (data: Float32Array, edge: number) => {
        const sums = [0, 0, 0, 0];
        for (let v = 0; v < size; v++) {
          const weight = Math.max(data[v] + 0.8, 0);
          const at = [v % n, Math.floor(v / n) % n, Math.floor(v / n / n)];
          at.forEach((x, a) => (sums[a] += weight * ((x + 0.5) / n - 0.5) * edge));
          sums[3] += weight;
        }
        return sums.slice(0, 3).map((sum) => sum / sums[3]);
      };
      const [a, b] = [center(out, settings.fieldOfViewMm), center(out.subarray(half), wide.contextMm)];
      a.forEach((mm, axis) => expect(Math.abs(mm - b[axis])).toBeLessThan(settings.fieldOfViewMm / n));
    }
  });

  test("repeats bit for bit from one seed and differs from another", () => {
    const all = {
      flip: true,
      rotationDegrees: 20,
      scale: 0.1,
      shiftMm: 9,
      noiseHu: 9,
      intensity: 0.1,
      phaseDropout: 0,
    };
    const crop = drawnCrop(2);
    expect(augment(crop, settings, all, random(8))).toEqual(augment(crop, settings, all, random(8)));
    expect(augment(crop, settings, all, random(8))).not.toEqual(augment(crop, settings, all, random(9)));
  });

  test("by flips alone permutes voxels, the same way in every channel", () => {
    const crop = drawnCrop(4);
    const plain = cropInput(crop, settings);
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const out = augment(crop, settings, { ...still, flip: true }, random(seed));
      const axes = [0, 1, 2, 3, 4, 5, 6, 7].find((flips) => {
        const source = (v: number) => {
          const index = [v % n, Math.floor(v / n) % n, Math.floor(v / n / n)];
          const [i, j, k] = index.map((x, axis) => (flips & (1 << axis) ? n - 1 - x : x));
          return i + n * (j + n * k);
        };
        return [0, 1, 2, 3, 4].every((c) =>
          [0, 17, 100, 333, 511].every(
            (v) => Math.abs(out[c * size + v] - plain[c * size + source(v)]) < 1e-5,
          ),
        );
      });
      expect(axes).toBeDefined();
      seen.add(String(axes));
    }
    expect(seen.size).toBe(8);
  });

  test("moves phases and masks together: a bright ball stays under its mask", () => {
    const hu = new Int16Array(3 * size).fill(-100);
    const mask = new Uint8Array(2 * size);
    for (let v = 0; v < size; v++) {
      const [i, j, k] = [v % n, Math.floor(v / n) % n, Math.floor(v / n / n)];
      if ((i - 4) ** 2 + (j - 3) ** 2 + (k - 4) ** 2 > 4) continue;
      for (let p = 0; p < 3; p++) hu[p * size + v] = 300;
      mask[v] = mask[size + v] = 255;
    }
    const crop = { case: "ball", present: [true, true, true], hu, mask };
    const moved = augment(
      crop,
      settings,
      { ...still, rotationDegrees: 40, scale: 0.1, shiftMm: 10 },
      random(6),
    );
    const unit = (m: number) => -0.8 + m * 1.6;
    for (let v = 0; v < size; v++)
      for (let p = 0; p < 3; p++) expect(moved[p * size + v]).toBeCloseTo(unit(moved[4 * size + v]), 4);
    expect(moved.subarray(4 * size)).not.toEqual(cropInput(crop, settings).subarray(4 * size));
  });

  test("drops phases to zero at the rate asked for, never all, and never revives an absent one", () => {
    const crop = drawnCrop(5, [true, false, true]);
    let dropped = 0;
    for (let seed = 0; seed < 400; seed++) {
      const out = augment(crop, settings, { ...still, phaseDropout: 0.3 }, random(seed));
      const zero = [0, 1, 2].map((p) => out.subarray(p * size, (p + 1) * size).every((x) => x === 0));
      expect(zero[1]).toBe(true);
      expect(zero[0] && zero[2]).toBe(false);
      dropped += Number(zero[0]);
    }
    // 0.3 · 0.7: both dropped counts as none.
    expect(dropped / 400).toBeGreaterThan(0.14);
    expect(dropped / 400).toBeLessThan(0.28);
  });
});
