import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { credentialsOf } from "../../../../src/apps/service/delivery/credentials.ts";
import { destination, destinations } from "../../../../src/apps/service/delivery/destination.ts";
import { parseServiceSettings } from "../../../../src/apps/service/settings/settings.ts";

const pacs = { name: "pacs", kind: "dicomweb", url: "https://pacs.example/dicom-web" } as const;

test.each<[string, object]>([
  ["of no known kind", { ...pacs, kind: "ftp" }],
  ["with a name that is no word", { ...pacs, name: "The PACS" }],
  ["without an address", { ...pacs, url: undefined }],
  ["at an address that is none", { ...pacs, url: "pacs.example" }],
  ["at a file", { ...pacs, url: "file:///etc/passwd" }],
  ["with a password in the address", { ...pacs, url: "https://user:secret@pacs.example" }],
  ["with a secret in the address", { ...pacs, url: "https://pacs.example/?token=secret" }],
  ["with two kinds of secrets", { ...pacs, bearerVariable: "A", basicVariable: "B" }],
  ["with a secret itself", { ...pacs, bearer: "secret" }],
  ["for no objects", { ...pacs, files: [] }],
  ["for an object that is none", { ...pacs, files: ["page"] }],
  ["without a port", { name: "a", kind: "dimse", host: "pacs", aeTitle: "PACS" }],
])("a destination %s is refused", (_, given) => {
  expect(destination.safeParse(given).success).toBe(false);
});

test("two destinations have two names", () => {
  expect(destinations.safeParse([pacs, pacs]).success).toBe(false);
  expect(destinations.safeParse([pacs, { ...pacs, name: "archive" }]).success).toBe(true);
});

test("secrets are read from the environment, and a missing one is said by its name", () => {
  const credentials = (own: object, environment: Record<string, string>) =>
    credentialsOf(destination.parse({ ...pacs, ...own }), environment);
  expect(credentials({}, {})).toEqual({});
  expect(credentials({ bearerVariable: "T" }, { T: "abc\n" })).toEqual({ authorization: "Bearer abc" });
  expect(credentials({ basicVariable: "T" }, { T: "a:b" })).toEqual({ authorization: "Basic YTpi" });
  for (const T of ["", " "])
    expect(() => credentials({ bearerVariable: "T" }, { T })).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringMatching(/pacs.*\bT\b/) }),
    );
});

test("the example of the documentation is as the settings are to be", () => {
  const page = readFileSync(new URL("../../../../docs/service.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/```json\n(\{\n {2}"model"[\s\S]*?)```/g)].map(([, example]) => example);
  const example = examples.find((text) => text.includes('"destinations"'))!;
  const { destinations } = parseServiceSettings(JSON.parse(example), "docs/service.md");
  expect(destinations.map(({ kind }) => kind)).toEqual(["dicomweb", "dimse", "fhir", "webhook"]);
});
