import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { TrinephronError } from "../../../../base/errors.ts";
import { isUid } from "../../../../imaging/formats/dicom/write/keepable.ts";
import type { Actor } from "../../audit/actor.ts";
import { type Intake, type Received, receiveInstance } from "../receiveInstance.ts";
import { multipartOf } from "./boundary.ts";
import { type StowLimits, stageParts } from "./stageParts.ts";
import { type StowResponse, stowResponse } from "./stowResponse.ts";

export interface StowRequest {
  /** Of the address; undefined where images of any study may come. */
  readonly studyUid?: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Readable;
  /** Whoever sends it. */
  readonly by?: Actor | undefined;
}

/**
 * STOW-RS: stores the images of one request (PS3.18 § 10.5).
 * @throws E_UID for a study in the address that is no UID; E_UNSUPPORTED, E_FORMAT, E_LIMIT, E_FILE_WRITE where nothing
 * was stored. An image that is refused alone is told in the response.
 */
export async function stow(
  intake: Intake,
  { studyUid, contentType, body, by }: StowRequest,
  limits: StowLimits,
): Promise<StowResponse> {
  if (studyUid !== undefined && !isUid(studyUid))
    throw new TrinephronError("E_UID", "the study in the address is no valid UID");
  const { boundary } = multipartOf(contentType);
  const files = await stageParts(body, boundary, intake.incoming, limits);
  try {
    const parts: Received[] = [];
    const announced = { studyUid, request: randomUUID(), address: by?.address, actor: by?.actor };
    for (const file of files) parts.push(await receiveInstance(intake, file, "STOW-RS", announced));
    return stowResponse(parts);
  } finally {
    // Those that were not reached, where the database went away in between.
    await Promise.all(files.map(({ path }) => rm(path, { force: true })));
  }
}
