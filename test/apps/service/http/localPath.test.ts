import { expect, test } from "vitest";
import { localPath } from "../../../../src/apps/service/http/localPath.ts";

test.each(["/", "/studies/1.2.3", "/?search=doe&state=answered", "/deliveries?state=failed"])(
  "%s is kept",
  (path) => expect(localPath(path)).toBe(path),
);

test.each([
  undefined,
  "",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/..//evil.example",
  "/.//evil.example",
  "/a\r\nset-cookie: a=b",
  "studies",
])("%j leads to the first page", (path) => expect(localPath(path)).toBe("/"));
