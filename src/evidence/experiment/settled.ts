import { isInterruption } from "../../base/errors.ts";

/**
 * What works that were all begun yield, in their order, once all have ended.
 * @throws what one of them threw; an interruption only where nothing worse was thrown
 */
export async function settled<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(works);
  const failed = ends.filter((end) => end.status === "rejected");
  if (failed.length > 0) throw (failed.find(({ reason }) => !isInterruption(reason)) ?? failed[0]).reason;
  return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}
