import { expect, test } from "vitest";
import { openRecent } from "../../../../src/apps/service/http/recent.ts";

test("a key is known for so long, from when it was last added", () => {
  let now = 0;
  const recent = openRecent(100, () => now);
  expect(recent.has("a")).toBe(false);
  recent.add("a");
  now = 60;
  expect([recent.has("a"), recent.has("b")]).toEqual([true, false]);
  recent.add("a");
  now = 120;
  expect(recent.has("a")).toBe(true);
  now = 160;
  expect(recent.has("a")).toBe(false);
});

test("no more than ten thousand are kept, the latest", () => {
  const recent = openRecent(100, () => 0);
  for (let n = 0; n <= 10_000; n++) recent.add(String(n));
  expect([recent.has("0"), recent.has("1"), recent.has("10000")]).toEqual([false, true, true]);
});
