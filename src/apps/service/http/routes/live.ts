import type { FastifyReply, FastifyRequest } from "fastify";
import { TrinephronError } from "../../../../base/errors.ts";
import type { AuditAction } from "../../audit/entry.ts";
import { eventStream } from "../../live/eventStream.ts";
import { type ChangesTold, openChanges } from "../../live/openChanges.ts";
import { changesOf, changesSince } from "../../live/studyChange.ts";
import { liveScript } from "../../pages/liveScript.ts";
import { noStudy } from "../../studies/change.ts";
import { countStates } from "../../studies/listStudies.ts";
import { isStillAllowed } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { eventsHeaders, eventsQuery, problemSchema, refusals, uidParameter } from "../schemas.ts";
import type { Server } from "../server.ts";

export interface LiveLimits {
  /** Streams that are open at a time. */
  readonly maxStreams: number;
  /** A line is sent at least this often. */
  readonly aliveMs: number;
}

/** Before a browser that finds all streams taken asks again, seconds. */
const retrySeconds = 30;

const problems = { ...refusals, 503: problemSchema };

/** What streams have in common. A request for the head alone would leave one open that nobody reads. */
const streamed = (audit: AuditAction) =>
  ({
    exposeHeadRoute: false,
    config: { action: "see studies", audit, byItself: true },
  }) as const;

/** Changes of studies as they happen, and the script by which pages show them. */
export async function liveRoutes(
  server: Server,
  { intake, access }: HttpContext,
  { maxStreams, aliveMs }: LiveLimits,
): Promise<void> {
  const { database } = intake;
  const changes = await openChanges(database);
  const ends = new Set<() => void>();
  // Streams would keep the server from closing.
  server.addHook("preClose", async () => {
    for (const end of ends) end();
    await changes.stop();
  });
  const open = (request: FastifyRequest, reply: FastifyReply, tell: (told: ChangesTold) => void) => {
    let unsubscribe = () => {};
    const stream = eventStream({
      aliveMs,
      isAllowed: () => isStillAllowed(request, access),
      onEnd: () => {
        unsubscribe();
        ends.delete(stream.end);
      },
    });
    ends.add(stream.end);
    unsubscribe = changes.subscribe(tell);
    reply.type("text/event-stream; charset=utf-8").header("x-accel-buffering", "no");
    return stream;
  };
  const isFull = (reply: FastifyReply): boolean => {
    if (ends.size < maxStreams) return false;
    const { code, message, hint } = new TrinephronError(
      "E_LIMIT",
      "too many pages are open that show changes",
      "close some, or load the page again",
    );
    reply.status(503).header("retry-after", retrySeconds).send({ code, message, hint });
    return true;
  };

  server.get(
    "/api/studies/events",
    {
      ...streamed("worklist searched"),
      schema: {
        summary: "Studies as they change, as server-sent events: study, deleted, counts",
        querystring: eventsQuery,
        headers: eventsHeaders,
        response: problems,
      },
    },
    async (request, reply) => {
      const { query, headers } = request;
      if (isFull(reply)) return reply;
      const stream = open(request, reply, ({ changes: told, deleted, counts, moment }) => {
        for (const change of told) stream.send("study", change, moment);
        for (const studyUid of deleted) stream.send("deleted", { studyUid }, moment);
        stream.send("counts", counts, moment);
      });
      const after = headers["last-event-id"] ?? query.after;
      if (after !== undefined) {
        // What changes meanwhile is told as well, and twice does no harm.
        for (const change of await changesSince(database, after)) stream.send("study", change);
        stream.send("counts", await countStates(database), after);
      }
      return reply.send(stream.body as never);
    },
  );
  server.get(
    "/api/studies/:uid/events",
    {
      ...streamed("study viewed"),
      schema: {
        summary: "One study as it changes, as server-sent events; the first says how it is",
        params: uidParameter,
        response: { ...problems, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { uid } = request.params;
      if (isFull(reply)) return reply;
      if ((await changesOf(database, [uid])).length === 0) throw noStudy();
      const stream = open(request, reply, ({ changes: told, deleted }) => {
        for (const change of told) if (change.studyUid === uid) stream.send("study", change);
        if (deleted.includes(uid)) stream.send("deleted", { studyUid: uid });
      });
      for (const change of await changesOf(database, [uid])) stream.send("study", change);
      return reply.send(stream.body as never);
    },
  );
  server.get("/live.js", { config: { action: "see studies" }, schema: { hide: true } }, async (_, reply) =>
    reply.type("text/javascript; charset=utf-8").send(liveScript),
  );
}
