import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { urnUuid } from "../../../../src/imaging/formats/fhir/urn.ts";

const keys = Array.from({ length: 100 }, (_, n) => `key ${n}`);

test("a UUID of version 8 from the SHA-256 of seed and key", () => {
  for (const key of keys) {
    const urn = urnUuid("seed", key);
    expect(urn).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const hash = createHash("sha256").update(`seed ${key}`).digest("hex");
    const hex = urn.slice("urn:uuid:".length).replaceAll("-", "");
    // All but the digits of version and variant.
    const own = (text: string) => text.slice(0, 12) + text.slice(13, 16) + text.slice(17, 32);
    expect(own(hex)).toBe(own(hash));
  }
  expect(keys.some((key) => urnUuid("seed", key).startsWith("urn:uuid:0"))).toBe(true);
});

test("the same again for the same seed and key, another for others", () => {
  expect(urnUuid("a", "report")).toBe(urnUuid("a", "report"));
  expect(
    new Set([...keys.map((key) => urnUuid("a", key)), ...keys.map((key) => urnUuid("b", key))]).size,
  ).toBe(200);
});
