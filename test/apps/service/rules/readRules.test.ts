import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { decide } from "../../../../src/apps/service/rules/decide.ts";
import { factsOf } from "../../../../src/apps/service/rules/factsOf.ts";
import { readRules } from "../../../../src/apps/service/rules/readRules.ts";
import { context, ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anIntake } from "../intake/anIntake.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "rules.json");
const read = (text: string) => {
  writeFileSync(path, text);
  return readRules(path, ["mtdl"], ["pacs"]);
};
const file = (...rules: object[]) => JSON.stringify({ format: "trinephron-rules/1", rules });

test.each<[string, string, string]>([
  ["is no JSON", "{", "E_FORMAT"],
  ["is of another format", JSON.stringify({ format: "x", rules: [] }), "E_FORMAT"],
  ["names a model that the settings have not", file({ name: "a", model: "other" }), "E_USAGE"],
  ["names a destination that they have not", file({ name: "a", destinations: ["pacs", "x"] }), "E_USAGE"],
])("a file that %s is refused, by its name", async (_, text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
});

test("a file that is not there is E_FILE_MISSING", async () => {
  await expect(readRules(join(folder, "none.json"), [], [])).rejects.toMatchObject({
    code: "E_FILE_MISSING",
  });
});

test("the example of the documentation decides on a study as it came", async () => {
  const page = readFileSync(new URL("../../../../docs/service.md", import.meta.url), "utf8");
  const [, example] = /```json\n(\{\n {2}"format": "trinephron-rules[\s\S]*?)```/.exec(page)!;
  const rules = await read(example);
  const { intake } = await anIntake();
  const images = ctObjects(ctOf(grid(16)));
  for (const { bytes } of images) {
    const writer = await stageFile(intake.incoming, 1e6);
    await writer.write(bytes);
    await receiveInstance(intake, await writer.finish(), "C-STORE", { sender: "CT_RESEARCH" });
  }
  const facts = await factsOf(intake.database, 1);
  expect(facts.description).toBe(context.study.description ?? "");
  expect(facts.series).toMatchObject([
    { modality: "CT", sender: "CT_RESEARCH", origins: ["C-STORE"], images: images.length },
  ]);
  expect(decide(rules, facts).read).toBe(false);
  const large = facts.series.map((series) => ({ ...series, images: 300, description: "Renal mass" }));
  expect(decide(rules, { ...facts, age: 60, series: large })).toMatchObject({
    read: true,
    model: "mtdl",
    destinations: ["pacs"],
  });
});
