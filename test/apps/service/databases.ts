import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../../src/apps/service/database/database.ts";
import { openDatabase } from "../../../src/apps/service/database/openDatabase.ts";
import { openQueue } from "../../../src/apps/service/queue/openQueue.ts";
import { once } from "../../once.ts";

/** A data folder whose database has all its tables, those of the queue too: to make one takes seconds, to copy it none. */
export async function embeddedFolder(to: string): Promise<string> {
  const made = await once("service-database", async (folder) => {
    const database = await openDatabase(undefined, folder);
    const queue = await openQueue(database, { supervise: false });
    await queue.stop({ graceful: false });
    await database.close();
  });
  cpSync(made, to, { recursive: true });
  return to;
}

const debian = "/usr/lib/postgresql";
const bin = existsSync(debian) ? join(debian, readdirSync(debian).sort().at(-1)!, "bin") : undefined;

/** Whether Debian's PostgreSQL is there. Where tests must be whole, as in CI, it has to be. */
export const hasPostgres = bin !== undefined || process.env.CI !== undefined;
if (!hasPostgres)
  console.log("tests on PostgreSQL are skipped: Debian's package postgresql is not installed");

/** A PostgreSQL server of Debian's package, empty. */
export interface PostgresServer {
  readonly url: string;
  /** Once; afterwards it does nothing. */
  stop(): void;
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "trinephron-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  // PostgreSQL does not run as root.
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  if (isRoot) {
    const [uid, gid] = ["-u", "-g"].map((of) =>
      Number(execFileSync("id", [of, "postgres"], { encoding: "utf8" })),
    );
    for (const path of [folder, data]) chownSync(path, uid, gid);
  }
  const run = (program: string, ...args: string[]) => {
    const [command, ...rest] = [...as, join(bin!, program), ...args];
    const { status, stderr } = spawnSync(command, rest, {
      encoding: "utf8",
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  const port = await freePort();
  run("initdb", "-D", data, "-U", "trinephron", "--auth=trust", "--no-sync", "--no-locale", "-E", "UTF8");
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB`;
  run("pg_ctl", "-D", data, "-w", "-l", join(folder, "log"), "-o", options, "start");
  return {
    url: `postgres://trinephron@127.0.0.1:${port}/postgres`,
    stop: () => {
      if (!existsSync(data)) return;
      run("pg_ctl", "-D", data, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Both kinds of database, for tests of what must be alike on them. */
export const kinds: readonly Database["kind"][] = hasPostgres ? ["embedded", "postgres"] : ["embedded"];
