import { TrinephronError } from "../../../../base/errors.ts";
import { type StagedFile, stageFile } from "../../pixels/stagedFile.ts";
import { type Intake, receiveInstance } from "../receiveInstance.ts";
import type { Change, OrthancClient } from "./orthancClient.ts";
import { keepPlace, type Place } from "./place.ts";

export interface Taking {
  readonly intake: Intake;
  readonly client: OrthancClient;
  readonly name: string;
  readonly holder: string;
  /** How often a change's image was refused in vain, by its number: Orthanc answers, but gives no file. */
  readonly refusals: Map<number, number>;
  /** Told that the list was begun anew: all of it is gone through. */
  readonly onReset: (last: number) => void;
  /** Told of an image that is not there any more, or that Orthanc cannot give. */
  readonly onLeftOut: (change: number, why: "deleted" | "not given") => void;
}

/** Changes that are asked for at a time. */
const pageLength = 100;
/** Images that are fetched at a time. */
const atOnce = 4;
/** So often an image is asked for that Orthanc has in its list but does not give, as where its disk lost the file. */
const mostRefusals = 5;

/** What a change was, so that a list that was begun anew is known by it. */
const markOf = ({ ID, Date: moment, ChangeType }: Change): string => `${ChangeType} ${ID} ${moment}`;

/**
 * Takes all images that came to an Orthanc after a place in its list. The place goes on with them, and never before them:
 * what is asked for twice, as after a kill, changes nothing. Only `NewInstance` is looked at: after a crash Orthanc never
 * says that a study is stable.
 * @throws E_UNREACHABLE, E_REFUSED, E_FORMAT of the Orthanc; E_FILE_WRITE, E_DATABASE; all may be tried again
 */
export async function takeChanges(taking: Taking, from: Place, signal: AbortSignal): Promise<void> {
  let place = await placeIn(taking, from, signal);
  for (;;) {
    const { Changes, Done } = await taking.client.changes(place.last, pageLength, signal);
    for (const batch of batches(Changes)) {
      const taken = await Promise.allSettled(
        batch
          .filter(({ ChangeType }) => ChangeType === "NewInstance")
          .map((change) => takeImage(taking, change, signal)),
      );
      for (const each of taken) if (each.status === "rejected") throw each.reason;
      const last = batch.at(-1)!;
      place = { last: last.Seq, mark: markOf(last) };
      if (!(await keepPlace(taking.intake.database, taking.name, taking.holder, place))) return;
    }
    if (Done || Changes.length === 0 || signal.aborted) return;
  }
}

/** Where to go on: from the start where the list is not the one that the place is in. */
async function placeIn({ client, onReset }: Taking, from: Place, signal: AbortSignal): Promise<Place> {
  if (from.last === 0) return from;
  const { Changes, Last } = await client.changes(from.last - 1, 1, signal);
  const [found] = Changes;
  // The change itself goes from the list with its image.
  const isOther = found?.Seq === from.last ? markOf(found) !== from.mark : !found && Last < from.last;
  if (!isOther) return from;
  onReset(from.last);
  return { last: 0, mark: "" };
}

/** As many images as are fetched at a time, with the changes between them. */
function* batches(changes: readonly Change[]): Generator<readonly Change[]> {
  let batch: Change[] = [];
  let images = 0;
  for (const change of changes) {
    batch.push(change);
    if (change.ChangeType === "NewInstance" && ++images === atOnce) {
      yield batch;
      [batch, images] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}

async function takeImage(taking: Taking, { Seq, ID }: Change, signal: AbortSignal): Promise<void> {
  const { intake, client, refusals, onLeftOut } = taking;
  let body: AsyncIterable<Uint8Array> | undefined;
  try {
    body = await client.file(ID, signal);
  } catch (error) {
    if (!(error instanceof TrinephronError) || error.code !== "E_REFUSED") throw error;
    const times = (refusals.get(Seq) ?? 0) + 1;
    refusals.set(Seq, times);
    if (times < mostRefusals) throw error;
    refusals.delete(Seq);
    return onLeftOut(Seq, "not given");
  }
  if (!body) return onLeftOut(Seq, "deleted");
  const file = await staged(intake, body);
  if (file instanceof TrinephronError)
    return intake.onReceived?.({ outcome: "refused", error: file }, "Orthanc");
  const received = await receiveInstance(intake, file, "Orthanc");
  if (received.outcome === "refused" && received.error.code === "E_FILE_WRITE") throw received.error;
}

/** @returns the error of an image that is too large: it will be the next time */
async function staged(
  { incoming, maxInstanceBytes }: Intake,
  body: AsyncIterable<Uint8Array>,
): Promise<StagedFile | TrinephronError> {
  const writer = await stageFile(incoming, maxInstanceBytes);
  try {
    for await (const chunk of body) await writer.write(chunk);
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    if (error instanceof TrinephronError && error.code === "E_LIMIT") return error;
    throw error;
  }
}
