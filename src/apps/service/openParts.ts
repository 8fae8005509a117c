import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../base/errors.ts";
import { fileError } from "../../base/files.ts";
import { segmentationFolder } from "../../learning/segmentation/outline/shipped.ts";
import { readModelFolder } from "../../learning/trained/modelFolder.ts";
import { startWorker } from "./answering/startWorker.ts";
import { mustBeWhole } from "./backup/place.ts";
import type { Closing } from "./closing.ts";
import type { Database } from "./database/database.ts";
import { openDatabase } from "./database/openDatabase.ts";
import { openDeliveryQueues } from "./delivery/deliveryQueue.ts";
import { type Destinations, openDestinations } from "./delivery/openDestinations.ts";
import { recoverDeliveries, sweepDeliveries } from "./delivery/recoverDeliveries.ts";
import { startDeliveries } from "./delivery/startDeliveries.ts";
import { type Counters, openCounters } from "./http/metrics.ts";
import type { Log } from "./log.ts";
import type { ContentStore } from "./pixels/contentStore.ts";
import { folderStore } from "./pixels/folderStore.ts";
import { openQueue } from "./queue/openQueue.ts";
import { startRetention } from "./retention/startRetention.ts";
import { readRules } from "./rules/readRules.ts";
import type { Rule } from "./rules/rulesFile.ts";
import type { ServiceSettings } from "./settings/settings.ts";
import { recoverReading, sweep } from "./studies/recover.ts";

/** What `serve` and `work` have in common. */
export interface Parts {
  readonly database: Database;
  readonly queue: PgBoss;
  readonly images: ContentStore;
  readonly results: ContentStore;
  /** Folder of files that are not yet whole. */
  readonly incoming: string;
  readonly destinations: Destinations;
  readonly rules: readonly Rule[] | undefined;
  readonly counters: Counters;
}

/** Between two looks for studies that no job is about. */
const sweepMs = 60_000;

/**
 * Opens database, queue and stores, after what could fail at the first study: models and secrets that are not there.
 * @param closing what is opened is added to it
 * @throws E_USAGE, E_BACKUP where a restore broke off, E_FORMAT, E_MODEL, E_FILE_MISSING, E_LOCKED, E_DATABASE, E_LIBRARY, E_FILE_WRITE
 */
export async function openParts(settings: ServiceSettings, log: Log, closing: Closing): Promise<Parts> {
  const { data } = settings;
  const { models = {} } = settings;
  mustBeWhole(data);
  for (const folder of [settings.model, ...Object.values(models)]) await readModelFolder(folder);
  await segmentationFolder(settings.segmentation);
  const destinations = await openDestinations(settings.destinations, process.env, settings.aeTitle);
  const rules =
    settings.rules === undefined
      ? undefined
      : await readRules(settings.rules, Object.keys(models), [...destinations.keys()]);
  const incoming = join(data, "incoming");
  // Everything within tells of patients.
  await mkdir(data, { recursive: true, mode: 0o700 }).catch((error) => {
    throw fileError(error, data, "E_FILE_WRITE");
  });
  await mkdir(incoming, { recursive: true }).catch((error) => {
    throw fileError(error, incoming, "E_FILE_WRITE");
  });
  const database = await openDatabase(settings.database, data);
  closing.add(() => database.close());
  const queue = await openQueue(database, {
    supervise: true,
    onError: (err) => log.error({ err }, "the queue could not do something, and tries again"),
  });
  closing.add(() => queue.stop({ graceful: true, timeout: 5000 }));
  await openDeliveryQueues(queue, destinations.keys());
  if (database.kind === "embedded") {
    await rm(join(data, "work"), { recursive: true, force: true });
    const again = await recoverReading({ database, queue });
    if (again > 0)
      log.warn({ studies: again }, "studies were being read when the service ended: they are read again");
    await recoverDeliveries({ database, queue }, destinations.keys());
  }
  const stores = { images: folderStore(join(data, "images")), results: folderStore(join(data, "results")) };
  const retention = await startRetention({
    ...stores,
    database,
    queue,
    days: settings.retentionDays,
    onDeleted: ({ images, files }) => log.info({ images, files }, "a study was deleted: its time had come"),
  });
  closing.add(() => retention.stop());
  let looking: Promise<unknown> = Promise.resolve();
  closing.add(() => looking);
  const look = () => {
    looking = retention
      .look()
      .catch((err) => log.error({ err }, "what is to be deleted could not be looked through"));
  };
  look();
  const timer = setInterval(() => {
    look();
    sweep({ database, queue }).catch((err) => log.error({ err }, "studies could not be looked through"));
    sweepDeliveries({ database, queue }, destinations.keys(), settings.deliveryHours * 3600).catch((err) =>
      log.error({ err }, "deliveries could not be looked through"),
    );
  }, sweepMs);
  closing.add(() => clearInterval(timer));
  return {
    database,
    queue,
    ...stores,
    incoming,
    destinations,
    rules,
    counters: openCounters(),
  };
}

/** Reads studies in this process's name. @param closing stops it, before the parts are closed */
export async function addWorker(
  parts: Parts,
  settings: ServiceSettings,
  log: Log,
  closing: Closing,
): Promise<void> {
  const { model, segmentation, threads, align, explain, picture, workers, data, settleSeconds } = settings;
  const worker = await startWorker({
    ...parts,
    destinations: [...parts.destinations.keys()],
    work: join(data, "work", randomUUID()),
    staging: parts.incoming,
    reading: { model, segmentation, threads, align, explain, picture },
    models: settings.models ?? {},
    settleSeconds,
    concurrency: workers,
    onReport: ({ study, attempt, outcome, seconds, error }) => {
      const code = error instanceof TrinephronError ? error.code : undefined;
      log.info({ study, attempt, outcome, seconds: Number(seconds.toFixed(1)), code }, "study");
      if (error !== undefined && code === undefined)
        log.error({ err: error, study }, "a study could not be read");
      parts.counters.add("trinephron_attempts_total", `outcome="${outcome}"`);
      parts.counters.add("trinephron_attempt_seconds_total", "", seconds);
    },
  });
  closing.add(() => worker.stop());
}

/** Sends results to the destinations in this process's name. @param closing stops it, before the parts are closed */
export async function addDeliverer(
  parts: Parts,
  settings: ServiceSettings,
  log: Log,
  closing: Closing,
): Promise<void> {
  const deliveries = await startDeliveries({
    ...parts,
    giveUpSeconds: settings.deliveryHours * 3600,
    onReport: ({ delivery, outcome, code, error }, destination) => {
      log.info({ delivery, destination, outcome, code }, "delivery");
      if (error !== undefined) log.error({ err: error, delivery }, "a result could not be delivered");
      parts.counters.add(
        "trinephron_delivery_tries_total",
        `destination="${destination}",outcome="${outcome}"`,
      );
    },
  });
  closing.add(() => deliveries.stop());
}
