import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole, writeWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { parseTable, requireColumns, textCell, wordCell } from "../../../imaging/formats/tables/table.ts";
import type { CropSettings } from "../../../learning/crop/cropInput.ts";
import { type LoadOptions, loadCrops } from "../../../learning/crop/loadCrops.ts";
import { type Case, type Cohort, type Phase, phasesOf } from "../../../patients/cohort/case.ts";
import { readLogits } from "../logits.ts";
import { storeFiles } from "../modelStore.ts";

/** SHA-256 by file's role: of the file's bytes, and of the voxels cut from it, however it is packed. */
const fingerprint = z.object({
  case: z.string(),
  patient: z.string(),
  files: z.record(z.string(), z.string()),
  voxels: z.record(z.string(), z.string()),
});
export type Fingerprint = z.output<typeof fingerprint>;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (data: Int16Array | Uint8Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** @throws E_FILE_MISSING, and as `loadCrops` */
export async function fingerprints(
  cohort: Cohort,
  settings: CropSettings,
  options: LoadOptions,
): Promise<Fingerprint[]> {
  const crops = await loadCrops(cohort, settings, options);
  const found: Fingerprint[] = [];
  for (const [i, c] of cohort.cases.entries()) {
    const { hu, mask, present } = crops[i];
    const size = settings.voxels ** 3;
    const voxels = settings.phases.flatMap((phase, p) =>
      present[p] ? [[phase, sha256(bytesOf(hu.subarray(p * size, (p + 1) * size)))]] : [],
    );
    found.push({
      case: c.case,
      patient: c.patient,
      files: await fileHashes(cohort.folder, c, phasesOf(cohort)),
      voxels: Object.fromEntries([
        ...voxels,
        ...(mask.length > 0 ? [["mask", sha256(bytesOf(mask))] as const] : []),
      ]),
    });
  }
  return found;
}

async function fileHashes(
  folder: string,
  c: Case,
  phases: readonly Phase[],
): Promise<Record<string, string>> {
  const roles = [...phases.map((phase) => [phase, c.images[phase]] as const), ["mask", c.mask] as const];
  const there = roles.flatMap(([role, path]) => (path === undefined ? [] : [[role, path] as const]));
  return Object.fromEntries(
    await Promise.all(
      there.map(async ([role, path]) => [role, sha256(await readWhole(join(folder, path)))] as const),
    ),
  );
}

/** @throws E_COHORT where the same bytes or the same voxels stand under two patients' names */
export function mustDiffer(all: readonly Fingerprint[]): void {
  const files = all.flatMap(({ case: name, patient, files, voxels }) =>
    [files, voxels].flatMap((hashes) =>
      Object.entries(hashes).map(([role, hash]) => ({ name, patient, role, hash })),
    ),
  );
  for (const same of Map.groupBy(files, ({ hash }) => hash).values()) {
    const other = same.find(({ patient }) => patient !== same[0].patient);
    if (other)
      throw new TrinephronError(
        "E_COHORT",
        `${same[0].name} and ${other.name}: the ${same[0].role} of the one is the ${other.role} of the other`,
        "a case under two names can be trained and tested on: remove one, or give both one patient",
      );
  }
}

const fingerprintFile = z.object({
  format: z.literal("trinephron-fingerprints/1"),
  cases: z.array(fingerprint),
});

/**
 * Compares the cohort's files with what they were when the experiment began, or notes them where it begins now.
 * @throws E_COHORT where a case's file is not what it was: answers to the old one are kept
 */
export async function mustBeUnchanged(path: string, all: readonly Fingerprint[]): Promise<void> {
  if (!existsSync(path)) {
    const text = JSON.stringify({ format: "trinephron-fingerprints/1", cases: all }, null, 1);
    return writeWhole(path, `${text}\n`);
  }
  const { cases } = parseJson(fingerprintFile, (await readWhole(path)).toString("utf8"), path);
  const before = new Map(cases.map((c) => [c.case, c.files]));
  for (const { case: name, files } of all)
    for (const [role, hash] of Object.entries(files)) {
      const old = before.get(name)?.[role];
      if (old !== undefined && old !== hash)
        throw new TrinephronError(
          "E_COHORT",
          `${name}: its ${role} is another file than when the experiment began`,
          "start the experiment again in another --out",
        );
    }
}

/** The cases that one model has to do with. */
export interface ModelCases {
  readonly model: string;
  readonly development: readonly {
    readonly case: string;
    readonly patient: string;
    readonly center: string;
    readonly role: "training" | "validation";
  }[];
  readonly answered: readonly string[];
}

/** What each model's folder says it was developed on and asked about. @throws E_FORMAT */
export async function modelCases(folder: string): Promise<ModelCases[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const found: ModelCases[] = [];
  for (const model of names) {
    const path = join(folder, model, storeFiles.development);
    if (!existsSync(path)) continue;
    const table = parseTable(await readWhole(path), path);
    requireColumns(table, ["case", "patient", "center", "role"]);
    const answers = join(folder, model, "answers");
    const files = (await readdir(answers).catch(() => [])).filter((name) => name.endsWith(".csv"));
    const answered = await Promise.all(files.map((name) => readLogits(join(answers, name))));
    found.push({
      model,
      development: table.rows.map((row) => ({
        case: textCell(table, row, "case"),
        patient: textCell(table, row, "patient"),
        center: textCell(table, row, "center"),
        role: wordCell(table, row, "role", ["training", "validation"] as const),
      })),
      answered: [...new Set(answered.flatMap((logits) => [...logits.keys()]))],
    });
  }
  return found;
}

/**
 * Compares every model's lists of cases: what it was developed on, and what it answered.
 * @throws E_COHORT where a case or patient is in both, a patient trains and validates, an answered case is unknown, or
 * an external case is among the development cases (but for a model of every case of all centres but one, asked about
 * that one)
 */
export function mustNotLeak(
  models: readonly ModelCases[],
  { cases }: Pick<Cohort, "cases">,
  developmentCenter: string,
): void {
  const byName = new Map(cases.map((c) => [c.case, c]));
  const centers = new Set(cases.map((c) => c.center));
  for (const { model, development, answered } of models) {
    const leak = (what: string) =>
      new TrinephronError("E_COHORT", `${model}: ${what}`, "its figures are void: remove its folder");
    const known = new Set(development.map((c) => c.case));
    const patients = new Set(
      development.flatMap((c) => [c.patient, byName.get(c.case)?.patient ?? c.patient]),
    );
    const training = new Set(development.filter((c) => c.role === "training").map((c) => c.patient));
    const both = development.find((c) => c.role === "validation" && training.has(c.patient));
    if (both) throw leak(`patient ${both.patient} both trains and validates`);

    const own = new Set(development.map((c) => byName.get(c.case)?.center ?? c.center));
    const stranger = development.find((c) => (byName.get(c.case)?.center ?? c.center) !== developmentCenter);
    // Every case of all centres but one: any less is no leaving out of a centre.
    const whole = cases.every((c) => !own.has(c.center) || known.has(c.case));
    const allButOne = centers.size > 2 && own.size === centers.size - 1 && whole;
    if (stranger && !allButOne)
      throw leak(`case ${stranger.case} of centre ${stranger.center} is external, but was developed on`);

    for (const name of answered) {
      const c = byName.get(name);
      if (!c) throw leak(`answered case ${name}, which is not in the cohort`);
      if (known.has(name)) throw leak(`case ${name} was developed on and tested`);
      if (patients.has(c.patient))
        throw leak(`patient ${c.patient} was developed on and tested (case ${name})`);
      if (stranger && own.has(c.center))
        throw leak(`case ${name} is of centre ${c.center}, which was developed on`);
    }
  }
}
