import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { openQueue } from "../../../../src/apps/service/queue/openQueue.ts";
import { embeddedFolder } from "../databases.ts";

/** An intake on an embedded database in a folder of its own. */
export async function anIntake(): Promise<{ intake: Intake; folder: string; close: () => Promise<void> }> {
  const folder = await embeddedFolder(mkdtempSync(join(tmpdir(), "trinephron-intake-")));
  const database = await openDatabase(undefined, folder);
  const queue = await openQueue(database, { supervise: false });
  const intake: Intake = {
    database,
    queue,
    images: folderStore(join(folder, "images")),
    incoming: join(folder, "incoming"),
    settleSeconds: 60,
    maxInstanceBytes: 10_000_000,
  };
  const close = async () => {
    await queue.stop({ graceful: false });
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { intake, folder, close };
}

/** How many there are, in the tables of the service. */
export async function counts({
  database,
}: Intake): Promise<{ studies: number; series: number; instances: number }> {
  const [found] = await database.query<{ studies: number; series: number; instances: number }>(`select
    (select count(*)::integer from trinephron.studies) as studies,
    (select count(*)::integer from trinephron.series) as series,
    (select count(*)::integer from trinephron.instances) as instances`);
  return found;
}
