import { TrinephronError } from "../../../base/errors.ts";
import type { Statements } from "../database/database.ts";
import { addEvent } from "../studies/events.ts";
import { searchText } from "../studies/searchText.ts";
import type { StudyState } from "../studies/states.ts";
import type { Instance } from "./instance.ts";

/** What became of an image that came in. */
export type Outcome =
  /** It is new. */
  | "stored"
  /** It had come before: nothing was changed. */
  | "known"
  /** The service made it, and a PACS sent it back: it is no image of the study. */
  | "own result";

export interface Registered {
  readonly outcome: Outcome;
  /** The study that now waits for more images, and did not before. */
  readonly begun?: number;
}

/** Where an image came from. */
export const origins = ["STOW-RS", "C-STORE", "folder", "Orthanc", "store"] as const;
export type Origin = (typeof origins)[number];

export interface Content {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Looks for an image that came before. SOP Instance UIDs are unique (PS3.5 § 9): what has the same one is the same
 * image, though a sender may have encoded it anew, and the first is kept.
 * @returns undefined where it is new
 * @throws E_UID where it belongs to another series or is of another kind than before
 */
export async function knownInstance(
  { query }: Statements,
  { sopInstanceUid, sopClassUid, seriesUid, studyUid }: Instance,
): Promise<Registered | undefined> {
  const [found] = await query<{ series_uid: string; sop_class_uid: string; study_uid: string }>(
    `select i.series_uid, i.sop_class_uid, s.study_uid from trinephron.instances i
     join trinephron.studies s on s.id = i.study_id where i.sop_instance_uid = $1`,
    [sopInstanceUid],
  );
  if (found) {
    const isSame =
      found.series_uid === seriesUid && found.sop_class_uid === sopClassUid && found.study_uid === studyUid;
    if (isSame) return { outcome: "known" };
    throw taken("SOP Instance UID", "of another series or kind");
  }
  const [own] = await query("select 1 from trinephron.outputs where sop_instance_uid = $1", [sopInstanceUid]);
  return own && { outcome: "own result" };
}

/**
 * Notes a new image whose content is in the store, with its series and study. A study that was complete, or answered,
 * waits again.
 * @param statements of a transaction
 * @throws E_UID where its series belongs to another study, or as {@link knownInstance}
 */
export async function registerInstance(
  statements: Statements,
  instance: Instance,
  content: Content,
  origin: Origin,
): Promise<Registered> {
  const { query } = statements;
  const { seriesUid } = instance;
  const { id, state } = await lockedStudy(statements, instance);
  const known = await knownInstance(statements, instance);
  if (known) return known;
  await query(
    `insert into trinephron.series
       (series_uid, study_id, modality, number, description, body_part, protocol, sender)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (series_uid) do nothing`,
    [
      seriesUid,
      id,
      instance.modality ?? null,
      instance.seriesNumber ?? null,
      instance.seriesDescription ?? null,
      instance.bodyPart,
      instance.protocol,
      instance.sender,
    ],
  );
  const [{ study_id }] = await query<{ study_id: number }>(
    "select study_id from trinephron.series where series_uid = $1",
    [seriesUid],
  );
  if (study_id !== id) throw taken("Series Instance UID", "in another study");
  await query(
    `insert into trinephron.instances
       (sop_instance_uid, series_uid, study_id, sop_class_uid, transfer_syntax_uid, content_key, bytes, origin)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      instance.sopInstanceUid,
      seriesUid,
      id,
      instance.sopClassUid,
      instance.transferSyntaxUid,
      content.key,
      content.bytes,
      origin,
    ],
  );
  await query(
    `update trinephron.studies set revision = revision + 1, state = 'waiting', last_image_at = now(),
       changed_at = now(), reason_code = null, reason = null where id = $1`,
    [id],
  );
  if (state === "waiting") return { outcome: "stored" };
  await addEvent(statements, id, state === "received" ? "received" : "late images", {
    detail: `by ${origin}`,
  });
  return { outcome: "stored", begun: id };
}

/** The image's study, made where it is new. From here on images of one study come in one after another. */
async function lockedStudy(
  { query }: Statements,
  instance: Instance,
): Promise<{ readonly id: number; readonly state: StudyState }> {
  const { studyUid, patientId, patientName, studyDate, studyDescription, accessionNumber } = instance;
  const find = () =>
    query<{ id: number; state: StudyState }>(
      "select id, state from trinephron.studies where study_uid = $1 for update",
      [studyUid],
    );
  const [found] = await find();
  if (found) return found;
  await query(
    `insert into trinephron.studies
       (study_uid, patient_id, patient_name, patient_age, study_date, description, accession_number, search, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'received') on conflict (study_uid) do nothing`,
    [
      studyUid,
      patientId,
      patientName,
      instance.patientAge ?? null,
      studyDate,
      studyDescription,
      accessionNumber,
      searchText([patientName, patientId, accessionNumber, studyUid].join("\n")),
    ],
  );
  return (await find())[0];
}

const taken = (what: string, where: string) =>
  new TrinephronError("E_UID", `the image's ${what} was used before ${where}`, "such UIDs are to be unique");
