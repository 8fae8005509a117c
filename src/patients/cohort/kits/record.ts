import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";

/** The fields of one case of `kits23.json` that are read; all others are passed over. */
const kitsRecord = z.object({
  case_id: z.string().regex(/^case_\d{5}$/),
  age_at_nephrectomy: z.number().nullish(),
  gender: z.string().nullish(),
  malignant: z.boolean().nullish(),
  tumor_histologic_subtype: z.string().nullish(),
  pathology_t_stage: z.string().nullish(),
  pathology_n_stage: z.string().nullish(),
  pathology_m_stage: z.string().nullish(),
  radiographic_size: z.number().nullish().describe("cm"),
  tumor_necrosis: z.boolean().nullish(),
});
export type KitsRecord = z.infer<typeof kitsRecord>;

/** @throws E_FILE_MISSING, E_FORMAT with the place of the first field that does not fit, E_COHORT for no cases */
export async function readKitsRecords(root: string): Promise<KitsRecord[]> {
  const path = join(root, "kits23.json");
  const text = (await readWhole(path)).toString("utf8");
  const records = parseRecords(text, path);
  if (records.length === 0) throw new TrinephronError("E_COHORT", `${path}: no cases`);
  const ids = records.map((r) => r.case_id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice) throw new TrinephronError("E_COHORT", `${path}: ${twice} stands twice`);
  return records;
}

function parseRecords(text: string, path: string): KitsRecord[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TrinephronError("E_FORMAT", `${path}: not JSON (${(error as Error).message})`);
  }
  const parsed = z.array(kitsRecord).safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path: place, message }] = parsed.error.issues;
  throw new TrinephronError(
    "E_FORMAT",
    `${path}: ${place.join(".") || "the whole"}: ${message}`,
    "give the kits23.json of the KiTS23 release",
  );
}

/** 17 of `case_00017`. */
export const caseNumber = ({ case_id }: KitsRecord): number => Number(case_id.slice("case_".length));
