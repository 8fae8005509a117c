import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditPage, lastAudit } from "../../../../src/apps/service/audit/readAudit.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import { removeAccounts } from "../access/removeAccounts.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aServer } from "./aServer.ts";

let server: Server;
let database: Database;
beforeAll(async () => {
  const made = await anIntake();
  database = made.intake.database;
  ({ server } = await aServer(made, { isReachable: true, isSecure: true }, { proxies: ["10.9.8.7"] }));
});
afterAll(async () => {
  await server.close();
  await removeAccounts(database);
});

/** The address that is noted of a try to sign in. */
async function noted(remoteAddress: string): Promise<string> {
  const before = await lastAudit(database);
  await server.inject({
    method: "POST",
    url: "/signin",
    remoteAddress,
    headers: {
      host: "ct.example.org",
      origin: "https://ct.example.org",
      "x-forwarded-for": "10.1.1.1, 10.2.2.2",
      "content-type": "application/x-www-form-urlencoded",
    },
    payload: "name=ada&password=none",
  });
  const [entry] = await auditPage(database, { after: before }, 1);
  return entry.address;
}

test("a proxy is believed for whom it asks, and nobody else", async () => {
  expect(await noted("10.9.8.7")).toBe("10.2.2.2");
  expect(await noted("10.9.8.6")).toBe("10.9.8.6");
});

const other = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

test.skipIf(other === undefined)("other machines than the proxy are not answered", async () => {
  await server.listen({ host: "0.0.0.0", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  await expect(fetch(`http://${other}:${port}/healthz`)).rejects.toThrow();
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});
