import type { z } from "zod";
import { byApi, byPage } from "../../audit/actor.ts";
import { countDeliveries, deliveryQuery, listDeliveries } from "../../delivery/listDeliveries.ts";
import { replayDelivery, replayFailed } from "../../delivery/replayDelivery.ts";
import { deliveriesPage } from "../../pages/deliveriesPage.ts";
import type { HttpContext } from "../context.ts";
import { json } from "../json.ts";
import {
  deliveryPageSchema,
  deliveryParameter,
  doneSchema,
  problemSchema,
  replayedSchema,
  replayQuery,
} from "../schemas.ts";
import type { Server } from "../server.ts";

const problems = { 400: problemSchema, 403: problemSchema };

/** Results on their way out: lists, and buttons that send again. */
export function deliveryRoutes(server: Server, { intake, destinations }: HttpContext): void {
  const { database } = intake;
  const hidden = { hide: true };
  server.get(
    "/api/deliveries",
    {
      schema: {
        summary: "Results on their way to the destinations, the latest first",
        querystring: deliveryQuery,
        response: { 200: deliveryPageSchema, ...problems },
      },
    },
    async ({ query }) => json<z.output<typeof deliveryPageSchema>>(await listDeliveries(database, query)),
  );
  server.post(
    "/api/deliveries/:id/replay",
    {
      schema: {
        summary: "Has a delivery tried now, though it was given up or delivered",
        params: deliveryParameter,
        response: { 200: doneSchema, ...problems, 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }) => ({ studyUid: await replayDelivery(intake, params.id, destinations, byApi) }),
  );
  server.post(
    "/api/deliveries/replay",
    {
      schema: {
        summary: "Has all deliveries tried again that were given up",
        querystring: replayQuery,
        response: { 200: replayedSchema, ...problems },
      },
    },
    async ({ query }) => ({ replayed: await replayFailed(intake, destinations, query.destination, byApi) }),
  );
  server.get(
    "/deliveries",
    { schema: { ...hidden, querystring: deliveryQuery } },
    async ({ query }, reply) => {
      const [page, counts] = [await listDeliveries(database, query), await countDeliveries(database)];
      return reply.type("text/html; charset=utf-8").send(deliveriesPage(page, query, counts));
    },
  );
  server.post(
    "/deliveries/:id/replay",
    { schema: { ...hidden, params: deliveryParameter } },
    async ({ params }, reply) =>
      reply.redirect(`/studies/${await replayDelivery(intake, params.id, destinations, byPage)}`, 303),
  );
  server.post("/deliveries/replay", { schema: hidden }, async (_, reply) => {
    await replayFailed(intake, destinations, undefined, byPage);
    return reply.redirect("/deliveries", 303);
  });
}
