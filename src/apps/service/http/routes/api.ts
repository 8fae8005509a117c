import type { z } from "zod";
import { deleteStudy } from "../../retention/deleteStudy.ts";
import { cancelStudy, retryStudy } from "../../studies/change.ts";
import { findStudy } from "../../studies/findStudy.ts";
import { listStudies, studyQuery } from "../../studies/listStudies.ts";
import { actorOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { json } from "../json.ts";
import {
  deletedSchema,
  doneSchema,
  problemSchema,
  refusals,
  studyDetailSchema,
  studyPageSchema,
  uidParameter,
} from "../schemas.ts";
import type { Server } from "../server.ts";

const problems = { ...refusals, 404: problemSchema };

/** JSON for programs, and the document that describes it. */
export function apiRoutes(server: Server, { intake, results }: HttpContext): void {
  const { database } = intake;
  server.get(
    "/api/studies",
    {
      config: { action: "see studies", audit: "worklist searched" },
      schema: {
        summary: "The worklist, page by page",
        querystring: studyQuery,
        response: { 200: studyPageSchema, ...refusals },
      },
    },
    async ({ query }) => json<z.output<typeof studyPageSchema>>(await listStudies(database, query)),
  );
  server.get(
    "/api/studies/:uid",
    {
      config: { action: "see studies", audit: "study viewed" },
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
        config: { action: "change studies" },
        schema: {
          summary,
          params: uidParameter,
          response: { 200: doneSchema, ...problems, 409: problemSchema },
        },
      },
      async (request) => {
        const { uid } = request.params;
        await change(intake, uid, actorOf(request));
        return { studyUid: uid };
      },
    );
  server.delete(
    "/api/studies/:uid",
    {
      config: { action: "delete studies" },
      schema: {
        summary: "Deletes a study with its images and results",
        params: uidParameter,
        response: { 200: deletedSchema, ...problems, 409: problemSchema },
      },
    },
    async (request) => deleteStudy({ ...intake, results }, request.params.uid, { by: actorOf(request) }),
  );
  server.get(
    "/api/openapi.json",
    { config: { action: "see studies" }, schema: { hide: true } },
    async (_, reply) =>
      reply.type("application/json; charset=utf-8").send(JSON.stringify(server.swagger(), null, 2)),
  );
}
