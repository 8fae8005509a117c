import { describe, expect, test } from "vitest";
import { networkOf } from "../../../../src/apps/service/access/networkOf.ts";
import { openRequestLimit } from "../../../../src/apps/service/access/requestLimit.ts";
import { openTries } from "../../../../src/apps/service/access/tries.ts";

describe("tries that failed", () => {
  let at = 0;
  const bounds = { free: 3, firstMs: 1000, longestMs: 10_000, now: () => at };

  test("are free at first, then have to wait twice as long each time, up to a bound", () => {
    const tries = openTries(bounds);
    const waits = Array.from({ length: 9 }, () => {
      tries.begin("a");
      const wait = tries.wait("a");
      at += wait;
      return wait;
    });
    expect(waits).toEqual([0, 0, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    expect(tries.wait("b")).toBe(0);
  });

  test("are forgotten when one succeeds, or after a while; one is forgiven", () => {
    const tries = openTries(bounds);
    const fail = (times: number) => {
      for (let n = 0; n < times; n++) tries.begin("a");
      return tries.wait("a");
    };
    expect(fail(4)).toBe(2000);
    tries.forget("a");
    expect(fail(2)).toBe(0);
    tries.forgive("a");
    expect(fail(2)).toBe(1000);
    at += 20_001;
    expect(fail(2)).toBe(0);
  });

  test("of ever new names take no more memory", () => {
    const tries = openTries({ ...bounds, free: 1 });
    tries.begin("first");
    for (let n = 0; n < 10_000; n++) tries.begin(`name ${n}`);
    expect(tries.wait("first")).toBe(0);
    expect(tries.wait("name 1")).toBe(1000);
  });
});

test("requests are counted by the minute, for each address", () => {
  let at = 500;
  const limit = openRequestLimit(2, () => at);
  expect([limit("a"), limit("a"), limit("b"), limit("a")]).toEqual([0, 0, 0, 60]);
  at += 45_500;
  expect(limit("a")).toBe(15);
  at += 14_500;
  expect(limit("a")).toBe(0);
});

test.each([
  ["10.1.2.3", "10.1.2.3"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8:0:7::", "2001:db8:0:7::/64"],
  ["2001:db8:0:7:a:b:c:d", "2001:db8:0:7::/64"],
  ["2001:0DB8::7:1:2:3:4", "2001:db8:0:7::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("%s is of %s", (address, network) => expect(networkOf(address)).toBe(network));
