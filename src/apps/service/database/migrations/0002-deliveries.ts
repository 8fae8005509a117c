import type { Migration } from "../migration.ts";

/**
 * Results on their way to the destinations, and what objects the service has made: a PACS may send back one whose result
 * was replaced since, and that is no image of the study either.
 */
export const deliveries: Migration = {
  number: 2,
  name: "deliveries",
  sql: `
    create table trinephron.outputs (
      sop_instance_uid text primary key,
      study_id integer not null references trinephron.studies on delete cascade
    );
    create index outputs_of_study on trinephron.outputs (study_id);
    insert into trinephron.outputs (sop_instance_uid, study_id)
      select file ->> 'sopInstanceUid', study_id
      from trinephron.results cross join lateral jsonb_array_elements(files) file
      where file ->> 'sopInstanceUid' is not null
      on conflict do nothing;
    drop index trinephron.results_by_file;

    create table trinephron.deliveries (
      id integer generated always as identity primary key,
      study_id integer not null references trinephron.studies on delete cascade,
      -- By its name in the settings.
      destination text not null,
      -- Of the result that is to be delivered.
      attempt integer not null,
      state text not null check (state in ('waiting', 'delivered', 'superseded', 'failed')),
      tries integer not null default 0,
      -- Why the last try did not succeed.
      code text,
      reason text,
      created_at timestamptz not null default now(),
      -- From when on the time is counted after which it is given up.
      since timestamptz not null default now(),
      -- While it is tried: since when.
      began_at timestamptz,
      -- Before this moment it is not tried again.
      next_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      unique (study_id, destination, attempt)
    );
    create index deliveries_by_state on trinephron.deliveries (state, id);
  `,
};
