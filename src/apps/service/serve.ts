import type { AddressInfo } from "node:net";
import type { Server as TlsServer } from "node:tls";
import { TrinephronError } from "../../base/errors.ts";
import { openAccess } from "./access/access.ts";
import { hasAccounts } from "./access/accounts.ts";
import { openOidc } from "./access/oidc.ts";
import { openClosing } from "./closing.ts";
import { openServer } from "./http/openServer.ts";
import type { Server } from "./http/server.ts";
import { readTlsFiles, type TlsFiles } from "./http/tlsFiles.ts";
import { startScp } from "./intake/dimse/startScp.ts";
import { followOrthanc } from "./intake/orthanc/followOrthanc.ts";
import type { Intake } from "./intake/receiveInstance.ts";
import { restoreImages } from "./intake/restoreImages.ts";
import { watchFolder } from "./intake/watch/watchFolder.ts";
import type { Log } from "./log.ts";
import { addDeliverer, addWorker, openParts, type Parts } from "./openParts.ts";
import { clearStaged } from "./pixels/clearStaged.ts";
import { isReachable, isSecure, type ServiceSettings } from "./settings/settings.ts";

/** A service that takes studies and shows them. */
export interface RunningService {
  /** Of its pages: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Of C-STORE. */
  readonly dicomPort: number | undefined;
  /** Takes nothing more, hands back what is being read, and closes everything. */
  stop(): Promise<void>;
}

/** Requests that last longer than this are cut off when the service stops. */
const stopMs = 10_000;
const megabyte = 1_000_000;

/**
 * Starts the service: intake, worklist, and workers unless there are to be none.
 * @throws E_ADDRESS where a port cannot be had, and as `openParts`; nothing is left running
 */
export async function serve(settings: ServiceSettings, log: Log): Promise<RunningService> {
  const closing = openClosing();
  try {
    const parts = await openParts(settings, log, closing);
    if (isReachable(settings) && !settings.oidc && !(await hasAccounts(parts.database)))
      throw noAccountYet(settings);
    // Of other processes that share the folder none may be receiving what is a day old.
    await clearStaged(parts.incoming, parts.database.kind === "embedded" ? -Infinity : undefined);
    const intake = intakeOf(parts, settings, log);
    const restored = await restoreImages(intake);
    if (restored > 0)
      log.warn({ images: restored }, "the database was new: images were taken from the store");
    const isListening = await addScp(intake, parts, settings, log, closing);
    if (settings.watch !== undefined) {
      const watched = watchFolder(intake, settings.watch, {
        everyMs: settings.watchSeconds * 1000,
        onError: (err) => log.error({ err }, "the watched folder could not be read, and is looked at again"),
      });
      closing.add(() => watched.stop());
    }
    addOrthancs(intake, parts, settings, log, closing);
    if (settings.workers > 0) await addWorker(parts, settings, log, closing);
    await addDeliverer(parts, settings, log, closing);
    const access = openAccess({
      ...settings,
      database: parts.database,
      isReachable: isReachable(settings) || settings.oidc !== undefined,
      isSecure: isSecure(settings),
      isMetricsOpen: settings.openMetrics,
    });
    const tls = await tlsOf(settings);
    const server = await openServer(
      {
        access,
        oidc: settings.oidc && (await openOidc(settings.oidc, process.env)),
        intake,
        results: parts.results,
        destinations: [...parts.destinations.keys()],
        orthancs: settings.orthanc.map(({ name }) => name),
        limits: {
          maxParts: settings.maxRequestParts,
          maxBodyBytes: settings.maxRequestMegabytes * megabyte,
          maxInstanceBytes: intake.maxInstanceBytes,
        },
        counters: parts.counters,
        checks: {
          database: async () => (await parts.database.query("select 1")).length === 1,
          ...(isListening && { dicom: async () => isListening.now() }),
        },
      },
      {
        logger: log,
        maxConnections: settings.maxConnections,
        idleSeconds: settings.idleSeconds,
        maxRequestsPerMinute: settings.maxRequestsPerMinute,
        proxies: settings.trustProxy,
        tls,
      },
    );
    closing.add(async () => {
      const cut = setTimeout(() => server.server.closeAllConnections(), stopMs);
      await server.close();
      clearTimeout(cut);
    });
    await server
      .listen({ host: settings.host, port: settings.port })
      .catch((error: NodeJS.ErrnoException) => {
        throw new TrinephronError(
          "E_ADDRESS",
          `${settings.host}:${settings.port}: ${error.code === "EADDRINUSE" ? "another program listens there" : error.message}`,
          "choose another with --port",
        );
      });
    const { port } = server.server.address() as AddressInfo;
    const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
    if (tls) closing.add(renewTls(server, settings, log));
    return {
      url: `${tls ? "https" : "http"}://${host}:${port}`,
      dicomPort: isListening?.port,
      stop: closing.close,
    };
  } catch (error) {
    await closing.close().catch((err) => log.error({ err }, "not everything could be closed"));
    throw error;
  }
}

const noAccountYet = ({ host, database }: ServiceSettings) =>
  new TrinephronError(
    "E_USAGE",
    `--host ${host}: others could reach the service, which has no account yet`,
    `trinephron account add NAME --role administrator ${database === undefined ? "--data FOLDER" : "--database URL"}`,
  );

const tlsOf = async ({ tlsCertificate, tlsKey }: ServiceSettings): Promise<TlsFiles | undefined> =>
  tlsCertificate === undefined ? undefined : readTlsFiles(tlsCertificate, tlsKey!);

/** Takes a new certificate when SIGHUP says that there is one; connections that are open go on. @returns ends that */
function renewTls(server: Server, settings: ServiceSettings, log: Log): () => void {
  const renew = () =>
    void tlsOf(settings).then(
      (files) => {
        (server.server as unknown as TlsServer).setSecureContext(files!);
        log.info("the certificate was read anew");
      },
      (err) => log.error({ err }, "the new certificate cannot be used, and the one before is kept"),
    );
  process.on("SIGHUP", renew);
  return () => process.off("SIGHUP", renew);
}

function intakeOf(parts: Parts, settings: ServiceSettings, log: Log): Intake {
  return {
    ...parts,
    settleSeconds: settings.settleSeconds,
    maxInstanceBytes: settings.maxInstanceMegabytes * megabyte,
    onReceived: (received, origin) => {
      parts.counters.add("trinephron_images_total", `origin="${origin}",outcome="${received.outcome}"`);
      if (received.outcome === "refused")
        log.warn({ origin, code: received.error.code }, "an image was refused");
    },
  };
}

async function addScp(
  intake: Intake,
  { counters }: Parts,
  settings: ServiceSettings,
  log: Log,
  closing: ReturnType<typeof openClosing>,
) {
  const { dicomPort, addresses } = settings;
  if (dicomPort === undefined) return undefined;
  const { aeTitle, callers, maxConnections, maxPduBytes, idleSeconds } = settings;
  const scp = await startScp(intake, {
    // Whoever names who may send opens the port to them.
    host: addresses.length > 0 ? "::" : "127.0.0.1",
    port: dicomPort,
    aeTitle,
    callers,
    addresses,
    maxConnections,
    maxPduBytes,
    idleSeconds,
    onRefused: (why) => {
      counters.add("trinephron_connections_refused_total", `why="${why}"`);
      log.warn({ why }, "a connection of C-STORE was refused");
    },
    onEnded: (how) => log.error({ how }, "the process that takes C-STORE ended, and is started again"),
    onError: (err) => log.error({ err }, "an image by C-STORE could not be taken"),
  });
  closing.add(() => scp.stop());
  return { port: scp.port, now: scp.isListening };
}

function addOrthancs(
  intake: Intake,
  { counters }: Parts,
  settings: ServiceSettings,
  log: Log,
  closing: ReturnType<typeof openClosing>,
): void {
  for (const orthanc of settings.orthanc) {
    const { name } = orthanc;
    const followed = followOrthanc(intake, orthanc, {
      environment: process.env,
      onReset: (last) =>
        log.warn({ orthanc: name, last }, "the list of changes was begun anew: all of it is gone through"),
      onLeftOut: (change, why) => {
        counters.add("trinephron_images_total", `origin="Orthanc",outcome="${why}"`);
        log.warn({ orthanc: name, change, why }, "an image of an Orthanc was left out");
      },
      onError: (err) => {
        counters.add("trinephron_orthanc_failures_total", `orthanc="${name}"`);
        log.warn({ err, orthanc: name }, "an Orthanc could not be looked at, and is tried again later");
      },
    });
    closing.add(() => followed.stop());
  }
}
