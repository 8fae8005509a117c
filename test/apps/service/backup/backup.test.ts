import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAccount } from "../../../../src/apps/service/access/accounts.ts";
import { signIn } from "../../../../src/apps/service/access/signIn.ts";
import { addToken, listTokens } from "../../../../src/apps/service/access/tokens.ts";
import { byPage } from "../../../../src/apps/service/audit/actor.ts";
import { appendAudit } from "../../../../src/apps/service/audit/appendAudit.ts";
import { backUp } from "../../../../src/apps/service/backup/backUp.ts";
import type { BackupManifest } from "../../../../src/apps/service/backup/manifest.ts";
import { restore } from "../../../../src/apps/service/backup/restore.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import { migrate, stepsOf } from "../../../../src/apps/service/database/migrate.ts";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import { openPostgres } from "../../../../src/apps/service/database/postgresDatabase.ts";
import { instanceOf } from "../../../../src/apps/service/intake/instance.ts";
import { readInstance } from "../../../../src/apps/service/intake/readInstance.ts";
import { registerInstance } from "../../../../src/apps/service/intake/registerInstance.ts";
import { openLog } from "../../../../src/apps/service/log.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { serve } from "../../../../src/apps/service/serve.ts";
import { parseServiceSettings } from "../../../../src/apps/service/settings/settings.ts";
import { anAccess } from "../access/anAccess.ts";
import { aModel, aStudy } from "../aStudy.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../databases.ts";
import { aResult } from "../delivery/aResult.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-backup-"));
const at = (...names: string[]) => join(folder, ...names);
const password = "a long enough password";
const signedIn = (database: Database) => signIn(anAccess(database), { name: "ada", password, by: byPage });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasPostgres)("a backup", () => {
  let postgres: PostgresServer;
  let first: BackupManifest;
  const url = (name: string) => postgres.url.replace(/postgres$/, name);
  const whileOpen = async <T>(name: string, use: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openPostgres(url(name));
    return use(database).finally(() => database.close());
  };
  beforeAll(async () => {
    postgres = await startPostgres();
    for (const name of ["source", "target", "earlier"])
      await whileOpen("postgres", (database) => database.query(`create database ${name}`));
    const database = await openDatabase(url("source"), folder);
    try {
      await aResult(database, at("source"));
      const store = folderStore(at("source", "images"));
      for (const bytes of (await aStudy()).images.slice(0, 3)) {
        const writer = await stageFile(at("source", "incoming"), 1e8);
        await writer.write(bytes);
        const file = await writer.finish();
        const instance = instanceOf(await readInstance(file.path, file.bytes, "image"), "image");
        await store.adopt(file);
        await database.transaction((statements) => registerInstance(statements, instance, file, "C-STORE"));
      }
      await addAccount(database, { name: "ada", role: "administrator", password }, byPage);
      await addToken(database, { name: "pacs", scopes: ["images:send"], days: 1 }, byPage);
      await signedIn(database);
      for (const studyUid of ["1.2.1", "1.2.2"])
        await database.transaction((statements) =>
          appendAudit(statements, { by: byPage, action: "study viewed", studyUid }),
        );
    } finally {
      await database.close();
    }
    first = await backUp({ data: at("source"), database: url("source") }, at("first"));
  });
  afterAll(() => postgres?.stop());

  test("moves from a server into an embedded database and back, and every row is as it was", async () => {
    expect(first).toMatchObject({ images: { files: 3 }, results: { files: 4 }, audit: { entries: 5 } });
    expect(first.tables.map(({ name }) => name)).not.toContain("sessions");
    const restored = await restore(at("first"), { data: at("embedded") });
    expect(restored.audit).toEqual(first.audit);
    expect(existsSync(at("embedded", "restoring"))).toBe(false);
    const second = await backUp({ data: at("embedded") }, at("second"), { isLinked: true });
    const place = { data: at("back"), database: url("target") };
    await restore(at("second"), place);
    const third = await backUp(place, at("third"));
    const { created: _, ...told } = first;
    for (const { created: __, ...other } of [second, third]) expect(other).toEqual(told);
    const [key] = readdirSync(at("third", "images")).flatMap((part) =>
      readdirSync(at("third", "images", part)),
    );
    const path = (of: string, store = "images") => at(of, store, key.slice(0, 2), key);
    expect(readFileSync(path("third"))).toEqual(readFileSync(path("source")));
    expect(statSync(path("second")).ino).toBe(statSync(path("embedded")).ino);
    expect(statSync(path("first")).mode & 0o777).toBe(0o600);
    // Accounts and tokens are there; who was signed in is not any more.
    await whileOpen("target", async (database) => {
      expect(await database.query("select 1 from trinephron.sessions")).toEqual([]);
      expect((await listTokens(database)).map(({ name }) => name)).toEqual(["pacs"]);
      await signedIn(database);
    });
    // New studies are numbered behind those that were put in.
    const [{ id }] = await whileOpen("target", (database) =>
      database.query<{ id: number }>(
        "insert into trinephron.studies (study_uid, state) values ('1.9', 'waiting') returning id",
      ),
    );
    expect(id).toBe(3);
  });

  test("of tables of an earlier version becomes one of this version", async () => {
    await whileOpen("earlier", async (database) => {
      const names = ["studies", "deliveries", "rules", "audit"];
      await migrate(database, stepsOf(names.map((name, n) => ({ number: n + 1, name }))));
      await database.query("insert into trinephron.studies (study_uid, state) values ('1.7', 'canceled')");
    });
    mkdirSync(at("old"));
    const told = await backUp({ data: at("old"), database: url("earlier") }, at("earlier"));
    expect(told.migrations.length).toBe(4);
    await whileOpen("earlier", (database) => database.query("drop schema trinephron cascade"));
    await restore(at("earlier"), { data: at("renewed"), database: url("earlier") });
    const [found] = await whileOpen("earlier", (database) =>
      database.query("select study_uid, step from trinephron.studies"),
    );
    expect(found).toEqual({ study_uid: "1.7", step: null });
  });

  const image = () => {
    const [part] = readdirSync(at("first", "images"));
    return join("images", part, readdirSync(at("first", "images", part))[0]);
  };
  test.each<[string, (copy: string) => void]>([
    ["without its list", (copy) => rmSync(join(copy, "manifest.json"))],
    ["whose list is no list", (copy) => writeFileSync(join(copy, "manifest.json"), "{}")],
    ["with a row too many", (copy) => appendFileSync(join(copy, "tables/studies.jsonl"), "{}\n")],
    ["without a table", (copy) => rmSync(join(copy, "tables/audit.jsonl"))],
    ["without an image", (copy) => rmSync(join(copy, image()))],
    ["with an image that was changed", (copy) => appendFileSync(join(copy, image()), "x")],
  ])("%s is refused", async (name, spoil) => {
    const copy = at(name);
    cpSync(at("first"), copy, { recursive: true });
    spoil(copy);
    await whileOpen("postgres", async (database) => {
      await database.query("drop database if exists spoilt");
      await database.query("create database spoilt");
    });
    const place = { data: at(`data ${name}`), database: url("spoilt") };
    await expect(restore(copy, place)).rejects.toMatchObject({
      code: "E_BACKUP",
      message: expect.stringContaining(copy),
    });
  });

  test("that breaks off leaves what no service starts with, and is gone on with", async () => {
    const copy = at("without a file for a while");
    cpSync(at("first"), copy, { recursive: true });
    const away = join(copy, image());
    renameSync(away, `${away}.away`);
    await whileOpen("postgres", (database) => database.query("create database half"));
    const place = { data: at("half"), database: url("half") };
    await expect(restore(copy, place)).rejects.toMatchObject({ code: "E_BACKUP" });
    const settings = parseServiceSettings({ ...place, model: await aModel(), port: 0 }, "settings");
    const { log } = await openLog({ write: () => {} });
    await expect(serve(settings, log)).rejects.toMatchObject({ code: "E_BACKUP" });
    await expect(backUp(place, at("of half"))).rejects.toMatchObject({ code: "E_BACKUP" });
    renameSync(`${away}.away`, away);
    expect((await restore(copy, place)).audit).toEqual(first.audit);
    // As where it was killed before it could say that it is done.
    writeFileSync(at("half", "restoring"), "");
    expect((await restore(copy, place)).audit).toEqual(first.audit);
  });

  test("goes into an empty place alone, and over nothing", async () => {
    const away = { data: at("source"), database: url("target") };
    await expect(restore(at("first"), away)).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
    const full = { data: at("nothing"), database: url("source") };
    await expect(restore(at("first"), full)).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
    const own = { data: at("source"), database: url("source") };
    await expect(backUp(own, at("first"))).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
  });

  test("of a service whose file was changed on its disk is refused", async () => {
    appendFileSync(at("source", image()), "x");
    const own = { data: at("source"), database: url("source") };
    await expect(backUp(own, at("of changed"))).rejects.toMatchObject({ code: "E_BACKUP" });
    expect(existsSync(at("of changed", "manifest.json"))).toBe(false);
  });
});
