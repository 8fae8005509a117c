import { expect, test } from "vitest";
import { outcomeOf } from "../../../../../src/apps/service/delivery/http/outcomeOf.ts";

const at = Date.parse("2026-01-01T00:00:00Z");
const answered = (status: number, retryAfter?: string, text = "") =>
  outcomeOf({ status, retryAfter, text }, at);

test.each([
  [200, "taken"],
  [204, "taken"],
  [302, "later"],
  [400, "refused"],
  [401, "later"],
  [404, "later"],
  [408, "later"],
  [413, "refused"],
  [415, "refused"],
  [422, "refused"],
  [429, "later"],
  [500, "later"],
  [503, "later"],
])("status %s: %s", (status, outcome) => {
  expect(answered(status).outcome).toBe(outcome);
});

test.each([
  ["120", 120],
  ["Thu, 01 Jan 2026 00:01:30 GMT", 90],
  ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After: %s is %s s", (header, seconds) => {
  expect(answered(429, header)).toMatchObject({ afterSeconds: seconds });
});

test("what a server says is shown on one line, and not all of it", () => {
  const { reason } = answered(400, undefined, `no\r\n\0  ${"x".repeat(1000)}`) as { reason: string };
  expect(reason).toMatch(/^HTTP status 400: no x+$/);
  expect(reason.length).toBe(300);
});
