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

export interface StreamOptions {
  /** A line that says nothing is sent so often, lest anybody between take the connection for dead. */
  readonly aliveMs: number;
  /** Asked before each such line: whether whoever listens still may. Where not, an event `ended` says so, and it ends. */
  readonly isAllowed: () => Promise<boolean>;
  /** Told once, whoever ends it. */
  readonly onEnd: () => void;
}

export function eventStream({ aliveMs, isAllowed, onEnd }: StreamOptions): EventStream {
  const body = new PassThrough();
  const write = (text: string) => {
    if (body.writableEnded || body.destroyed) return;
    if (body.writableLength > mostUnsent) body.destroy();
    else body.write(text);
  };
  const send: EventStream["send"] = (event, data, id) =>
    write(`event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  const end = () => void body.end();
  let isLooking = false;
  const look = async () => {
    // Whoever takes nothing does not keep an ended one open.
    if (body.writableEnded) return void body.destroy();
    if (isLooking) return;
    isLooking = true;
    // Where nobody can say, it ends as well; whoever listens connects again, and is told then.
    const isStill = await isAllowed().catch(() => undefined);
    isLooking = false;
    if (isStill) return write(": alive\n\n");
    if (isStill === false) send("ended", {});
    end();
  };
  const timer = setInterval(() => void look(), aliveMs);
  body.on("close", () => {
    clearInterval(timer);
    onEnd();
  });
  body.on("error", () => {});
  write(`retry: ${retryMs}\n\n`);
  return { body, send, end };
}
