import { type ChildProcess, fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeliveryReport } from "../../../../src/apps/service/delivery/deliver.ts";
import { stow } from "../../../../src/apps/service/intake/stow/stow.ts";
import { embeddedFolder } from "../databases.ts";
import { anIntake, counts } from "../intake/anIntake.ts";

const limits = { maxParts: 10, maxBodyBytes: 1e8, maxInstanceBytes: 1e8 };
const ends: (() => void)[] = [];
let made: Awaited<ReturnType<typeof anIntake>>;
beforeAll(async () => void (made = await anIntake()));
afterAll(() => {
  for (const end of ends) end();
});

/** Our own STOW-RS as the PACS; its first answer never leaves. */
async function aPacs(onStored: (n: number) => void): Promise<string> {
  let n = 0;
  const server = createServer(async (request, response) => {
    const told = await stow(
      made.intake,
      { studyUid: undefined, contentType: request.headers["content-type"], body: request },
      limits,
    );
    if (n > 0) response.writeHead(told.status).end(JSON.stringify(told.dataset));
    onStored(n++);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a process that is killed after the PACS has stored the result leaves it to the next: it is there once", async () => {
  const folder = await embeddedFolder(join(made.folder, "sender"));
  const stored = [0, 1].map(() => Promise.withResolvers<void>());
  const url = await aPacs((n) => stored[n].resolve());
  const start = () => {
    const started = fork(new URL("./deliver.child.ts", import.meta.url), [folder, url], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    ends.push(() => started.kill("SIGKILL"));
    return started;
  };
  const exited = (of: ChildProcess) => new Promise((resolve) => of.once("exit", resolve));
  const told = (by: ChildProcess) => new Promise<object>((resolve) => by.once("message", resolve));

  const first = start();
  expect(await told(first)).toEqual({ recovered: 0 });
  await stored[0].promise;
  first.kill("SIGKILL");
  await exited(first);
  const before = await counts(made.intake);
  expect(before).toMatchObject({ studies: 1, instances: 3 });

  const second = start();
  expect(await told(second)).toEqual({ recovered: 1 });
  expect(((await told(second)) as DeliveryReport).outcome).toBe("delivered");
  await stored[1].promise;
  expect(await counts(made.intake)).toEqual(before);
});
