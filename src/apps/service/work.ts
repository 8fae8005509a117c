import { TrinephronError } from "../../base/errors.ts";
import { openClosing } from "./closing.ts";
import type { Log } from "./log.ts";
import { addDeliverer, addWorker, openParts } from "./openParts.ts";
import type { ServiceSettings } from "./settings/settings.ts";

/** A process that reads studies which others take. */
export interface RunningWorker {
  /** Hands back what is being read, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts a worker on the database and the folder of a service.
 * @throws E_USAGE without a database that can be shared, or without workers; and as `openParts`
 */
export async function work(settings: ServiceSettings, log: Log): Promise<RunningWorker> {
  if (settings.database === undefined)
    throw new TrinephronError(
      "E_USAGE",
      "work needs --database",
      "an embedded database serves one process, in which serve --workers reads studies",
    );
  if (settings.workers === 0) throw new TrinephronError("E_USAGE", "--workers 0: nothing would be done");
  const closing = openClosing();
  try {
    const parts = await openParts(settings, log, closing);
    await addWorker(parts, settings, log, closing);
    await addDeliverer(parts, settings, log, closing);
    return { stop: closing.close };
  } catch (error) {
    await closing.close().catch((err) => log.error({ err }, "not everything could be closed"));
    throw error;
  }
}
