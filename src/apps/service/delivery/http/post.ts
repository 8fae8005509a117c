import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { type Later, later } from "../sent.ts";

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body, bytes: many servers refuse one that does not say. */
  readonly length: number;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Longest that all of it may take. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Its first characters. */
  readonly text: string;
}

/** Of what a server answers no more is read. */
const longestAnswer = 2 ** 20;

/**
 * Posts a body as it is read, and never holds it in memory. Redirections are not followed: they would carry secrets to
 * somebody else.
 * @throws what reading the body throws
 */
export async function post(
  url: string,
  { headers, length, body, timeoutSeconds, signal }: PostOptions,
): Promise<Answer | Later> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(url, {
    method: "POST",
    headers: { ...headers, "content-length": length },
    signal: AbortSignal.any([signal, timeout]),
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
  });
  // It is awaited below; a server may break off before.
  answered.catch(() => {});
  const content = Readable.from(body, { objectMode: false });
  let unread: unknown;
  content.on("error", (error) => {
    unread = error;
    request.destroy();
  });
  content.pipe(request);
  try {
    const response = await answered;
    const text = await start(response);
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers["retry-after"],
      text,
    };
  } catch (error) {
    if (unread !== undefined) throw unread;
    const { code, message } = error as NodeJS.ErrnoException;
    return later(timeout.aborted ? `no answer within ${timeoutSeconds} s` : code || message);
  } finally {
    content.destroy();
    request.destroy();
  }
}

async function start(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= longestAnswer) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
