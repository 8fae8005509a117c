import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { openQueue } from "../../../../src/apps/service/queue/openQueue.ts";
import { embeddedFolder } from "../databases.ts";

/** Where it lies. */
export const sharedFolder = (): string => join(inject("sharedFolder"), `service-${process.pid}`);

/** One embedded database and queue for all test files that run in this process: each takes half a gigabyte. */
const shared = (async () => {
  const folder = await embeddedFolder(sharedFolder());
  const database = await openDatabase(undefined, folder);
  return { database, queue: await openQueue(database, { supervise: false }) };
})();
shared.catch(() => {});
let number = 0;

/** An intake on an embedded database without studies, with a folder of its own; test files have one after another. */
export async function anIntake(): Promise<{ intake: Intake; folder: string }> {
  const { database, queue } = await shared;
  await database.query(
    "truncate trinephron.studies restart identity cascade; truncate trinephron.events restart identity",
  );
  for (const { name } of await queue.getQueues()) await queue.deleteAllJobs(name);
  const folder = join(sharedFolder(), `intake-${number++}`);
  mkdirSync(folder);
  const intake: Intake = {
    database,
    queue,
    images: folderStore(join(folder, "images")),
    incoming: join(folder, "incoming"),
    settleSeconds: 60,
    maxInstanceBytes: 10_000_000,
  };
  return { intake, folder };
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
