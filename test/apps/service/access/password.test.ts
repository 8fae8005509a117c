import { expect, test } from "vitest";
import { hashPassword, isPassword } from "../../../../src/apps/service/access/password.ts";

test("is kept by scrypt with a salt of its own, and what it costs beside it", async () => {
  const [one, other] = [await hashPassword("correct horse é"), await hashPassword("correct horse é")];
  expect(one).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(other).not.toBe(one);
  expect(await isPassword("correct horse é", one)).toBe(true);
  expect(await isPassword("correct horse e", one)).toBe(false);
  // A keyboard that composes the letter of two.
  expect(await isPassword("correct horse e\u0301", one)).toBe(true);
});

test("is compared with what an earlier cost made of it", async () => {
  // RFC 7914, section 12, third vector, of which the first 32 bytes.
  const hash = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
  const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  const kept = `$scrypt$ln=14,r=8,p=1$${text(Buffer.from("SodiumChloride"))}$${text(hash)}`;
  expect(await isPassword("pleaseletmein", kept)).toBe(true);
  expect(await isPassword("pleaseletmeout", kept)).toBe(false);
});

test("nobody's password is none, nor is what was kept wrongly", async () => {
  for (const kept of [null, undefined, "", "secret", "$scrypt$ln=14,r=8,p=1$$"])
    expect(await isPassword("", kept)).toBe(false);
});

test.each(["", "eleven sign", "x".repeat(201), "🔑".repeat(11)])("%s does not serve", async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({ code: "E_USAGE" });
});

test("more than can wait are refused rather than kept in memory", async () => {
  const asked = await Promise.allSettled(
    Array.from({ length: 18 }, () => isPassword("x", "$scrypt$ln=10,r=8,p=1$AAAA$AAAA")),
  );
  const refused = asked.filter(({ status }) => status === "rejected");
  expect(refused).toMatchObject([{ reason: { code: "E_BUSY" } }, { reason: { code: "E_BUSY" } }]);
  expect(await isPassword("x", "$scrypt$ln=10,r=8,p=1$AAAA$AAAA")).toBe(false);
});
