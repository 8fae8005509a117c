import { auditPage } from "../../audit/readAudit.ts";
import type { HttpContext } from "../context.ts";
import { auditPageSchema, auditQuery, problemSchema } from "../schemas.ts";
import type { Server } from "../server.ts";

/** The audit log of a service that runs, and so holds its database. */
export function auditRoutes(server: Server, { intake }: HttpContext): void {
  server.get(
    "/api/audit",
    {
      schema: {
        summary: "The audit log, from its first entry on",
        querystring: auditQuery,
        response: { 200: auditPageSchema, 400: problemSchema, 403: problemSchema },
      },
    },
    async ({ query: { after, limit } }) => {
      const entries = await auditPage(intake.database, { after }, limit);
      return { entries, next: entries.length === limit ? entries.at(-1)!.id : undefined };
    },
  );
}
