import { join } from "node:path";
import type { AccessOptions } from "../../../../src/apps/service/access/access.ts";
import type { HttpContext } from "../../../../src/apps/service/http/context.ts";
import { openCounters } from "../../../../src/apps/service/http/metrics.ts";
import { openServer, type ServerOptions } from "../../../../src/apps/service/http/openServer.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { openLog } from "../../../../src/apps/service/log.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { anAccess } from "../access/anAccess.ts";

export interface MadeServer {
  readonly server: Server;
  /** What it has logged. */
  readonly lines: readonly string[];
}

/** Pages and API of a service that has no study. */
export async function aServer(
  { intake, folder }: { readonly intake: Intake; readonly folder: string },
  access: Partial<AccessOptions> = {},
  { oidc, ...options }: Partial<ServerOptions> & Pick<HttpContext, "oidc"> = {},
): Promise<MadeServer> {
  const lines: string[] = [];
  const { log } = await openLog({ write: (line) => void lines.push(line) });
  const server = await openServer(
    {
      intake,
      access: anAccess(intake.database, access),
      results: folderStore(join(folder, "results")),
      oidc,
      destinations: [],
      orthancs: [],
      limits: { maxParts: 10, maxBodyBytes: 100_000, maxInstanceBytes: 100_000 },
      counters: openCounters(),
      checks: {},
    },
    { logger: log, maxConnections: 10, idleSeconds: 10, maxRequestsPerMinute: 10_000, ...options },
  );
  return { server, lines };
}
