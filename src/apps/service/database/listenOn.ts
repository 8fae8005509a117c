import type { Client } from "pg";

/** Before a connection that broke is made again. */
const againMs = 1000;

/**
 * Listens on a channel of a PostgreSQL server, by a connection of its own that is made again where it breaks.
 * @param onNotice told of nothing in particular when it is there again: what was said meanwhile is lost
 * @returns a function that ends it
 */
export async function listenOn(
  connect: () => Client,
  channel: string,
  onNotice: (payload: string | undefined) => void,
): Promise<() => Promise<void>> {
  let isStopped = false;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const open = async () => {
    const own = connect();
    own.on("notification", ({ payload }) => onNotice(payload));
    const broken = Promise.withResolvers<void>();
    own.on("error", () => broken.resolve());
    own.on("end", () => broken.resolve());
    try {
      await own.connect();
      await own.query(`listen ${own.escapeIdentifier(channel)}`);
    } catch (error) {
      await own.end().catch(() => {});
      throw error;
    }
    client = own;
    void broken.promise.then(again);
  };
  const again = () => {
    if (isStopped) return;
    client?.end().catch(() => {});
    client = undefined;
    timer = setTimeout(() => {
      open().then(() => onNotice(undefined), again);
    }, againMs);
  };
  // At the start a server that is away is found out by whoever asks it something.
  await open().catch(again);
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}
