import type { Migration } from "../migration.ts";

/**
 * Studies with their series and images, what happened to them, and their results. Texts that are sorted by are never
 * null, so that pages can go on after any row.
 */
export const studies: Migration = {
  number: 1,
  name: "studies",
  sql: `
    create table trinephron.studies (
      id integer generated always as identity primary key,
      study_uid text not null unique,
      patient_id text not null default '',
      patient_name text not null default '',
      study_date text not null default '',
      description text not null default '',
      accession_number text not null default '',
      -- All that is searched, in small letters: databases differ in what they take for a letter.
      search text not null default '',
      state text not null check
        (state in ('received', 'waiting', 'queued', 'reading', 'answered', 'not read', 'failed', 'canceled')),
      reason_code text,
      reason text,
      -- Rises with each image that is new.
      revision integer not null default 0,
      -- Rises each time the study is put in the queue: what an earlier attempt finds is dropped.
      attempt integer not null default 0,
      queued_at timestamptz,
      received_at timestamptz not null default now(),
      last_image_at timestamptz not null default now(),
      changed_at timestamptz not null default now()
    );
    create index studies_by_name on trinephron.studies (patient_name, id);
    create index studies_by_date on trinephron.studies (study_date, id);
    create index studies_by_state on trinephron.studies (state, id);

    create table trinephron.series (
      series_uid text primary key,
      study_id integer not null references trinephron.studies on delete cascade,
      modality text,
      number integer,
      description text
    );
    create index series_of_study on trinephron.series (study_id);

    create table trinephron.instances (
      sop_instance_uid text primary key,
      series_uid text not null references trinephron.series on delete cascade,
      study_id integer not null references trinephron.studies on delete cascade,
      sop_class_uid text not null,
      transfer_syntax_uid text not null,
      -- Of the file in the pixel store: its SHA-256.
      content_key text not null,
      bytes double precision not null,
      origin text not null,
      received_at timestamptz not null default now()
    );
    create index instances_of_study on trinephron.instances (study_id);
    create index instances_of_series on trinephron.instances (series_uid);
    create index instances_by_content on trinephron.instances (content_key);

    create table trinephron.events (
      id integer generated always as identity primary key,
      study_id integer not null references trinephron.studies on delete cascade,
      at timestamptz not null default now(),
      kind text not null,
      code text,
      detail text
    );
    create index events_of_study on trinephron.events (study_id, id);

    create table trinephron.results (
      study_id integer primary key references trinephron.studies on delete cascade,
      attempt integer not null,
      revision integer not null,
      answered_at timestamptz not null default now(),
      model_sha256 text not null,
      -- Where the model's training images came from: of one that learnt from simulations, every answer says so.
      model_sources jsonb not null,
      answers jsonb not null,
      files jsonb not null
    );
    create index results_by_file on trinephron.results using gin (files jsonb_path_ops);
  `,
};
