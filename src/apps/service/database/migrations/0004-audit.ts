import type { Migration } from "../migration.ts";

/**
 * Who did what to which study. Entries are chained by their hashes, and are neither changed nor removed; they refer to no
 * other table, so that they outlast what they tell of.
 */
export const audit: Migration = {
  number: 4,
  name: "audit",
  sql: `
    create table trinephron.audit (
      -- One after another without gaps: given by who appends.
      id integer primary key,
      -- As exact as the text that is hashed.
      moment timestamptz(3) not null,
      actor text not null,
      -- How the actor came in; empty where it does not apply, as all below.
      way text not null,
      ae_title text not null,
      address text not null,
      action text not null,
      study_uid text not null,
      -- Of one association or request.
      request text not null,
      -- JSON as it was hashed, letter by letter.
      detail text not null,
      previous text not null,
      hash text not null
    );
    -- A study that comes in many images is received once in an association or request.
    create unique index audit_by_request on trinephron.audit (request, study_uid) where request <> '';
    create index audit_by_moment on trinephron.audit (moment);

    create function trinephron.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is only appended to';
      end
    $$;
    create trigger audit_is_kept before update or delete or truncate on trinephron.audit
      for each statement execute function trinephron.refuse_change();
  `,
};
