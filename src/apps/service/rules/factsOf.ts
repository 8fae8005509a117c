import type { Statements } from "../database/database.ts";
import type { SeriesFacts, StudyFacts } from "./decide.ts";

/** What the database knows of a study that rules may ask. */
export async function factsOf({ query }: Statements, study: number): Promise<StudyFacts> {
  const [found] = await query<{ description: string; age: number | null }>(
    "select description, patient_age as age from trinephron.studies where id = $1",
    [study],
  );
  const series = await query<SeriesFacts & { readonly [column: string]: unknown }>(
    `select coalesce(e.modality, '') as modality, e.body_part as "bodyPart", coalesce(e.description, '') as description,
       e.protocol, e.sender, coalesce(json_agg(distinct i.origin), '[]') as origins, count(*)::integer as images
     from trinephron.series e join trinephron.instances i on i.series_uid = e.series_uid
     where e.study_id = $1 group by e.series_uid order by e.series_uid`,
    [study],
  );
  return { description: found.description, age: found.age ?? undefined, series };
}
