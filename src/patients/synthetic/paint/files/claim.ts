import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../../base/errors.ts";
import { writeWhole } from "../../../../base/files.ts";

/** Says in the folder itself that its images are simulated. */
const notes = {
  painted: `PAINTED IMAGES - NOT REAL CT

The masks of this cohort are real. The three contrast phases are not: they were painted onto the masks by
trinephron. Their intensities follow from histology and pathological necrosis and from nothing else; stage and
complexity show only in the real shapes. Results obtained here say how the software works, not how well a model
reads CT. Every row of the table beside has source "painted", every image's header says "painted, not a real CT".
`,
  procedural: `SIMULATED ANATOMY AND PAINTED IMAGES - NO PATIENT, NO REAL CT

Kidneys, tumours, labels and the three contrast phases of this cohort are all simulated by trinephron. Stage
follows from the simulated size and invasion, complexity is measured on the simulated mask. Results obtained here
say how the software works, not how well a model reads CT. Every row of the table beside has source "procedural",
every image's header says "painted, not a real CT".
`,
} as const;

/**
 * Takes a folder for a painting run: notes its settings and that its images are not real.
 * The same settings may come again and go on; others need `force`.
 *
 * @throws E_FILE_EXISTS where the folder holds another cohort
 */
export async function claimFolder(
  folder: string,
  kind: keyof typeof notes,
  settings: Readonly<Record<string, unknown>>,
  force = false,
): Promise<void> {
  const path = join(folder, "painting.json");
  const text = `${JSON.stringify({ kind, ...settings }, null, 2)}\n`;
  const before = await readFile(path, "utf8").catch(() => undefined);
  const cohort = await access(join(folder, "cohort.csv")).then(
    () => true,
    () => false,
  );
  if (before !== text && (before !== undefined || cohort) && !force)
    throw new TrinephronError(
      "E_FILE_EXISTS",
      `${folder} holds a cohort made with other settings`,
      "choose another --out, or --force",
    );
  await writeWhole(path, text);
  await writeWhole(join(folder, "PAINTED.txt"), notes[kind]);
}
