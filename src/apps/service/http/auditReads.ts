import { Readable } from "node:stream";
import { appendAudit } from "../audit/appendAudit.ts";
import type { AuditAction } from "../audit/entry.ts";
import type { Database } from "../database/database.ts";
import { actorOf } from "./authorize.ts";
import type { Server } from "./server.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Of a route that shows something of patients, or of the log itself: what the audit log says of it. */
    readonly audit?: AuditAction;
  }
}

/**
 * Notes what routes show whose configuration says so. It is noted before it is sent: what cannot be noted is not shown.
 * What a request changes is noted in the transaction that changes it.
 */
export function auditReads(server: Server, database: Database): void {
  server.addHook("onSend", async (request, reply, payload) => {
    const { audit } = request.routeOptions.config;
    if (!audit || reply.statusCode !== 200) return;
    const { uid, name } = (request.params ?? {}) as { readonly uid?: string; readonly name?: string };
    const { search, after } = (request.query ?? {}) as { readonly search?: string; readonly after?: number };
    const noted = database.transaction((statements) =>
      appendAudit(statements, {
        by: actorOf(request),
        action: audit,
        studyUid: uid,
        detail: {
          ...(name !== undefined && { file: name }),
          // Words that are searched for are names of patients.
          ...(audit === "worklist searched" && { words: (search ?? "") !== "" }),
          ...(after !== undefined && audit === "audit log read" && { after }),
        },
      }),
    );
    await noted.catch((error) => {
      // A file that is open by now would stay so.
      if (payload instanceof Readable) payload.destroy();
      throw error;
    });
  });
}
