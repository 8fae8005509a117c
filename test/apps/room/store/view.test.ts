import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstView,
  panned,
  pixelsOf,
  pointed,
  scrolled,
  windowed,
  zoomed,
} from "../../../../src/apps/room/store/view.ts";
import type { Extent } from "../../../../src/apps/room/view/extent.ts";
import { placeOf, pointAt } from "../../../../src/apps/room/view/pixels.ts";
import { axesOf, planes } from "../../../../src/apps/room/view/plane.ts";

const extent: Extent = { low: [-100, -80, 0], high: [100, 80, 300] };
const view = { ...firstView, point: [10, 20, 150], middle: [0, 0, 150] } as const;

test("scrolling goes to the head, the back, the left, by whole slices, and ends at the study's border", () => {
  expect(scrolled(view, "axial", 2, 1.5, extent).point).toEqual([10, 20, 153]);
  expect(scrolled(view, "coronal", -1, 2, extent).point).toEqual([10, 18, 150]);
  expect(scrolled(view, "sagittal", 3, 1, extent).point).toEqual([13, 20, 150]);
  expect(scrolled(view, "axial", 1e5, 1.5, extent).point).toEqual([10, 20, 300]);
});

test("moving the crosshair keeps the slice; moving the picture keeps the crosshair", () => {
  for (const plane of planes) {
    const { along } = axesOf[plane];
    expect(pointed(view, plane, 3, 4, extent).point[along]).toBe(view.point[along]);
    expect(panned(view, plane, 3, 4, extent).point).toEqual(view.point);
  }
  expect(pointed(view, "coronal", 0, 4, extent).point).toEqual([10, 20, 146]);
});

test("zooming keeps the point that it goes around where it is on the screen", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...planes),
      fc.double({ min: 0.8, max: 3, noNaN: true }),
      fc.tuple(fc.integer({ min: 100, max: 500 }), fc.integer({ min: 100, max: 300 })),
      (plane, factor, place) => {
        const pixels = pixelsOf(view, plane, 600, 400, extent);
        const around = pointAt(pixels, place);
        const next = zoomed(view, plane, factor, around, { low: [-1e4, -1e4, -1e4], high: [1e4, 1e4, 1e4] });
        const [x, y] = placeOf(pixelsOf(next, plane, 600, 400, extent), around);
        expect(Math.hypot(x - place[0], y - place[1])).toBeLessThan(1e-6);
      },
    ),
  );
});

test("at zoom 1 all of the study is in the picture", () => {
  for (const plane of planes) {
    const pixels = pixelsOf({ ...view, middle: [0, 0, 150] }, plane, 640, 480, extent);
    for (const corner of [extent.low, extent.high]) {
      const [x, y] = placeOf(pixels, corner);
      expect(x).toBeGreaterThanOrEqual(-1e-9);
      expect(x).toBeLessThanOrEqual(640 + 1e-9);
      expect(y).toBeGreaterThanOrEqual(-1e-9);
      expect(y).toBeLessThanOrEqual(480 + 1e-9);
    }
  }
});

test("a window is never narrower than 1 HU", () => {
  expect(windowed(view, 0, -1e6).window.width).toBe(1);
  expect(windowed(view, 10, 0).window.center).toBe(view.window.center + 10);
});
