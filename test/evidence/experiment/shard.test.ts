import fc from "fast-check";
import { expect, test } from "vitest";
import { isOwn } from "../../../src/evidence/experiment/shard.ts";

test("every model is exactly one share's", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (name, count) => {
      const shares = Array.from({ length: count }, (_, n) => ({ index: n + 1, count }));
      expect(shares.filter((shard) => isOwn(name, shard)).length).toBe(1);
    }),
  );
});

test("shares are about equal", () => {
  const names = Array.from({ length: 3000 }, (_, n) => `mtdl-s${n}-0123`);
  for (const index of [1, 2, 3]) {
    const own = names.filter((name) => isOwn(name, { index, count: 3 })).length;
    expect(Math.abs(own - 1000)).toBeLessThan(150);
  }
});
