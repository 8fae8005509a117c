import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import { addDeliveries } from "../../../../src/apps/service/delivery/addDeliveries.ts";
import { openDeliveryQueues } from "../../../../src/apps/service/delivery/deliveryQueue.ts";
import { destination } from "../../../../src/apps/service/delivery/destination.ts";
import { openDestinations } from "../../../../src/apps/service/delivery/openDestinations.ts";
import { recoverDeliveries } from "../../../../src/apps/service/delivery/recoverDeliveries.ts";
import { startDeliveries } from "../../../../src/apps/service/delivery/startDeliveries.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { openQueue } from "../../../../src/apps/service/queue/openQueue.ts";
import { aResult } from "./aResult.ts";

/**
 * A process that delivers the results of a data folder, as the service does; in a new one it has first an answered study.
 * It tells its parent what each try came to.
 */
const [folder, url] = process.argv.slice(2);
const database = await openDatabase(undefined, folder);
const queue = await openQueue(database, { supervise: false });
await openDeliveryQueues(queue, ["pacs"]);
const [{ n }] = await database.query<{ n: number }>("select count(*)::integer as n from trinephron.studies");
if (n === 0) {
  const { study } = await aResult(database, folder);
  await database.transaction((statements) =>
    addDeliveries(statements, queue, { study, attempt: 1 }, ["pacs"]),
  );
}
process.send?.({ recovered: await recoverDeliveries({ database, queue }, ["pacs"]) });
const pacs = destination.parse({ name: "pacs", kind: "dicomweb", url });
await startDeliveries({
  database,
  queue,
  results: folderStore(`${folder}/results`),
  destinations: await openDestinations([pacs], {}, "TRINEPHRON"),
  giveUpSeconds: 3600,
  pollSeconds: 0.5,
  onReport: (report) => process.send?.(report),
});
