import type { Database, Statements } from "../../database/database.ts";

/** How far a list of changes was gone through. */
export interface Place {
  /** Number of the last change whose image is safe; 0: none. */
  readonly last: number;
  /** What that change was: a list that was begun anew has another under its number. */
  readonly mark: string;
}

/** A process that is silent for so long has lost an Orthanc to the others, seconds. */
export const leaseSeconds = 30;

/**
 * Takes an Orthanc for a process, or keeps it.
 * @param holder any text that no other process has
 * @returns undefined while another process has it
 */
export async function takeLease(
  { query }: Statements,
  name: string,
  holder: string,
): Promise<Place | undefined> {
  await query("insert into trinephron.orthancs (name) values ($1) on conflict do nothing", [name]);
  const [taken] = await query<{ last: number; mark: string }>(
    `update trinephron.orthancs set holder = $2, held_until = now() + make_interval(secs => $3)
     where name = $1 and (holder is null or holder = $2 or held_until < now()) returning last, last_mark as mark`,
    [name, holder, leaseSeconds],
  );
  return taken;
}

/** Leaves it to whoever comes first. */
export const leaveLease = async ({ query }: Statements, name: string, holder: string): Promise<void> => {
  await query("update trinephron.orthancs set holder = null where name = $1 and holder = $2", [name, holder]);
};

/**
 * Notes that all changes up to this one are safe.
 * @returns false where another process has taken the Orthanc meanwhile
 */
export async function keepPlace(
  { query }: Statements,
  name: string,
  holder: string,
  { last, mark }: Place,
): Promise<boolean> {
  const kept = await query(
    `update trinephron.orthancs set last = $3, last_mark = $4, held_until = now() + make_interval(secs => $5)
     where name = $1 and holder = $2 returning 1`,
    [name, holder, last, mark, leaseSeconds],
  );
  return kept.length > 0;
}

/** Why a look did not succeed; undefined where it did. */
export type Trouble = { readonly code: string; readonly reason: string } | undefined;

export const noteLook = async (
  { query }: Statements,
  name: string,
  holder: string,
  trouble: Trouble,
): Promise<void> => {
  await query(
    `update trinephron.orthancs set code = $3, reason = $4,
       reached_at = case when $3::text is null then now() else reached_at end
     where name = $1 and holder = $2`,
    [name, holder, trouble?.code ?? null, trouble?.reason ?? null],
  );
};

/** What there is to say of an Orthanc, whichever process looks at it. */
export interface OrthancLine {
  readonly name: string;
  readonly last: number;
  readonly isReached: boolean;
  readonly [column: string]: unknown;
}

export const listOrthancs = ({ query }: Database, names: readonly string[]): Promise<OrthancLine[]> =>
  query<OrthancLine>(
    `select name, last, reached_at is not null and code is null as "isReached"
     from trinephron.orthancs where name = any($1::text[]) order by name`,
    [[...names]],
  );
