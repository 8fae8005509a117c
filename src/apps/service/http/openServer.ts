import type { Socket } from "node:net";
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { codes, TrinephronError } from "../../../base/errors.ts";
import { version } from "../../../base/version.ts";
import { networkOf } from "../access/networkOf.ts";
import { nobody } from "../access/policy.ts";
import { openRequestLimit } from "../access/requestLimit.ts";
import { library } from "../library.ts";
import { errorPage } from "../pages/errorPage.ts";
import { addressList } from "../settings/addressList.ts";
import { auditReads } from "./auditReads.ts";
import { authorize } from "./authorize.ts";
import type { HttpContext } from "./context.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { apiRoutes } from "./routes/api.ts";
import { auditRoutes } from "./routes/audit.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { liveRoutes } from "./routes/live.ts";
import { oidcRoutes } from "./routes/oidc.ts";
import { operationRoutes } from "./routes/operations.ts";
import { pageRoutes } from "./routes/pages.ts";
import { signInRoutes } from "./routes/signIn.ts";
import { stowRoutes } from "./routes/stow.ts";
import type { Server } from "./server.ts";
import { statusOf } from "./statusOf.ts";
import type { TlsFiles } from "./tlsFiles.ts";

export interface ServerOptions {
  readonly logger: FastifyBaseLogger;
  readonly maxConnections: number;
  /** A connection that sends nothing for so long is closed. */
  readonly idleSeconds: number;
  /** From each address. */
  readonly maxRequestsPerMinute: number;
  /** Where it speaks TLS itself. */
  readonly tls?: TlsFiles | undefined;
  /** Addresses and networks of proxies, which are believed whom they speak for. */
  readonly proxies?: readonly string[] | undefined;
}

/** Nothing but what a page holds itself, and its script; forms and frames of its own. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const thisMachine = ["127.0.0.0/8", "::1"];

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
  const { proxies = [] } = options;
  const { access } = context;
  const server = fastify({
    loggerInstance: options.logger,
    ...(options.tls && { https: options.tls }),
    trustProxy: proxies.length > 0 && [...proxies],
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
  // What would come around the proxy would bring passwords that anybody can read on the way.
  if (proxies.length > 0 && !options.tls) {
    const isProxy = addressList([...proxies, ...thisMachine]);
    server.server.on("connection", (socket: Socket) => {
      if (isProxy(socket.remoteAddress)) return;
      context.counters.add("trinephron_connections_refused_total", 'why="no proxy"');
      socket.destroy();
    });
  }
  server.setValidatorCompiler(zod.validatorCompiler);
  server.setSerializerCompiler(zod.serializerCompiler);
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );

  const limit = openRequestLimit(options.maxRequestsPerMinute, access.now);
  server.addHook("onRequest", async ({ ip }, reply) => {
    const seconds = limit(networkOf(ip));
    if (seconds === 0) return;
    reply.header("retry-after", seconds);
    throw new TrinephronError("E_BUSY", "too many requests", `ask again in ${seconds} s`);
  });
  authorize(server, access);
  server.addHook("onSend", async (_, reply) => {
    if (!reply.hasHeader("content-security-policy")) reply.header("content-security-policy", contentPolicy);
    reply.headers({
      "x-content-type-options": "nosniff",
      // Others are told nothing; here it lets older browsers say which page a form is of.
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      // What is told of patients stays in no cache.
      "cache-control": "no-store",
    });
    if (access.isSecure) reply.header("strict-transport-security", "max-age=31536000");
  });
  auditReads(server, access);
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
    signInRoutes(scope as unknown as Server, context);
    if (context.oidc) oidcRoutes(scope as unknown as Server, context, context.oidc);
    accountRoutes(scope as unknown as Server, context);
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
  if (code === "E_SIGN_IN") reply.header("www-authenticate", 'Bearer realm="trinephron"');
  if (request.headers.accept?.includes("text/html")) {
    if (code === "E_SIGN_IN" && request.method === "GET")
      return reply.redirect(`/signin?${new URLSearchParams({ next: request.url })}`, 303);
    return reply
      .status(status)
      .type("text/html; charset=utf-8")
      .send(errorPage(code, message, hint, request.caller ?? nobody));
  }
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
