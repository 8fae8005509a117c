import { Readable } from "node:stream";
import type { Access } from "../access/access.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { AuditAction } from "../audit/entry.ts";
import { actorOf } from "./authorize.ts";
import { openRecent } from "./recent.ts";
import type { Server } from "./server.ts";

/** What a page asks by itself is noted where it was not noted for so long of the same caller. */
const onceMs = 3_600_000;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Of a route that shows something of patients, or of the log itself: what the audit log says of it. */
    readonly audit?: AuditAction;
  }
}

/**
 * Notes what routes show whose configuration says so. It is noted before it is sent: what cannot be noted is not shown.
 * What pages ask by themselves, as streams that they open again and again, is noted where nothing was noted alike in the last
 * hour, which of a page is the page itself. What a request changes is noted in the transaction that changes it.
 */
export function auditReads(server: Server, { database, now }: Pick<Access, "database" | "now">): void {
  const recent = openRecent(onceMs, now);
  server.addHook("onSend", async (request, reply, payload) => {
    const { audit, byItself } = request.routeOptions.config;
    if (!audit || reply.statusCode !== 200) return;
    const { uid, name } = (request.params ?? {}) as { readonly uid?: string; readonly name?: string };
    const { search, after } = (request.query ?? {}) as { readonly search?: string; readonly after?: number };
    const by = actorOf(request);
    const key = JSON.stringify([by.actor, by.address, audit, uid]);
    if (byItself && recent.has(key)) return;
    const noted = database.transaction((statements) =>
      appendAudit(statements, {
        by,
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
    recent.add(key);
  });
}
