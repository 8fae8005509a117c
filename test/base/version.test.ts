import { expect, test } from "vitest";
import { software, softwareOf, version } from "../../src/base/version.ts";

test("the version comes back out of what files are signed with", () => {
  expect(softwareOf(software)).toEqual({ name: "trinephron", version });
  expect(softwareOf("trinephron 0.0.0-test").version).toBe("0.0.0-test");
});
