import { createHash } from "node:crypto";
import { TrinephronError } from "../../../base/errors.ts";
import { type Actor, service } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Database, Statements } from "../database/database.ts";
import { noStudy } from "../studies/change.ts";
import { type StudyState, stateText } from "../studies/states.ts";
import { addRemovals, removeContents, type Stores } from "./removals.ts";

/** What was deleted, as the audit log has it. */
export interface Deleted {
  readonly studyUid: string;
  readonly images: number;
  /** Of its result. */
  readonly files: number;
  readonly bytes: number;
  /** Files that other studies have as well, and that stay. */
  readonly shared: number;
  /** SHA-256 of the UIDs of its images, sorted, a line each. */
  readonly uidsSha256: string;
  /** SHA-256 of the SHA-256 of its images and files, sorted, a line each. */
  readonly contentsSha256: string;
}

export interface DeleteOptions extends Stores {
  readonly database: Database;
}

/** States in which nothing is done about a study any more. */
export const concluded: readonly StudyState[] = ["answered", "not read", "failed", "canceled"];

/**
 * Deletes a study with its images and results. What is left is an entry of the audit log, which can be checked against
 * copies of what there was. Its rows go first, and its files are marked with them, so that nothing is half deleted.
 * @param days since which it has to be concluded; 0: it may be so since now
 * @throws E_STUDY where there is no such study; E_STATE where something is being done about it, or its result is on its
 * way; E_FILE_WRITE where a file cannot be removed now: it is when the service looks again
 */
export async function deleteStudy(
  { database, images, results }: DeleteOptions,
  studyUid: string,
  { by = service, days = 0 }: { readonly by?: Actor; readonly days?: number } = {},
): Promise<Deleted> {
  const deleted = await database.transaction(async (statements) => {
    const study = await lockConcluded(statements, studyUid, days);
    const found = await contentOf(statements, study);
    await statements.query("delete from trinephron.studies where id = $1", [study]);
    const { imageKeys, fileKeys, ...told } = found;
    await addRemovals(statements, "images", imageKeys);
    await addRemovals(statements, "results", fileKeys);
    const { images, files, bytes, shared, uidsSha256, contentsSha256 } = told;
    await appendAudit(statements, {
      by,
      action: "study deleted",
      studyUid,
      detail: { images, files, bytes, shared, uidsSha256, contentsSha256, ...(days > 0 && { days }) },
    });
    return { studyUid, ...told };
  });
  await removeContents(database, { images, results });
  return deleted;
}

async function lockConcluded({ query }: Statements, studyUid: string, days: number): Promise<number> {
  const [found] = await query<{ id: number; state: StudyState; old: boolean }>(
    `select id, state, changed_at <= now() - make_interval(secs => $2::float8 * 86400) as old
     from trinephron.studies where study_uid = $1 for update`,
    [studyUid, days],
  );
  if (!found) throw noStudy();
  const { id, state, old } = found;
  if (!concluded.includes(state) || !old)
    throw new TrinephronError(
      "E_STATE",
      `the study is ${stateText(state)}${old ? "" : " since less than that"}`,
      "it can be deleted when nothing is being done about it: cancel it before",
    );
  const [waiting] = await query<{ destination: string }>(
    "select destination from trinephron.deliveries where study_id = $1 and state = 'waiting' limit 1",
    [id],
  );
  if (waiting)
    throw new TrinephronError(
      "E_STATE",
      `the study's result is on its way to ${waiting.destination}`,
      "it can be deleted when it has been delivered or given up",
    );
  return id;
}

async function contentOf({ query }: Statements, study: number) {
  const images = await query<{ uid: string; key: string; bytes: number; shared: boolean }>(
    `select i.sop_instance_uid as uid, i.content_key as key, i.bytes, exists (select 1 from trinephron.instances o
       where o.content_key = i.content_key and o.study_id <> i.study_id) as shared
     from trinephron.instances i where i.study_id = $1`,
    [study],
  );
  const files = await query<{ key: string; bytes: number; shared: boolean }>(
    `select f ->> 'key' as key, (f ->> 'bytes')::float8 as bytes, exists (select 1 from trinephron.results o
       where o.study_id <> r.study_id
         and o.files @> jsonb_build_array(jsonb_build_object('key', f ->> 'key'))) as shared
     from trinephron.results r cross join lateral jsonb_array_elements(r.files) f where r.study_id = $1`,
    [study],
  );
  const all = [...images, ...files];
  return {
    images: images.length,
    files: files.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    shared: all.filter(({ shared }) => shared).length,
    uidsSha256: hashOf(images.map(({ uid }) => uid)),
    contentsSha256: hashOf(all.map(({ key }) => key)),
    imageKeys: images.map(({ key }) => key),
    fileKeys: files.map(({ key }) => key),
  };
}

const hashOf = (lines: readonly string[]): string =>
  createHash("sha256")
    .update(
      [...lines]
        .sort()
        .map((line) => `${line}\n`)
        .join(""),
    )
    .digest("hex");
