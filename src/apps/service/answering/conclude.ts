import type { PgBoss } from "pg-boss";
import type { TrinephronError } from "../../../base/errors.ts";
import type { Database, Statements } from "../database/database.ts";
import { addDeliveries } from "../delivery/addDeliveries.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import { holdContent } from "../retention/lockContent.ts";
import { addRemovals } from "../retention/removals.ts";
import { addEvent, type EventKind, type EventNote } from "../studies/events.ts";
import type { ResultFile, ShortAnswer } from "../studies/result.ts";
import type { Claim } from "./claim.ts";

export interface StudyResult {
  readonly modelSha256: string;
  /** Where its training images came from, as far as it says. */
  readonly modelSources: readonly string[];
  readonly answers: readonly ShortAnswer[];
  readonly files: readonly ResultFile[];
  /** What could not be written, a line each. */
  readonly missing: readonly string[];
  /** By which rule it was read. */
  readonly rule: string | undefined;
}

export interface Answered {
  readonly database: Database;
  readonly queue: PgBoss;
  /** Where the files of the result are. */
  readonly results: ContentStore;
  /** Names of those that the result goes to. */
  readonly destinations: Iterable<string>;
}

/**
 * Keeps a study's result, says that it is answered, and has the result delivered, all or nothing, and once: of two
 * workers that read the same attempt the second finds it concluded.
 * @returns false where the attempt was over, and the result was dropped
 */
export const answered = (
  { database, queue, results, destinations }: Answered,
  claim: Claim,
  result: StudyResult,
): Promise<boolean> =>
  conclude(database, claim, "answered", async (statements) => {
    const { query } = statements;
    const [earlier] = await query<{ files: readonly ResultFile[] }>(
      "select files from trinephron.results where study_id = $1",
      [claim.study],
    );
    await holdContent(
      statements,
      results,
      result.files.map(({ key }) => key),
    );
    await addRemovals(statements, "results", earlier?.files.map(({ key }) => key) ?? []);
    await query(
      `insert into trinephron.results (study_id, attempt, revision, model_sha256, model_sources, answers, files)
       values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb)
       on conflict (study_id) do update set attempt = excluded.attempt, revision = excluded.revision,
         model_sha256 = excluded.model_sha256, model_sources = excluded.model_sources,
         answers = excluded.answers, files = excluded.files, answered_at = now()`,
      [
        claim.study,
        claim.attempt,
        claim.revision,
        result.modelSha256,
        JSON.stringify(result.modelSources),
        JSON.stringify(result.answers),
        JSON.stringify(result.files),
      ],
    );
    await query(
      `insert into trinephron.outputs (sop_instance_uid, study_id) select uid, $2 from unnest($1::text[]) uid
       on conflict do nothing`,
      [result.files.flatMap(({ sopInstanceUid }) => sopInstanceUid ?? []), claim.study],
    );
    await addDeliveries(statements, queue, claim, destinations);
    const told = [...(result.rule === undefined ? [] : [`by the rule "${result.rule}"`]), ...result.missing];
    return {
      detail: told.length > 0 ? told.join("; ") : undefined,
      audit: { attempt: claim.attempt, images: claim.revision, modelSha256: result.modelSha256 },
    };
  });

/** Says why a study has no result. An earlier result of fewer images is kept, and the page says which images it is of. */
export const unanswered = (
  database: Database,
  claim: Claim,
  state: "not read" | "failed",
  // Its hint is for the command line, whose options nobody has here.
  { code, message }: Pick<TrinephronError, "code" | "message">,
): Promise<boolean> =>
  conclude(database, claim, state, async ({ query }) => {
    await query("update trinephron.studies set reason_code = $2, reason = $3 where id = $1", [
      claim.study,
      code,
      message,
    ]);
    return { code, detail: message, audit: { attempt: claim.attempt, code } };
  });

function conclude(
  database: Database,
  { study, attempt }: Claim,
  state: EventKind & ("answered" | "not read" | "failed"),
  keep: (statements: Statements) => Promise<EventNote>,
): Promise<boolean> {
  return database.transaction(async (statements) => {
    const mine = await statements.query(
      `update trinephron.studies set state = $3, reason_code = null, reason = null, changed_at = now()
       where id = $1 and attempt = $2 and state = 'reading' returning id`,
      [study, attempt, state],
    );
    if (mine.length === 0) return false;
    await addEvent(statements, study, state, await keep(statements));
    return true;
  });
}
