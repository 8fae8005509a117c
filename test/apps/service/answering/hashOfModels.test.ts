import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hashOfFile, hashOfModels } from "../../../../src/apps/service/answering/hashOfModels.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-hash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a model's hash follows its networks and settings, and nothing else", async () => {
  mkdirSync(join(folder, "fine"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("fine/model.onnx", "network");
  write("config.json", "{}");
  const before = await hashOfModels(folder);
  write("MODEL_CARD.md", "card");
  expect(await hashOfModels(folder)).toBe(before);
  write("fine/model.onnx", "another");
  const after = await hashOfModels(folder);
  expect(after).not.toBe(before);
  write("config.json", "[]");
  expect(await hashOfModels(folder)).not.toBe(after);
});

test("one file's is that of its content", async () => {
  writeFileSync(join(folder, "abc"), "abc");
  // FIPS 180-2, appendix B.1.
  const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([await hashOfFile(join(folder, "abc")), await hashOfModels(join(folder, "abc"))]).toEqual([
    hash,
    hash,
  ]);
  for (const hashOf of [hashOfFile, hashOfModels])
    await expect(hashOf(join(folder, "none"))).rejects.toMatchObject({ code: "E_FILE_MISSING" });
});
