import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { drawDisagreement } from "../../../../src/learning/segmentation/compare/drawDisagreement.ts";
import { reorient, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import { drawn, volume } from "../scores/blobs.ts";

const size: Vec3 = [60, 50, 12];
const spacing: Vec3 = [1, 2, 3];
const block = (i: number, k: readonly [number, number]) =>
  volume(
    drawn(
      size,
      [1, 1, 1],
      (at) => at[0] >= i && at[0] < i + 10 && at[1] >= 20 && at[1] < 25 && at[2] >= k[0] && at[2] < k[1],
    ),
    size,
    spacing,
  );
const pixels = (uri: string) => decode(Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64"));

describe("drawDisagreement", () => {
  it("shows the slice with most area in one outline alone, with 15 mm around what is on it", () => {
    // On slices 2 to 4 the second is moved by 4 voxels; on slice 5 it is alone.
    const [a, b] = [block(20, [2, 5]), block(24, [2, 6])];
    const shown = drawDisagreement(a, b, { labels: [1] })!;
    expect(shown).toMatchObject({ disagreementMm2: 10 * 5 * 2, over: "labels", reference: [] });
    expect([shown.widthMm, shown.heightMm]).toEqual([10 + 30, 10 + 2 * 16]);
    const x = shown.predicted[0].filter((_, n) => n % 2 === 0);
    const y = shown.predicted[0].filter((_, n) => n % 2 === 1);
    expect([Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)]).toEqual([15, 25, 16, 26]);
  });

  it("is the same picture whichever way the file's axes run", () => {
    const [a, b] = [block(20, [2, 5]), block(23, [3, 6])];
    const data = Int16Array.from(a.data, (_, n) => (n % 97) * 10 - 600);
    const image: Volume = { ...a, data };
    const turned = <T extends Volume>(given: T): T => {
      // Axes k, i, j, each the other way: the same voxels in another order.
      const flipped: Volume = {
        ...given,
        direction: [
          [0, 0, -1],
          [-1, 0, 0],
          [0, -1, 0],
        ],
        size: [size[2], size[0], size[1]],
        spacing: [spacing[2], spacing[0], spacing[1]],
        origin: [(size[0] - 1) * spacing[0], (size[1] - 1) * spacing[1], (size[2] - 1) * spacing[2]],
        data: given.data.map((_, n) => {
          const [nz, nx] = [size[2], size[0]];
          const [k, i, j] = [n % nz, Math.floor(n / nz) % nx, Math.floor(n / (nz * nx))];
          return given.data[size[0] - 1 - i + nx * (size[1] - 1 - j + size[1] * (nz - 1 - k))];
        }) as Volume["data"],
      };
      expect(reorient(flipped).data).toEqual(given.data);
      return flipped as T;
    };
    const [plain, other] = [
      drawDisagreement(a, b, { labels: [1] }, image)!,
      drawDisagreement(turned(a), turned(b), { labels: [1] }, turned(image))!,
    ];
    expect(other.image).toBe(plain.image);
    expect([other.reference.length, other.widthMm]).toEqual([plain.reference.length, plain.widthMm]);
    expect(plain.over).toBe("image");
    // Air is in it: the kidney window, −100 to 300 HU.
    const { data: gray, width, height } = pixels(plain.image);
    expect([width, height]).toEqual([40, 21]);
    // Slices 2 and 5 have one outline each; the first is taken. The picture begins at voxel 5, row 12.
    const at = 5 + 13 + 60 * (12 + 4 + 50 * 2);
    expect(gray[13 + width * 4]).toBe(Math.round((255 * Math.min(Math.max(data[at] + 100, 0), 400)) / 400));
  });

  it("draws nothing of masks that are both empty", () => {
    expect(drawDisagreement(block(20, [0, 0]), block(20, [0, 0]), { labels: [1] })).toBeUndefined();
  });
});
