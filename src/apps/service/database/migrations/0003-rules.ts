import type { Migration } from "../migration.ts";

/** What rules ask of studies; of those that came before it is not known. */
export const rules: Migration = {
  number: 3,
  name: "rules",
  sql: `
    -- Years, at the study.
    alter table trinephron.studies add patient_age double precision;
    alter table trinephron.series
      add body_part text not null default '',
      add protocol text not null default '',
      -- Calling AE title of its first image; empty where it did not come by C-STORE.
      add sender text not null default '';
  `,
};
