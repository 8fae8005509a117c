import { Readable } from "node:stream";
import { z } from "zod";
import { type AuditFormat, auditFormats, exportAudit } from "../../audit/exportAudit.ts";
import { auditPage, lastAudit } from "../../audit/readAudit.ts";
import { auditLogPage, auditPageLength } from "../../pages/auditPage.ts";
import type { HttpContext } from "../context.ts";
import { auditPageSchema, auditQuery, refusals } from "../schemas.ts";
import type { Server } from "../server.ts";

const read = { config: { action: "read the audit log", audit: "audit log read" } } as const;
const hidden = { hide: true };

/** The audit log of a service that runs, and so holds its database. */
export function auditRoutes(server: Server, { intake }: HttpContext): void {
  const { database } = intake;
  server.get(
    "/api/audit",
    {
      ...read,
      schema: {
        summary: "The audit log, from its first entry on",
        querystring: auditQuery,
        response: { 200: auditPageSchema, ...refusals },
      },
    },
    async ({ query: { after, limit } }) => {
      const entries = await auditPage(database, { after }, limit);
      return { entries, next: entries.length === limit ? entries.at(-1)!.id : undefined };
    },
  );
  server.get(
    "/audit",
    {
      ...read,
      schema: { ...hidden, querystring: z.object({ after: auditQuery.shape.after.unwrap().optional() }) },
    },
    async ({ query, caller }, reply) => {
      const after = query.after ?? Math.max(0, (await lastAudit(database)) - auditPageLength);
      const entries = await auditPage(database, { after }, auditPageLength);
      return reply.type("text/html; charset=utf-8").send(auditLogPage(entries, after, caller));
    },
  );
  server.get(
    "/audit/export",
    {
      ...read,
      schema: {
        ...hidden,
        querystring: z.object({ format: z.enum(auditFormats as [AuditFormat, ...AuditFormat[]]) }),
      },
    },
    async ({ query: { format } }, reply) =>
      reply
        .type("application/x-ndjson; charset=utf-8")
        .header(
          "content-disposition",
          `attachment; filename="audit.${format === "fhir" ? "ndjson" : "jsonl"}"`,
        )
        .send(Readable.from(exportAudit(database, format, {}))),
  );
}
