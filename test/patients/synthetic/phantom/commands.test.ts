import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { register as paint } from "../../../../src/apps/cli/cohort/cohortPaint.ts";
import { register as phantom } from "../../../../src/apps/cli/cohort/cohortPhantom.ts";
import { readCohort } from "../../../../src/patients/cohort/csv.ts";

const root = new URL("../../../../", import.meta.url);
const page = readFileSync(new URL("docs/painting.md", root), "utf8");
const folder = mkdtempSync(join(tmpdir(), "trinephron-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(args: readonly string[]): Promise<string> {
  const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const quiet = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    const cohort = new Command("cohort").exitOverride();
    paint(cohort);
    phantom(cohort);
    await cohort.parseAsync([...args], { from: "user" });
    return printed.mock.calls.map(([text]) => text).join("");
  } finally {
    printed.mockRestore();
    quiet.mockRestore();
  }
}

test("phantom, then paint on its masks, as docs/painting.md has them, smaller", async () => {
  const [, commands] = /```sh\n([\s\S]*?)```/.exec(page)!;
  const [painting, simulating] = commands
    .trim()
    .split("\n")
    .map((line) => line.replace("trinephron cohort ", "").split(" "));
  const smaller = (words: readonly string[]) =>
    words.map((word, n) => {
      const option = words[n - 1];
      if (option === "--spacing") return "4";
      if (option === "--cases-a" || option === "--cases-b") return "2";
      return /^(kits|simulated)$/.test(word)
        ? join(folder, "simulated")
        : word.replace(/^painted$/, join(folder, word));
    });
  const simulate = [...smaller(simulating), "--spacing", "4", "--json"];
  const summary = JSON.parse(await run(simulate)) as { cases: number; source: string };
  expect(summary).toMatchObject({ cases: 4, source: "procedural" });
  expect(JSON.parse(await run(simulate))).toEqual(summary);
  await expect(run([...simulate, "--seed", "9"])).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
  await run(smaller(painting));
  const [before, after] = [
    await readCohort(join(folder, "simulated")),
    await readCohort(join(folder, "painted")),
  ];
  expect(after.cases.map((c) => [c.case, c.stage, c.renal])).toEqual(
    before.cases.map((c) => [c.case, c.stage, c.renal]),
  );
  expect(readFileSync(join(folder, "painted", "PAINTED.txt"), "utf8")).toContain("NOT REAL CT");
});

test("painting names the cases it cannot paint, and paints the rest", async () => {
  const cohort = await readCohort(join(folder, "simulated"));
  const csv = readFileSync(join(folder, "simulated", "cohort.csv"), "utf8");
  const broken = csv.replace(`images/${cohort.cases[1].case}/mask.nii.gz`, "images/lost.nii.gz");
  writeFileSync(join(folder, "simulated", "cohort.csv"), broken);
  const command = ["paint", join(folder, "simulated"), "--out", join(folder, "partly"), "--spacing", "4"];
  await expect(run(command)).rejects.toMatchObject({ code: "E_COHORT" });
  expect((await readCohort(join(folder, "partly"))).cases).toHaveLength(3);
});
