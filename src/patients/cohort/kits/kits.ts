import { join, relative, resolve } from "node:path";
import { codes, TrinephronError } from "../../../base/errors.ts";
import type { Case, Cohort } from "../case.ts";
import { sexes } from "../columns.ts";
import { complexityOf } from "../complexity.ts";
import { writeCohort } from "../csv.ts";
import { type FlowStep, flowOf, writeFlow } from "../flow.ts";
import { stageGroup } from "../stageGroup.ts";
import { type CenterRule, centerOf, kitsWaves } from "./centers.ts";
import { type Inclusion, reasonAgainst } from "./eligibility.ts";
import type { MaskMeasures } from "./measureMask.ts";
import { type MeasureOptions, measureMasks } from "./measurements.ts";
import { caseNumber, type KitsRecord, readKitsRecords } from "./record.ts";
import { subtypeOf } from "./subtype.ts";

export interface ImportKitsOptions extends MeasureOptions {
  /** Default: cases 0–299 are centre A, 400–499 centre B. */
  readonly centers?: readonly CenterRule[] | undefined;
  /** Default `malignant`. */
  readonly only?: Inclusion | undefined;
  /** True stops at the first broken mask; else its case is left out and counted. */
  readonly strict?: boolean | undefined;
}

export interface ImportedCohort {
  readonly cohort: Cohort;
  readonly flow: readonly FlowStep[];
  /** Cases left out because their masks do not serve. */
  readonly failed: readonly { readonly case: string; readonly error: TrinephronError }[];
  /** What was filled, rounded or taken away in the masks of the cases that stay. */
  readonly remarks: readonly { readonly case: string; readonly remark: string }[];
}

/**
 * Makes a cohort of the KiTS23 release (Heller et al., arXiv:2307.01984): solid malignant tumours of adults, with
 * pathological AJCC 8 stage groups, and R.E.N.A.L. scores computed from the masks. Its cases have masks and no
 * images. Writes `measurements.jsonl` as it measures, the flow, and `cohort.csv` last.
 *
 * @param root folder of `kits23.json` and a `segmentation.nii.gz` in each case’s folder
 * @throws E_FILE_MISSING, E_FORMAT, E_COHORT for a `kits23.json` that is missing, none, or leaves no case
 * @throws E_INTERRUPTED; with `strict`, the error of the first mask that does not serve
 */
export async function importKits(root: string, options: ImportKitsOptions): Promise<ImportedCohort> {
  const { centers = kitsWaves, only = "malignant", strict = false } = options;
  const out = resolve(options.out);
  const records = await readKitsRecords(root);
  const waves = flowOf("KiTS23 cases of the centres’ collection waves", records, (r) =>
    centerOf(centers, caseNumber(r)) === undefined ? `no case of ${printed(centers)}` : undefined,
  );
  const eligible = flowOf("Solid malignant renal tumour of an adult", waves.kept, (r) =>
    reasonAgainst(r, only),
  );
  const masks = eligible.kept.map((r) => ({ case: r.case_id, path: maskPath(root, r) }));
  const measured = await measureMasks(masks, { ...options, out });
  const failed = eligible.kept.flatMap((r) => {
    const error = measured.get(r.case_id);
    return error instanceof TrinephronError ? [{ case: r.case_id, error }] : [];
  });
  if (strict && failed.length > 0) throw failed[0].error;
  const usable = flowOf("Mask of kidney and tumour", eligible.kept, (r) => {
    const error = measured.get(r.case_id);
    return error instanceof TrinephronError ? codes[error.code] : undefined;
  });
  if (usable.kept.length === 0)
    throw new TrinephronError("E_COHORT", `${root}: no case is left`, "check --centers and the masks");
  const cases = usable.kept.map((r) =>
    caseOf(r, {
      center: centerOf(centers, caseNumber(r))!,
      mask: relative(out, maskPath(root, r)),
      measures: measured.get(r.case_id) as MaskMeasures,
    }),
  );
  const cohort = { folder: out, cases };
  const flow = [waves.step, eligible.step, usable.step];
  await writeFlow(out, flow);
  await writeCohort(cohort);
  const remarks = usable.kept.flatMap((r) =>
    (measured.get(r.case_id) as MaskMeasures).remarks.map((remark) => ({ case: r.case_id, remark })),
  );
  return { cohort, flow, failed, remarks };
}

interface Own {
  readonly center: string;
  readonly mask: string;
  readonly measures: MaskMeasures;
}

function caseOf(record: KitsRecord, { center, mask, measures }: Own): Case {
  const { age_at_nephrectomy: age, gender, radiographic_size: cm, tumor_necrosis: necrosis } = record;
  // KiTS records gender; where that does not tell the sex at birth, the sex is unknown.
  const sex = sexes.find((s) => s === gender);
  const stage = stageGroup(
    record.pathology_t_stage ?? undefined,
    record.pathology_n_stage ?? undefined,
    record.pathology_m_stage ?? undefined,
  );
  return {
    case: record.case_id,
    patient: record.case_id,
    center,
    ...(typeof age === "number" && { age }),
    ...(sex && { sex }),
    images: {},
    mask,
    histology: subtypeOf(record.tumor_histologic_subtype!).histology,
    ...(stage && { stage }),
    complexity: complexityOf(measures.renal),
    renal: measures.renal,
    sizeMm: typeof cm === "number" ? Math.round(100 * cm) / 10 : measures.diameterMm,
    ...(typeof necrosis === "boolean" && { necrosis }),
    source: "real",
  };
}

const maskPath = (root: string, { case_id }: KitsRecord): string =>
  join(resolve(root), case_id, "segmentation.nii.gz");

const printed = (centers: readonly CenterRule[]): string =>
  centers.map(({ center, from, to }) => `${center} (${from}–${to})`).join(" or ");
