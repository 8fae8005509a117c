import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import { countStates } from "../studies/listStudies.ts";
import type { StudyState } from "../studies/states.ts";
import { changesOf, changesSince, type StudyChange } from "./studyChange.ts";

/** What listeners are told together. */
export interface ChangesTold {
  readonly changes: readonly StudyChange[];
  /** UIDs of studies that are not there any more. */
  readonly deleted: readonly string[];
  readonly counts: Readonly<Record<StudyState, number>>;
  /** From here on one goes on who has been told: ms since 1970. */
  readonly moment: number;
}

export interface Changes {
  /** @returns a function that ends it */
  subscribe(listener: (told: ChangesTold) => void): () => void;
  stop(): Promise<void>;
}

/** Changes are gathered for so long. */
const gatherMs = 250;
/** Of the time of this process and its database no more than this part goes into looking. */
const share = 0.05;

/**
 * Tells of studies that change, whichever process changes them. Changes that come quickly one after another are told
 * together, as they are in the end; where nobody listens, nothing is asked of the database.
 */
export async function openChanges(database: Database): Promise<Changes> {
  const listeners = new Set<(told: ChangesTold) => void>();
  const changed = new Set<string>();
  let moment = Date.now();
  /** Whether changes may have been missed, since that moment. */
  let isMissed = false;
  let isStopped = false;
  let looking: Promise<void> | undefined;

  const look = async () => {
    await wait(gatherMs);
    while (!isStopped && listeners.size > 0 && (changed.size > 0 || isMissed)) {
      const uids = [...changed];
      const wasMissed = isMissed;
      changed.clear();
      isMissed = false;
      const begun = performance.now();
      try {
        const found = await changesOf(database, uids);
        const there = new Set(found.map(({ studyUid }) => studyUid));
        const changes = wasMissed ? [...(await changesSince(database, moment)), ...found] : found;
        const counts = await countStates(database);
        moment = Math.max(moment, ...changes.map(({ changedAt }) => Date.parse(changedAt)));
        const told = { changes, deleted: uids.filter((uid) => !there.has(uid)), counts, moment };
        for (const listener of listeners) listener(told);
      } catch {
        // The database is away: what was to be told is told when it is back.
        isMissed = true;
        await wait(1000);
      }
      await wait(Math.max(gatherMs, (performance.now() - begun) / share));
    }
  };
  const notice = (studyUid: string | undefined) => {
    if (listeners.size === 0) return;
    if (studyUid === undefined) isMissed = true;
    else changed.add(studyUid);
    looking ??= look().finally(() => (looking = undefined));
  };
  const unlisten = await database.listen("trinephron_studies", notice);
  return {
    subscribe: (listener) => {
      if (listeners.size === 0) moment = Date.now();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) changed.clear();
      };
    },
    stop: async () => {
      isStopped = true;
      listeners.clear();
      await unlisten();
      await looking;
    },
  };
}
