import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type FollowOptions,
  followOrthanc,
} from "../../../../../src/apps/service/intake/orthanc/followOrthanc.ts";
import { orthanc as orthancSettings } from "../../../../../src/apps/service/intake/orthanc/orthanc.ts";
import { orthancClient } from "../../../../../src/apps/service/intake/orthanc/orthancClient.ts";
import { listOrthancs, takeLease } from "../../../../../src/apps/service/intake/orthanc/place.ts";
import { takeChanges } from "../../../../../src/apps/service/intake/orthanc/takeChanges.ts";
import type { Intake } from "../../../../../src/apps/service/intake/receiveInstance.ts";
import { ctObjects, ctOf, grid } from "../../../../imaging/formats/dicom/write/objects.ts";
import { type Orthanc, orthanc } from "../../../../imaging/formats/dicom/write/orthanc.ts";
import { peer } from "../../../../imaging/formats/dicom/write/peers.ts";
import { freePort } from "../../databases.ts";
import { anIntake, counts } from "../anIntake.ts";

let intake: Intake;
let received: string[] = [];
beforeAll(async () => {
  const made = await anIntake();
  intake = {
    ...made.intake,
    onReceived: ({ outcome }, origin) => void received.push(`${outcome} by ${origin}`),
  };
  await intake.database.query("delete from trinephron.orthancs");
});

const told = { resets: [] as number[], leftOut: [] as string[], errors: [] as unknown[] };
const follow = (url: string, own: Partial<FollowOptions> & { basicVariable?: string } = {}) =>
  followOrthanc(
    intake,
    orthancSettings.parse({ name: "archive", url, pollSeconds: 0.1, basicVariable: own.basicVariable }),
    {
      environment: {},
      onReset: (last) => told.resets.push(last),
      onLeftOut: (_, why) => told.leftOut.push(why),
      onError: (error) => told.errors.push((error as { code?: string }).code),
      ...own,
    },
  );
const followers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(followers.splice(0).map((each) => each.stop()));
  received = [];
  for (const list of Object.values(told)) list.splice(0);
});
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 200 && !(await holds()); tries++) await wait(50);
  expect(await holds()).toBe(true);
};
const line = async () => (await listOrthancs(intake.database, ["archive"]))[0];

describe("an Orthanc that cannot be reached", () => {
  test("is tried again, and that is told", async () => {
    followers.push(follow(`http://127.0.0.1:${await freePort()}`));
    await until(() => told.errors.length > 0);
    expect(told.errors).toEqual(["E_UNREACHABLE"]);
    expect(await line()).toMatchObject({ isReached: false, last: 0 });
  });

  test("has a password that is not there: E_USAGE", () => {
    expect(() => follow("http://127.0.0.1:1", { basicVariable: "NO_SUCH_LOGIN" })).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining("NO_SUCH_LOGIN") }),
    );
  });
});

describe.skipIf(!(peer("Orthanc") && peer("storescu")))("an Orthanc", () => {
  let archive: Orthanc;
  let first: Uint8Array[];
  let second: Uint8Array[];
  beforeAll(async () => {
    archive = await orthanc();
    const images = ctObjects(ctOf(grid(6))).map(({ bytes }) => bytes);
    [first, second] = [images.slice(0, 2), images.slice(2)];
  });
  afterAll(() => archive?.stop());

  test("of which two processes know gives each image once", async () => {
    archive.storeByCStore(first);
    followers.push(follow(archive.url), follow(archive.url));
    await until(() => received.length === first.length);
    await until(async () => (await line()).isReached);
    expect(received).toEqual(first.map(() => "stored by Orthanc"));
    const [study] = await intake.database.query("select state, revision from trinephron.studies");
    expect(study).toEqual({ state: "waiting", revision: first.length });
  });

  test("gives those that came meanwhile after a new start, and no other", async () => {
    archive.storeByCStore(second);
    followers.push(follow(archive.url));
    await until(() => received.length >= second.length);
    expect(received).toEqual(second.map(() => "stored by Orthanc"));
    expect((await counts(intake)).instances).toBe(first.length + second.length);
    expect(told.resets).toEqual([]);
  });

  test.each([
    ["is shorter than before", 1e6, ""],
    ["has another change where the last one was", 1, "NewInstance other 20200101T000000"],
  ])(
    "whose list of changes %s is gone through from its start, and nothing is doubled",
    async (_, last, mark) => {
      const before = await counts(intake);
      await intake.database.query("update trinephron.orthancs set last = $1, last_mark = $2", [last, mark]);
      followers.push(follow(archive.url));
      await until(() => received.length === before.instances);
      expect(told.resets).toEqual([last]);
      expect(new Set(received)).toEqual(new Set(["known by Orthanc"]));
      expect(await counts(intake)).toEqual(before);
    },
  );

  test("from which an image is deleted while it is asked for is gone on with", async () => {
    await intake.database.query("update trinephron.orthancs set last = 0, last_mark = '', holder = null");
    const real = orthancClient(orthancSettings.parse({ name: "archive", url: archive.url }), {});
    let isDeleted = false;
    const client: typeof real = {
      ...real,
      file: async (id, signal) => {
        if (!isDeleted) {
          isDeleted = true;
          await archive.remove(`instances/${id}`);
        }
        return real.file(id, signal);
      },
    };
    const place = (await takeLease(intake.database, "archive", "test"))!;
    await takeChanges(
      {
        intake,
        client,
        name: "archive",
        holder: "test",
        refusals: new Map(),
        onReset: () => {},
        onLeftOut: (_, why) => told.leftOut.push(why),
      },
      place,
      new AbortController().signal,
    );
    expect(told.leftOut).toEqual(["deleted"]);
    expect(received.length).toBe((await counts(intake)).instances - 1);
    expect((await line()).last).toBeGreaterThan(received.length);
  });
});
