import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import { migrate } from "../../../../src/apps/service/database/migrate.ts";
import type { Migration } from "../../../../src/apps/service/database/migration.ts";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import { withoutPassword } from "../../../../src/apps/service/database/postgresDatabase.ts";
import { openQueue, queues } from "../../../../src/apps/service/queue/openQueue.ts";
import { queueDatabase } from "../../../../src/apps/service/queue/queueDatabase.ts";
import { kinds, type PostgresServer, startPostgres } from "../databases.ts";
import { anIntake, sharedFolder } from "../intake/anIntake.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-database-"));
let server: PostgresServer | undefined;
afterAll(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(kinds)("a database: %s", (kind) => {
  let database: Database;
  beforeAll(async () => {
    if (kind === "postgres") server = await startPostgres();
    database = server ? await openDatabase(server.url, folder) : (await anIntake()).intake.database;
  });
  afterAll(() => (server ? database.close() : undefined));
  const addStudy =
    "insert into trinephron.studies (study_uid, state) values ($1, 'waiting') returning id, received_at";
  const count = async () =>
    (await database.query<{ n: number }>("select count(*)::integer as n from trinephron.studies"))[0].n;

  test("values come back alike", async () => {
    const [row] = await database.query(
      "select $1::text as text, 1.5::float8 as number, $2::jsonb as json, now() as at, null as nothing",
      ["a'b", JSON.stringify({ a: [1] })],
    );
    expect(row).toEqual({ text: "a'b", number: 1.5, json: { a: [1] }, at: expect.any(Date), nothing: null });
    expect(await database.query("select 1 as a; select 2 as a")).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("a transaction that throws leaves nothing, one that ends is kept", async () => {
    const before = await count();
    const failed = database.transaction(async ({ query }) => {
      await query(addStudy, ["1.2.3"]);
      throw new Error("stop");
    });
    await expect(failed).rejects.toThrow("stop");
    await expect(database.query("select nothing from nowhere")).rejects.toThrow();
    expect(await count()).toBe(before);
    await database.transaction(({ query }) => query(addStudy, ["1.2.3"]));
    expect(await count()).toBe(before + 1);
  });

  test("each step of the tables is applied once, whole, and noted", async () => {
    const known = await database.query<{ number: number; name: string }>(
      "select number, name from trinephron.migrations order by number",
    );
    expect(known).toEqual([
      { number: 1, name: "studies" },
      { number: 2, name: "deliveries" },
      { number: 3, name: "rules" },
      { number: 4, name: "audit" },
      { number: 5, name: "accounts" },
      { number: 6, name: "orthanc" },
      { number: 7, name: "changes" },
      { number: 8, name: "removals" },
    ]);
    expect(await migrate(database)).toEqual([]);
    // As made by a version that had none of the fifth, but later ones.
    await database.query(`drop table trinephron.sessions, trinephron.accounts, trinephron.tokens;
      delete from trinephron.migrations where number = 5`);
    expect(await migrate(database)).toEqual(["accounts"]);
    const earlier = known.map((step): Migration => ({ ...step, sql: "" }));
    const broken = {
      number: 100,
      name: "broken",
      sql: "create table trinephron.half (a integer); create tabel b",
    };
    await expect(migrate(database, [...earlier, broken])).rejects.toThrow();
    expect(await database.query("select to_regclass('trinephron.half')::text as found")).toEqual([
      { found: null },
    ]);
    const whole = { ...broken, sql: "create table trinephron.half (a integer)" };
    const steps = [...earlier, whole];
    const both = await Promise.all([migrate(database, steps), migrate(database, steps)]);
    expect(both.flat()).toEqual(["broken"]);
    await expect(migrate(database)).rejects.toMatchObject({ code: "E_DATABASE" });
    await database.query("drop table trinephron.half; delete from trinephron.migrations where number = 100");
  });

  test("a job is committed together with what it is about", async () => {
    const queue = await openQueue(database, { supervise: false });
    const waiting = () => queue.findJobs(queues.settle, { key: "7", queued: true });
    try {
      const failed = database.transaction(async (statements) => {
        await queue.send(queues.settle, { study: 7 }, { singletonKey: "7", db: queueDatabase(statements) });
        throw new Error("stop");
      });
      await expect(failed).rejects.toThrow("stop");
      expect(await waiting()).toEqual([]);
      for (let twice = 0; twice < 2; twice++)
        await database.transaction((statements) =>
          queue.send(queues.settle, { study: 7 }, { singletonKey: "7", db: queueDatabase(statements) }),
        );
      expect((await waiting()).map(({ data }) => data)).toEqual([{ study: 7 }]);
    } finally {
      await queue.stop({ graceful: false });
    }
  });

  test("who listens is told what was committed, after a connection broke too", async () => {
    const told: (string | undefined)[] = [];
    const unlisten = await database.listen("a_channel", (payload) => told.push(payload));
    const until = async (payload: string | undefined) => {
      for (let tries = 0; tries < 100 && told.at(-1) !== payload; tries++) await wait(50);
      expect(told.at(-1)).toBe(payload);
    };
    const say = (payload: string) => database.query("select pg_notify('a_channel', $1)", [payload]);
    const failed = database.transaction(async ({ query }) => {
      await query("select pg_notify('a_channel', 'never')");
      throw new Error("stop");
    });
    await expect(failed).rejects.toThrow("stop");
    await say("one");
    await until("one");
    if (kind === "postgres") {
      await database.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %'",
      );
      await until(undefined);
      await say("two");
      await until("two");
    }
    await unlisten();
    await say("three");
    await say("four");
    expect(told).toEqual(kind === "postgres" ? ["one", undefined, "two"] : ["one"]);
  });

  test.runIf(kind === "embedded")("serves one process", async () => {
    await expect(openDatabase(undefined, sharedFolder())).rejects.toMatchObject({
      code: "E_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });
});

test.each([
  ["mysql://host/name", "E_USAGE"],
  ["postgres://nobody:secret@127.0.0.1:1/name", "E_DATABASE"],
])("%s is refused", async (url, code) => {
  const refused = openDatabase(url, folder);
  await expect(refused).rejects.toMatchObject({ code, message: expect.not.stringContaining("secret") });
});

test("a database's address is shown without its password", () => {
  expect(withoutPassword("postgres://a:b@host:5432/name?sslkey=c")).toBe("postgres://a:…@host:5432/name");
  expect(withoutPassword("no address: b")).toBe("postgres://…");
});
