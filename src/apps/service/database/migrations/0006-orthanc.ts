import type { Migration } from "../migration.ts";

/** How far the lists of changes of Orthancs were gone through, and by which process. */
export const orthanc: Migration = {
  number: 6,
  name: "orthanc",
  sql: `
    create table trinephron.orthancs (
      -- By its name in the settings.
      name text primary key,
      -- Number of the last change whose image is safe; and what it was, which tells its list from another.
      last double precision not null default 0,
      last_mark text not null default '',
      -- The process that looks at it, and until when it alone may.
      holder text,
      held_until timestamptz not null default now(),
      -- When it was reached last, and why the last look did not succeed, where it did not.
      reached_at timestamptz,
      code text,
      reason text
    );
  `,
};
