import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byApi } from "../../../../src/apps/service/audit/actor.ts";
import { auditPages } from "../../../../src/apps/service/audit/readAudit.ts";
import { verifyAudit } from "../../../../src/apps/service/audit/verifyAudit.ts";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import {
  type Intake,
  type Received,
  receiveInstance,
} from "../../../../src/apps/service/intake/receiveInstance.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { openQueue } from "../../../../src/apps/service/queue/openQueue.ts";
import { type Deleted, deleteStudy } from "../../../../src/apps/service/retention/deleteStudy.ts";
import { lockContent } from "../../../../src/apps/service/retention/lockContent.ts";
import { addRemovals, removeContents, type Stores } from "../../../../src/apps/service/retention/removals.ts";
import { startRetention } from "../../../../src/apps/service/retention/startRetention.ts";
import { context, ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { kinds, type PostgresServer, startPostgres } from "../databases.ts";
import { anIntake } from "../intake/anIntake.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-retention-"));
let postgres: PostgresServer | undefined;
afterAll(() => {
  postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const images = ctObjects(ctOf(grid(6))).slice(0, 3);
const studyUid = context.study.uid;
const sha256 = (of: string | Uint8Array) => createHash("sha256").update(of).digest("hex");
const listed = (of: readonly string[]) =>
  sha256(
    [...of]
      .sort()
      .map((line) => `${line}\n`)
      .join(""),
  );

describe.each(kinds)("on %s", (kind) => {
  let intake: Intake;
  let stores: Stores;
  let close = async () => {};
  beforeAll(async () => {
    if (kind === "embedded") {
      ({ intake } = await anIntake());
    } else {
      postgres = await startPostgres();
      const database = await openDatabase(postgres.url, folder);
      const queue = await openQueue(database, { supervise: false });
      close = async () => {
        await queue.stop({ graceful: false });
        await database.close();
      };
      intake = {
        ...(await anIntake()).intake,
        database,
        queue,
        images: folderStore(join(folder, "images")),
        incoming: join(folder, "incoming"),
      };
    }
    await query("delete from trinephron.removals");
    stores = { images: intake.images, results: folderStore(join(intake.incoming, "results")) };
  });
  afterAll(() => close());
  const query = <R extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
    intake.database.query<R>(text, values);
  const receive = async (bytes: Uint8Array): Promise<Received> => {
    const writer = await stageFile(intake.incoming, 1e8);
    await writer.write(bytes);
    return receiveInstance(intake, await writer.finish(), "STOW-RS");
  };
  const aFile = async (store: keyof Stores, text: string): Promise<string> => {
    const writer = await stageFile(intake.incoming, 1e8);
    await writer.write(Buffer.from(text));
    const file = await writer.finish();
    await stores[store].adopt(file);
    return file.key;
  };
  const isThere = async (store: keyof Stores, key: string) =>
    existsSync(await stores[store].local(key).catch(() => ""));
  const remove = () => deleteStudy({ ...stores, database: intake.database }, studyUid, { by: byApi });
  const keys = images.map(({ bytes }) => sha256(bytes));

  test("a study is deleted with its files; what others have stays, and an entry tells what was there", async () => {
    for (const { bytes } of images) await receive(bytes);
    await expect(remove()).rejects.toMatchObject({ code: "E_STATE" });
    await query("update trinephron.studies set state = 'answered', changed_at = now() - interval '3 days'");
    const report = await aFile("results", "a report");
    const [{ id }] = await query<{ id: number }>("select id from trinephron.studies");
    await query(
      `insert into trinephron.results (study_id, attempt, revision, model_sha256, model_sources, answers, files)
       values ($1, 1, 3, 'abc', '["real"]', '[]', $2::jsonb)`,
      [id, JSON.stringify([{ name: "report.html", key: report, bytes: 8 }])],
    );
    await query("insert into trinephron.outputs (sop_instance_uid, study_id) values ('1.2.3.4', $1)", [id]);
    await query(
      "insert into trinephron.deliveries (study_id, destination, attempt, state) values ($1, 'pacs', 1, 'waiting')",
      [id],
    );
    await expect(remove()).rejects.toMatchObject({
      code: "E_STATE",
      message: expect.stringContaining("pacs"),
    });
    await query("update trinephron.deliveries set state = 'delivered'");
    await query("insert into trinephron.studies (study_uid, state) values ('1.5', 'waiting')");
    await query(
      `insert into trinephron.series (series_uid, study_id)
       select '1.5.1', id from trinephron.studies where study_uid = '1.5'`,
    );
    await query(
      `insert into trinephron.instances
         (sop_instance_uid, series_uid, study_id, sop_class_uid, transfer_syntax_uid, content_key, bytes, origin)
       select '1.5.1.1', '1.5.1', study_id, '1.2', '1.2', $1, 5, 'folder' from trinephron.series where series_uid = '1.5.1'`,
      [keys[0]],
    );
    const told = await remove();
    expect(told).toMatchObject({ images: 3, files: 1, shared: 1 });
    expect(told.uidsSha256).toBe(listed(images.map(({ sopInstance }) => sopInstance)));
    expect(told.contentsSha256).toBe(listed([...keys, report]));
    expect(await Promise.all(keys.map((key) => isThere("images", key)))).toEqual([true, false, false]);
    expect(await isThere("results", report)).toBe(false);
    expect(await query("select 1 from trinephron.removals")).toEqual([]);
    const [entry] = await query<{ action: string; study_uid: string; detail: string }>(
      "select action, study_uid, detail from trinephron.audit order by id desc limit 1",
    );
    expect(entry).toMatchObject({ action: "study deleted", study_uid: studyUid });
    expect(JSON.parse(entry.detail)).toEqual({
      images: 3,
      files: 1,
      bytes: told.bytes,
      shared: 1,
      uidsSha256: told.uidsSha256,
      contentsSha256: told.contentsSha256,
    });
    await verifyAudit(auditPages(intake.database));
    await expect(remove()).rejects.toMatchObject({ code: "E_STUDY" });
    // A PACS may still send back what the service made.
    expect(await query("select study_id from trinephron.outputs")).toEqual([{ study_id: null }]);
  });

  test("an image that comes later begins a new study", async () => {
    expect((await receive(images[1].bytes)).outcome).toBe("stored");
    expect(await isThere("images", keys[1])).toBe(true);
    expect(
      await query("select state, revision from trinephron.studies where study_uid = $1", [studyUid]),
    ).toEqual([{ state: "waiting", revision: 1 }]);
  });

  test("what a process left that was killed is removed later, but nothing that is in use or on its way", async () => {
    const [left, coming] = [await aFile("results", "left"), await aFile("results", "coming")];
    await addRemovals(intake.database, "results", [left]);
    await addRemovals(intake.database, "results", [coming], 3600);
    await addRemovals(intake.database, "images", [keys[1]]);
    expect(await removeContents(intake.database, stores)).toBe(1);
    expect(await isThere("results", left)).toBe(false);
    expect(await isThere("results", coming)).toBe(true);
    expect(await isThere("images", keys[1])).toBe(true);
    expect(await query("select content_key from trinephron.removals")).toEqual([{ content_key: coming }]);
  });

  test("studies whose time has come are deleted by the queue, and no others", async () => {
    const add = (uid: string, state: string, days: number) =>
      query(
        `insert into trinephron.studies (study_uid, state, changed_at)
         values ($1, $2, now() - make_interval(days => $3))`,
        [uid, state, days],
      );
    await add("1.6.1", "not read", 31);
    await add("1.6.2", "answered", 29);
    await add("1.6.3", "reading", 31);
    await add("1.6.4", "answered", 31);
    await query(
      `insert into trinephron.deliveries (study_id, destination, attempt, state)
       select id, 'pacs', 1, 'waiting' from trinephron.studies where study_uid = '1.6.4'`,
    );
    const deleted: Deleted[] = [];
    const retention = await startRetention({
      ...stores,
      database: intake.database,
      queue: intake.queue,
      days: 30,
      pollSeconds: 0.5,
      onDeleted: (told) => deleted.push(told),
    });
    await retention.look();
    await retention.look();
    for (let tries = 0; tries < 100 && deleted.length === 0; tries++) await wait(50);
    await retention.stop();
    expect(deleted.map((told) => told.studyUid)).toEqual(["1.6.1"]);
    const left = await query(
      "select study_uid from trinephron.studies where study_uid like '1.6.%' order by study_uid",
    );
    expect(left.map(({ study_uid }) => study_uid)).toEqual(["1.6.2", "1.6.3", "1.6.4"]);
  });

  test.runIf(kind === "postgres")("a file that is being taken into use is not removed", async () => {
    const key = await aFile("images", "taken");
    await addRemovals(intake.database, "images", [key]);
    let removing: Promise<number> | undefined;
    await intake.database.transaction(async (statements) => {
      await lockContent(statements, [key]);
      removing = removeContents(intake.database, stores);
      await wait(100);
      await statements.query("update trinephron.instances set content_key = $1", [key]);
    });
    expect(await removing).toBe(0);
    expect(await isThere("images", key)).toBe(true);
  });

  test.runIf(kind === "postgres")("a file that is removed meanwhile is not acknowledged", async () => {
    const { bytes } = images[2];
    const key = sha256(bytes);
    let receiving: Promise<Received> | undefined;
    await intake.database.transaction(async (statements) => {
      await lockContent(statements, [key]);
      receiving = receive(bytes);
      for (let tries = 0; tries < 100 && !(await isThere("images", key)); tries++) await wait(20);
      await stores.images.remove(key);
    });
    expect(await receiving).toMatchObject({ outcome: "refused", error: { code: "E_FILE_WRITE" } });
    expect((await receive(bytes)).outcome).toBe("stored");
  });
});
