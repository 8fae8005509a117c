import { expect, test } from "vitest";
import { library } from "../../../src/apps/service/library.ts";

test("a library that is missing is told with the line that installs all of them", async () => {
  const missing = library("a-library", () => import("no-such-package" as string));
  await expect(missing).rejects.toMatchObject({
    code: "E_LIBRARY",
    message: expect.stringContaining("a-library"),
    hint: expect.stringMatching(/^npm install (?=.*fastify@)(?=.*pg-boss@)/),
  });
  const broken = library("a-library", async () => {
    throw new TypeError("broken");
  });
  await expect(broken).rejects.toThrow(TypeError);
});
