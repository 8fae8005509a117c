import { randomUUID } from "node:crypto";
import { TrinephronError } from "../../../../base/errors.ts";
import { backoffSeconds } from "../../delivery/backoff.ts";
import type { Environment } from "../../settings/secret.ts";
import type { Intake } from "../receiveInstance.ts";
import type { OrthancSettings } from "./orthanc.ts";
import { orthancClient } from "./orthancClient.ts";
import { leaseSeconds, leaveLease, noteLook, takeLease } from "./place.ts";
import { type Taking, takeChanges } from "./takeChanges.ts";

export interface FollowOptions extends Pick<Taking, "onReset" | "onLeftOut"> {
  readonly environment: Environment;
  /** Told why a look did not succeed; it is looked again later. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface FollowedOrthanc {
  /** Ends what is under way, and leaves the Orthanc to other processes. */
  stop(): Promise<void>;
}

/** Longest time between two tries to reach it, seconds: its images are waited for. */
const longestSeconds = 300;

/**
 * Takes images from an Orthanc as they come there, by its list of changes. Of several processes on one database one
 * does so at a time; where it ends, another goes on.
 * @throws E_USAGE where a variable that is named is not set
 */
export function followOrthanc(
  intake: Intake,
  settings: OrthancSettings,
  { environment, onReset, onLeftOut, onError }: FollowOptions,
): FollowedOrthanc {
  const { name, pollSeconds } = settings;
  const { database } = intake;
  const holder = randomUUID();
  const client = orthancClient(settings, environment);
  const taking: Taking = { intake, client, name, holder, refusals: new Map(), onReset, onLeftOut };
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const look = async () => {
    const place = await takeLease(database, name, holder);
    if (!place) return;
    // One large image may take longer than a process may be silent.
    const alive = setInterval(
      () => void takeLease(database, name, holder).catch(() => {}),
      (leaseSeconds * 1000) / 3,
    );
    try {
      await takeChanges(taking, place, stopping.signal);
      await noteLook(database, name, holder, undefined);
    } catch (error) {
      if (!stopping.signal.aborted) await noteLook(database, name, holder, troubleOf(error)).catch(() => {});
      throw error;
    } finally {
      clearInterval(alive);
    }
  };
  const run = async (): Promise<void> => {
    let seconds = pollSeconds;
    try {
      await look();
      failures = 0;
    } catch (error) {
      if (stopping.signal.aborted) return;
      failures++;
      seconds = Math.min(longestSeconds, backoffSeconds(failures, pollSeconds, Math.random()));
      onError?.(error as Error);
    }
    if (!stopping.signal.aborted) timer = setTimeout(() => (current = run()), seconds * 1000);
  };
  let current = run();
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await current;
      await leaveLease(database, name, holder).catch(() => {});
    },
  };
}

const troubleOf = (error: unknown) =>
  error instanceof TrinephronError
    ? { code: error.code, reason: error.message }
    : { code: "E_RUNTIME", reason: "an unexpected error, which the log tells" };
