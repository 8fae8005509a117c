import { rm } from "node:fs/promises";
import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../../base/errors.ts";
import type { DicomHeader } from "../../../imaging/formats/dicom/index.ts";
import type { Database } from "../database/database.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import type { StagedFile } from "../pixels/stagedFile.ts";
import { holdContent } from "../retention/lockContent.ts";
import { addRemovals } from "../retention/removals.ts";
import { sendSettle } from "../studies/settle.ts";
import { auditReceived } from "./auditReceived.ts";
import { type Announced, type Instance, instanceOf } from "./instance.ts";
import { readInstance } from "./readInstance.ts";
import {
  type Content,
  knownInstance,
  type Origin,
  type Outcome,
  registerInstance,
} from "./registerInstance.ts";

/** Where images go that come in. */
export interface Intake {
  readonly database: Database;
  readonly queue: PgBoss;
  readonly images: ContentStore;
  /** Folder in which they lie until they are received as a whole, on the disk of the store. */
  readonly incoming: string;
  /** A study is complete when no image came for so long, seconds. */
  readonly settleSeconds: number;
  /** Of one image. */
  readonly maxInstanceBytes: number;
  /** Told of each image. */
  readonly onReceived?: ((received: Received, origin: Origin) => void) | undefined;
}

/** An image that was taken, or one that cannot be and why. */
export type Received =
  | { readonly outcome: Outcome; readonly instance: Instance }
  | {
      readonly outcome: "refused";
      readonly error: TrinephronError;
      /** Where it could be read. */
      readonly header?: DicomHeader | undefined;
    };

/** An image by this name in errors: a path would say nothing to a sender. */
const name = "the image";

/**
 * Takes an image that lies on the disk as a whole: into the store, then into the database together with the job that
 * looks whether its study is complete. When this returns it is safe. To do it again changes nothing. Refused are E_FORMAT,
 * E_UID, E_FILE_TRUNCATED, E_VALUE, E_LIMIT and E_UNSUPPORTED for the image's sake, E_FILE_WRITE where the disk is full.
 * @param file is moved, or removed
 * @throws E_DATABASE where it cannot be reached, and what is nobody's fault
 */
export async function receiveInstance(
  intake: Intake,
  file: StagedFile,
  origin: Origin,
  announced?: Announced,
): Promise<Received> {
  let header: DicomHeader | undefined;
  let received: Received;
  try {
    header = await readInstance(file.path, file.bytes, name);
    const instance = instanceOf(header, name, announced);
    received = { instance, outcome: await take(intake, file, instance, origin, announced) };
  } catch (error) {
    if (!(error instanceof TrinephronError) || error.code === "E_DATABASE") throw error;
    received = { outcome: "refused", error, header };
  } finally {
    await rm(file.path, { force: true });
  }
  intake.onReceived?.(received, origin);
  return received;
}

async function take(
  intake: Intake,
  file: StagedFile,
  instance: Instance,
  origin: Origin,
  announced: Announced | undefined,
): Promise<Outcome> {
  const { database, images } = intake;
  const known = await knownInstance(database, instance);
  if (known) return known.outcome;
  await images.adopt(file);
  try {
    return await register(intake, instance, file, origin, announced);
  } catch (error) {
    // Nothing refers to what is refused.
    if (error instanceof TrinephronError && error.code === "E_UID")
      await addRemovals(database, "images", [file.key]);
    throw error;
  }
}

/**
 * An image that is in the store into the database, together with the job that looks whether its study is complete.
 * @throws as `registerInstance`
 */
export const register = (
  { database, queue, images, settleSeconds }: Pick<Intake, "database" | "queue" | "images" | "settleSeconds">,
  instance: Instance,
  content: Content,
  origin: Origin,
  announced?: Announced,
): Promise<Outcome> =>
  database.transaction(async (statements) => {
    const { outcome, begun } = await registerInstance(statements, instance, content, origin);
    if (outcome === "stored") await holdContent(statements, images, [content.key]);
    if (begun !== undefined) await sendSettle(statements, queue, begun, settleSeconds);
    if (outcome === "stored")
      await auditReceived(statements, instance, origin, { ...announced, isFirst: begun !== undefined });
    return outcome;
  });
