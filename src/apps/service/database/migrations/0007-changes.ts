import type { Migration } from "../migration.ts";

/** Whoever listens is told which study has changed, once that is committed; and how far reading one has come. */
export const changes: Migration = {
  number: 7,
  name: "changes",
  sql: `
    alter table trinephron.studies
      -- Of a study that is read: what is being done, and how much of it is done, from 0 to 1.
      add step text,
      add fraction double precision;

    create function trinephron.tell_change() returns trigger language plpgsql as $$
      begin
        perform pg_notify('trinephron_studies', coalesce(new.study_uid, old.study_uid));
        return null;
      end
    $$;
    create trigger studies_are_told after insert or update or delete on trinephron.studies
      for each row execute function trinephron.tell_change();
  `,
};
