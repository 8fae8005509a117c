import type { Statements } from "../database/database.ts";
import { type DeliveryLine, deliveriesOf } from "../delivery/listDeliveries.ts";
import { noStudy } from "./change.ts";
import { lineColumns, type StudyLine } from "./listStudies.ts";
import type { ResultFile } from "./result.ts";

/** All that is known of a study. */
export interface StudyDetail extends StudyLine {
  readonly reason: string | null;
  readonly series: readonly {
    readonly seriesUid: string;
    readonly modality: string | null;
    readonly number: number | null;
    readonly description: string | null;
    readonly images: number;
  }[];
  readonly events: readonly {
    readonly at: Date;
    readonly kind: string;
    readonly code: string | null;
    readonly detail: string | null;
  }[];
  /** Of its results, to each destination. */
  readonly deliveries: readonly DeliveryLine[];
  readonly result:
    | {
        readonly answeredAt: Date;
        /** How many images it was made of; fewer than the study has where some came later. */
        readonly images: number;
        readonly modelSha256: string;
        readonly files: readonly ResultFile[];
      }
    | undefined;
}

/** @throws E_STUDY where there is none of this UID */
export async function findStudy({ query }: Statements, studyUid: string): Promise<StudyDetail> {
  type Found = StudyLine & {
    readonly id: number;
    readonly reason: string | null;
    readonly resultAt: Date | null;
    readonly resultImages: number;
    readonly modelSha256: string;
    readonly files: readonly ResultFile[];
    readonly [column: string]: unknown;
  };
  const [found] = await query<Found>(
    `select s.id, s.reason, ${lineColumns}, r.answered_at as "resultAt", r.revision as "resultImages",
       r.model_sha256 as "modelSha256", r.files
     from trinephron.studies s left join trinephron.results r on r.study_id = s.id where s.study_uid = $1`,
    [studyUid],
  );
  if (!found) throw noStudy();
  const { id, resultAt, resultImages, modelSha256, files, ...study } = found;
  const series = await query<StudyDetail["series"][number] & Record<string, unknown>>(
    `select e.series_uid as "seriesUid", e.modality, e.number, e.description,
       (select count(*)::integer from trinephron.instances i where i.series_uid = e.series_uid) as images
     from trinephron.series e where e.study_id = $1 order by e.number nulls last, e.series_uid`,
    [id],
  );
  const events = await query<StudyDetail["events"][number] & Record<string, unknown>>(
    "select at, kind, code, detail from trinephron.events where study_id = $1 order by id desc limit 500",
    [id],
  );
  return {
    ...study,
    series,
    events,
    deliveries: await deliveriesOf({ query }, id),
    result: resultAt ? { answeredAt: resultAt, images: resultImages, modelSha256, files } : undefined,
  };
}
