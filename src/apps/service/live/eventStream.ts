import { PassThrough, type Readable } from "node:stream";

/** A stream of events for a browser's EventSource (HTML Standard § 9.2). */
export interface EventStream {
  readonly body: Readable;
  /** @param id from which the browser goes on when it connects again */
  send(event: string, data: unknown, id?: number): void;
  end(): void;
}

/** A browser that takes nothing is cut off with so much unsent; it connects again, and is told what it missed. */
const mostUnsent = 2 ** 20;
/** Before a browser connects again. */
const retryMs = 3000;

/**
 * @param aliveMs a line that says nothing is sent so often, lest anybody between take the connection for dead
 * @param onEnd told once, whoever ends it
 */
export function eventStream(aliveMs: number, onEnd: () => void): EventStream {
  const body = new PassThrough();
  const write = (text: string) => {
    if (body.writableEnded || body.destroyed) return;
    if (body.writableLength > mostUnsent) body.destroy();
    else body.write(text);
  };
  const timer = setInterval(() => write(": alive\n\n"), aliveMs);
  body.on("close", () => {
    clearInterval(timer);
    onEnd();
  });
  body.on("error", () => {});
  write(`retry: ${retryMs}\n\n`);
  return {
    body,
    send: (event, data, id) =>
      write(`event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    end: () => void body.end(),
  };
}
