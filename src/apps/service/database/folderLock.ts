import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";
import { processStart } from "./processStart.ts";

/** A lock that is held until it is released, or until its process ends. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

/** The holder touches its lock this often; after so many times as long without, one on another machine is taken for dead. */
const touchMs = 5_000;
const silentMs = 12 * touchMs;

/**
 * Takes a lock file for this process. One that a dead process left is taken over: on this machine a process is known by
 * its number and the moment it began, on another, as where containers share a folder, by the age of its lock.
 * @throws E_LOCKED where a living process holds it, E_FILE_WRITE
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const own: Holder = { pid: process.pid, started: processStart(process.pid) ?? "", host: hostname() };
  const text = JSON.stringify(own);
  const beside = `${path}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { flush: true });
    for (;;) {
      // A link is made in one step, with its content, and only where there is none.
      if (await linked(beside, path)) break;
      const found = await readFile(path, "utf8").catch(() => undefined);
      if (found === undefined) continue;
      if (await isAlive(found, path)) throw held(path, found);
      await setAside(path, found);
    }
  } catch (error) {
    throw error instanceof TrinephronError ? error : fileError(error, path, "E_FILE_WRITE");
  } finally {
    await rm(beside, { force: true });
  }
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), touchMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      if ((await readFile(path, "utf8").catch(() => "")) === text) await rm(path, { force: true });
    },
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(text);
    return typeof pid === "number" ? { pid, started: String(started), host: String(host) } : undefined;
  } catch {
    return undefined;
  }
}

/** What cannot be understood was left by a machine that lost power, and holds nothing. */
async function isAlive(text: string, path: string): Promise<boolean> {
  const holder = holderIn(text);
  if (!holder) return false;
  if (holder.host !== hostname()) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    return Date.now() - mtimeMs < silentMs;
  }
  const started = processStart(holder.pid);
  return started !== undefined && (started === holder.started || started === "" || holder.started === "");
}

/** Removes a dead process's lock, but not one that another has put in its place meanwhile. */
async function setAside(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== dead) await linked(aside, path);
  await rm(aside, { force: true });
}

function held(path: string, text: string): TrinephronError {
  const { pid, host } = holderIn(text)!;
  return new TrinephronError(
    "E_LOCKED",
    `${path}: held by process ${pid}${host === hostname() ? "" : ` on ${host}`}`,
    "an embedded database serves one process: stop that one, or use --database postgres://…",
  );
}
