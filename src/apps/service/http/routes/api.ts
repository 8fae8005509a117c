import type { z } from "zod";
import { byApi } from "../../audit/actor.ts";
import { deleteStudy } from "../../retention/deleteStudy.ts";
import { cancelStudy, retryStudy } from "../../studies/change.ts";
import { findStudy } from "../../studies/findStudy.ts";
import { listStudies, studyQuery } from "../../studies/listStudies.ts";
import type { HttpContext } from "../context.ts";
import { json } from "../json.ts";
import {
  deletedSchema,
  doneSchema,
  problemSchema,
  studyDetailSchema,
  studyPageSchema,
  uidParameter,
} from "../schemas.ts";
import type { Server } from "../server.ts";

const problems = { 400: problemSchema, 403: problemSchema, 404: problemSchema };

/** JSON for programs, and the document that describes it. */
export function apiRoutes(server: Server, { intake, results }: HttpContext): void {
  const { database } = intake;
  server.get(
    "/api/studies",
    {
      config: { audit: { action: "worklist searched", by: byApi } },
      schema: {
        summary: "The worklist, page by page",
        querystring: studyQuery,
        response: { 200: studyPageSchema, 400: problemSchema },
      },
    },
    async ({ query }) => json<z.output<typeof studyPageSchema>>(await listStudies(database, query)),
  );
  server.get(
    "/api/studies/:uid",
    {
      config: { audit: { action: "study viewed", by: byApi } },
      schema: {
        summary: "One study",
        params: uidParameter,
        response: { 200: studyDetailSchema, ...problems },
      },
    },
    async ({ params }) => json<z.output<typeof studyDetailSchema>>(await findStudy(database, params.uid)),
  );
  for (const [name, summary, change] of [
    ["retry", "Puts a study in the queue, now or again", retryStudy],
    ["cancel", "Stops what is done about a study", cancelStudy],
  ] as const)
    server.post(
      `/api/studies/:uid/${name}`,
      {
        schema: {
          summary,
          params: uidParameter,
          response: { 200: doneSchema, ...problems, 409: problemSchema },
        },
      },
      async ({ params }) => {
        await change(intake, params.uid, byApi);
        return { studyUid: params.uid };
      },
    );
  server.delete(
    "/api/studies/:uid",
    {
      schema: {
        summary: "Deletes a study with its images and results",
        params: uidParameter,
        response: { 200: deletedSchema, ...problems, 409: problemSchema },
      },
    },
    async ({ params }) => deleteStudy({ ...intake, results }, params.uid, { by: byApi }),
  );
  server.get("/api/openapi.json", { schema: { hide: true } }, async (_, reply) =>
    reply.type("application/json; charset=utf-8").send(JSON.stringify(server.swagger(), null, 2)),
  );
}
