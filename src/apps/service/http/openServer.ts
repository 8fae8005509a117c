import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { codes, TrinephronError } from "../../../base/errors.ts";
import { version } from "../../../base/version.ts";
import { library } from "../library.ts";
import { errorPage } from "../pages/errorPage.ts";
import { auditReads } from "./auditReads.ts";
import type { HttpContext } from "./context.ts";
import { apiRoutes } from "./routes/api.ts";
import { auditRoutes } from "./routes/audit.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { liveRoutes } from "./routes/live.ts";
import { operationRoutes } from "./routes/operations.ts";
import { pageRoutes } from "./routes/pages.ts";
import { stowRoutes } from "./routes/stow.ts";
import { mustBeSameOrigin } from "./sameOrigin.ts";
import type { Server } from "./server.ts";
import { statusOf } from "./statusOf.ts";

export interface ServerOptions {
  readonly logger: FastifyBaseLogger;
  readonly maxConnections: number;
  /** A connection that sends nothing for so long is closed. */
  readonly idleSeconds: number;
}

/** Nothing but what a page holds itself, and its script; forms and frames of its own. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Head of a request: a sender that is slower is out for mischief. */
const headersTimeoutMs = 15_000;

/**
 * The service's pages, API and DICOMweb; not listening yet.
 * @throws E_LIBRARY
 */
export async function openServer(context: HttpContext, options: ServerOptions): Promise<Server> {
  const { default: fastify, LogController } = await library("fastify", () => import("fastify"));
  const zod = await library("fastify-type-provider-zod", () => import("fastify-type-provider-zod"));
  const { default: swagger } = await library("@fastify/swagger", () => import("@fastify/swagger"));
  const server = fastify({
    loggerInstance: options.logger,
    // Addresses hold UIDs, which tell of patients: `onResponse` below logs the routes alone.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 65_536,
    connectionTimeout: options.idleSeconds * 1000,
    requestTimeout: 0,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 128 },
    return503OnClosing: true,
    // Addresses that cannot be read, or are too long.
    frameworkErrors: (error, request, reply) =>
      answerError(error, request as never, reply as never, options.logger),
  }).withTypeProvider<ZodTypeProvider>() as unknown as Server;
  server.server.maxConnections = options.maxConnections;
  server.server.headersTimeout = headersTimeoutMs;
  server.setValidatorCompiler(zod.validatorCompiler);
  server.setSerializerCompiler(zod.serializerCompiler);
  // A form without fields, as the buttons of the pages are.
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, __, done) =>
    done(null, {}),
  );

  server.addHook("onRequest", async (request) =>
    mustBeSameOrigin(request.headers, !["GET", "HEAD"].includes(request.method)),
  );
  server.addHook("onSend", async (_, reply) => {
    if (!reply.hasHeader("content-security-policy")) reply.header("content-security-policy", contentPolicy);
    reply.headers({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      // What is told of patients stays in no cache.
      "cache-control": "no-store",
    });
  });
  auditReads(server, context.intake.database);
  server.addHook("onResponse", async (request, reply) => {
    context.counters.add("trinephron_requests_total", `status="${reply.statusCode}"`);
    const { method, routeOptions } = request;
    options.logger.info(
      {
        method,
        route: routeOptions.url ?? "none",
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "request",
    );
  });
  server.setErrorHandler((error: FastifyError | TrinephronError, request, reply) =>
    answerError(error, request, reply, options.logger),
  );
  server.setNotFoundHandler((request, reply) =>
    answerError(new TrinephronError("E_STUDY", "nothing is here"), request, reply, options.logger),
  );

  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "trinephron",
        version,
        description: "Studies that came in, how far they are, and their results. For research use only.",
      },
    },
    transform: zod.jsonSchemaTransform,
  });
  await server.register(async (scope) => {
    apiRoutes(scope as unknown as Server, context);
    auditRoutes(scope as unknown as Server, context);
    deliveryRoutes(scope as unknown as Server, context);
    pageRoutes(scope as unknown as Server, context);
    operationRoutes(scope as unknown as Server, context);
    stowRoutes(scope as unknown as Server, context);
    await liveRoutes(scope as unknown as Server, context, {
      // Others are to get in as well.
      maxStreams: Math.ceil(options.maxConnections / 2),
      aliveMs: Math.min(15_000, options.idleSeconds * 300),
    });
  });
  await server.ready();
  return server;
}

function answerError(
  error: FastifyError | TrinephronError,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: FastifyBaseLogger,
): FastifyReply {
  const told = asKnown(error);
  const status = error instanceof TrinephronError ? statusOf(error.code) : (error.statusCode ?? 500);
  if (status >= 500) logger.error({ err: error, route: request.routeOptions.url }, "a request failed");
  // Whoever sends a body that is refused is not to go on sending it.
  if (!request.raw.readableEnded && request.method === "POST") reply.header("connection", "close");
  const { code, message, hint } = told;
  if (request.headers.accept?.includes("text/html"))
    return reply
      .status(status)
      .type("text/html; charset=utf-8")
      .send(errorPage(code, message, hint));
  // Not through a route's schema, which may have none for errors.
  return reply
    .status(status)
    .type("application/json; charset=utf-8")
    .serializer((text: unknown) => text as string)
    .send(JSON.stringify({ code, message, hint }));
}

function asKnown(error: FastifyError | TrinephronError): Pick<TrinephronError, "code" | "message" | "hint"> {
  if (error instanceof TrinephronError)
    // Of what is nobody's fault who asked the code is enough: messages name paths of this machine.
    return statusOf(error.code) < 500 ? error : new TrinephronError(error.code, codes[error.code]);
  const status = error.statusCode ?? 500;
  if (status === 413) return new TrinephronError("E_LIMIT", "the body is too large");
  if (status === 415) return new TrinephronError("E_UNSUPPORTED", "the body is of another type");
  if (status < 500) return new TrinephronError("E_USAGE", error.message, "see /api/openapi.json");
  return new TrinephronError("E_RUNTIME", "an unexpected error, which the log tells");
}
