import fc from "fast-check";
import { expect, test } from "vitest";
import { linkOf, viewOf } from "../../../../src/apps/room/store/link.ts";
import { firstView, layouts, type View } from "../../../../src/apps/room/store/view.ts";
import { planes } from "../../../../src/apps/room/view/plane.ts";

/** Numbers that a link keeps: two decimals. */
const number = (min: number, max: number) =>
  fc.integer({ min: 100 * min, max: 100 * max }).map((n) => n / 100);
const point = fc.tuple(number(-900, 900), number(-900, 900), number(-2000, 2000));
const views = fc.record({
  layout: fc.constantFrom(...layouts),
  plane: fc.constantFrom(...planes),
  point,
  middle: point,
  zoom: number(1, 20),
  window: fc.record({ center: number(-2000, 4000), width: number(1, 8000) }),
  active: fc.nat(2),
});

test("a link brings back the view it was made of", () => {
  fc.assert(
    fc.property(views, (part) => {
      const view: View = { ...firstView, ...part };
      expect({ ...firstView, ...viewOf(`#${linkOf(view)}`) }).toEqual(view);
    }),
  );
});

test("what a link does not say rightly is passed over", () => {
  expect(viewOf("#plane=oblique&point=1,2&middle=1,x,3&zoom=1e9&window=40,0&image=0&layout=<b>")).toEqual({});
  expect(viewOf("#point=1,2,&zoom=&window=40")).toEqual({});
  fc.assert(fc.property(fc.string(), (text) => void viewOf(text)));
});
