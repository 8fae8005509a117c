import { byInstance, type Mark, marks, numberOf, type Part, timeOf } from "./marks.ts";
import { within } from "./partsCompared.ts";
import type { Places } from "./places.ts";
import type { Slice, SlicesAside } from "./slice.ts";

/** Partitions whose parts may share the slice at their border, most telling first. */
const borders: readonly Mark[] = [...marks.filter(({ steps }) => steps), byInstance];

/**
 * What two parts of one pass took twice, each at its end: all but the later slice. Other slices at one place stay, to
 * be refused where they differ.
 */
export function bordersOf(pass: readonly Slice[], places: Places): SlicesAside[] {
  const doubled = places.groups(pass).filter((slices) => slices.length > 1);
  if (doubled.length === 0) return [];
  const partitions = borders.map((mark) => mark.parts(pass, places));
  return doubled.flatMap((slices) => {
    for (const parts of partitions) {
      const own = slices.map((slice) => parts.find((part) => part.slices.includes(slice)));
      const known = own.every((part) => part !== undefined && part.label !== "");
      if (!known || new Set(own).size < slices.length || !meet(own as Part[], places)) continue;
      const last = slices.reduce((a, b) => (isLater(b, a) ? b : a));
      const names = (own as Part[]).map(({ label }) => label).join(" and ");
      return {
        slices: slices.filter((slice) => slice !== last),
        reason: `at the border of ${names} (${places.named(last)}): the later slice is kept`,
      };
    }
    return [];
  });
}

/** Whether parts lie one after the other, none of them among the slices of another. */
const meet = (parts: readonly Part[], places: Places): boolean =>
  parts.every(
    (part) =>
      places.count(part.slices) >= 3 &&
      parts.every((other) => other === part || within(part.slices, other.slices, places) <= 0.25),
  );

/** In time, past midnight too, else by number. */
function isLater(a: Slice, b: Slice): boolean {
  const [ta, tb] = [timeOf(a), timeOf(b)];
  if (ta !== undefined && tb !== undefined && ta !== tb)
    return Math.abs(ta - tb) > 43_200 ? ta < tb : ta > tb;
  const [na, nb] = [a.plane.acquisition, b.plane.acquisition];
  return na !== undefined && nb !== undefined && na !== nb ? na > nb : numberOf(a) > numberOf(b);
}
