import type { IncomingMessage, ServerResponse, Server as TcpServer } from "node:http";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";

/** The server of HTTP, with types of its requests by zod. */
export type Server = FastifyInstance<
  TcpServer,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
