import type { z } from "zod";
import { countDeliveries, deliveryQuery, listDeliveries } from "../../delivery/listDeliveries.ts";
import { replayDelivery, replayFailed } from "../../delivery/replayDelivery.ts";
import { deliveriesPage } from "../../pages/deliveriesPage.ts";
import { actorOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { json } from "../json.ts";
import {
  deliveryPageSchema,
  deliveryParameter,
  doneSchema,
  problemSchema,
  refusals,
  replayedSchema,
  replayQuery,
} from "../schemas.ts";
import type { Server } from "../server.ts";

/** Results on their way out: lists, and buttons that send again. */
export function deliveryRoutes(server: Server, { intake, destinations }: HttpContext): void {
  const { database } = intake;
  const hidden = { hide: true };
  server.get(
    "/api/deliveries",
    {
      config: { action: "see deliveries", audit: "deliveries listed" },
      schema: {
        summary: "Results on their way to the destinations, the latest first",
        querystring: deliveryQuery,
        response: { 200: deliveryPageSchema, ...refusals },
      },
    },
    async ({ query }) => json<z.output<typeof deliveryPageSchema>>(await listDeliveries(database, query)),
  );
  server.post(
    "/api/deliveries/:id/replay",
    {
      config: { action: "replay deliveries" },
      schema: {
        summary: "Has a delivery tried now, though it was given up or delivered",
        params: deliveryParameter,
        response: { 200: doneSchema, ...refusals, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request) => ({
      studyUid: await replayDelivery(intake, request.params.id, destinations, actorOf(request)),
    }),
  );
  server.post(
    "/api/deliveries/replay",
    {
      config: { action: "replay deliveries" },
      schema: {
        summary: "Has all deliveries tried again that were given up",
        querystring: replayQuery,
        response: { 200: replayedSchema, ...refusals },
      },
    },
    async (request) => ({
      replayed: await replayFailed(intake, destinations, request.query.destination, actorOf(request)),
    }),
  );
  server.get(
    "/deliveries",
    {
      config: { action: "see deliveries", audit: "deliveries listed" },
      schema: { ...hidden, querystring: deliveryQuery },
    },
    async ({ query, caller }, reply) => {
      const [page, counts] = [await listDeliveries(database, query), await countDeliveries(database)];
      return reply.type("text/html; charset=utf-8").send(deliveriesPage(page, query, counts, caller));
    },
  );
  server.post(
    "/deliveries/:id/replay",
    { config: { action: "replay deliveries" }, schema: { ...hidden, params: deliveryParameter } },
    async (request, reply) =>
      reply.redirect(
        `/studies/${await replayDelivery(intake, request.params.id, destinations, actorOf(request))}`,
        303,
      ),
  );
  server.post(
    "/deliveries/replay",
    { config: { action: "replay deliveries" }, schema: hidden },
    async (request, reply) => {
      await replayFailed(intake, destinations, undefined, actorOf(request));
      return reply.redirect("/deliveries", 303);
    },
  );
}
