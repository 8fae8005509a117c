import fc from "fast-check";
import { expect, test } from "vitest";
import { grayOf, huOn, nowhere, nowhereColor, paint, presets } from "../../../../src/apps/room/view/gray.ts";
import { lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";

test("a window is black at its lower end, white at its upper end, and mid-grey at its centre", () => {
  for (const { center, width } of Object.values(presets)) {
    expect(grayOf(center - width / 2, { center, width })).toBe(0);
    expect(grayOf(center + width / 2, { center, width })).toBe(255);
    expect(Math.abs(grayOf(center, { center, width }) - 127.5)).toBeLessThanOrEqual(0.5);
  }
});

test("pixels are as the grey of each HU says, opaque", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1100, max: 3000 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 1, max: 4000 }),
      (values, center, width) => {
        const rgba = new Uint8ClampedArray(4 * values.length);
        paint(rgba, Int16Array.from(values), { center, width });
        values.forEach((hu, n) => {
          const [red, green, blue, alpha] = rgba.subarray(4 * n, 4 * n + 4);
          expect([green, blue, alpha]).toEqual([red, red, 255]);
          // A half goes to the even number in a clamped array, up elsewhere.
          expect(Math.abs(red - grayOf(hu, { center, width }))).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});

test("where the scan does not reach, a picture has its own colour, whatever the window", () => {
  const volume: Volume<Int16Array> = {
    size: [2, 2, 2],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: lpsDirection,
    data: new Int16Array(8).fill(100),
  };
  const grid = { ...volume, size: [4, 1, 1] as const, origin: [-1, 0, 0] as const };
  for (const smooth of [true, false]) {
    const hu = huOn(volume, grid, smooth);
    expect([...hu]).toEqual([nowhere, 100, 100, nowhere]);
    const rgba = new Uint8ClampedArray(16);
    paint(rgba, hu, { center: -40000, width: 4000 });
    expect([...rgba.subarray(0, 3)]).toEqual([...nowhereColor]);
    expect([...rgba.subarray(4, 7)]).toEqual([255, 255, 255]);
  }
});
