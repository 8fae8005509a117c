import type { Migration } from "../migration.ts";

/**
 * Files that no row refers to any more, until they are gone from the disk. What objects the service made is kept beyond
 * the study: a PACS may send one back.
 */
export const removals: Migration = {
  number: 8,
  name: "removals",
  sql: `
    create table trinephron.removals (
      store text not null check (store in ('images', 'results')),
      content_key text not null,
      -- Before this moment a result may still be on its way into the database.
      not_before timestamptz not null default now(),
      primary key (store, content_key)
    );
    create index results_by_file on trinephron.results using gin (files jsonb_path_ops);
    create index studies_by_change on trinephron.studies (changed_at);
    alter table trinephron.outputs alter study_id drop not null;
    alter table trinephron.outputs drop constraint outputs_study_id_fkey;
    alter table trinephron.outputs add constraint outputs_study_id_fkey
      foreign key (study_id) references trinephron.studies on delete set null;
  `,
};
