import { countDeliveries } from "../../delivery/listDeliveries.ts";
import { listOrthancs } from "../../intake/orthanc/place.ts";
import { countStates } from "../../studies/listStudies.ts";
import type { HttpContext } from "../context.ts";
import { gauges } from "../metrics.ts";
import type { Server } from "../server.ts";

/** What watches over the service asks. */
export function operationRoutes(
  server: Server,
  { intake, counters, checks, orthancs, access }: HttpContext,
): void {
  const schema = { hide: true };
  const watched = { config: { action: "watch over the service" }, schema } as const;
  server.get("/healthz", watched, async (_, reply) => reply.type("text/plain").send("ok\n"));
  server.get("/readyz", watched, async (_, reply) => {
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const),
    );
    const isReady = found.every(([, holds]) => holds);
    return reply
      .status(isReady ? 200 : 503)
      .type("application/json")
      .send(JSON.stringify(Object.fromEntries(found)));
  });
  const seen = {
    config: { action: access.isMetricsOpen ? "watch over the service" : "see metrics" },
    schema,
  } as const;
  server.get("/metrics", seen, async (_, reply) =>
    reply
      .type("text/plain; version=0.0.4; charset=utf-8")
      .send(
        gauges(
          await countStates(intake.database),
          await countDeliveries(intake.database),
          await listOrthancs(intake.database, orthancs),
        ) + counters.text(),
      ),
  );
}
