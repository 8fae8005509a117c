import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type PeerCertificate } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addAccount } from "../../../src/apps/service/access/accounts.ts";
import { byCommandLine } from "../../../src/apps/service/audit/actor.ts";
import { openDatabase } from "../../../src/apps/service/database/openDatabase.ts";
import { type Log, openLog } from "../../../src/apps/service/log.ts";
import { type RunningService, serve } from "../../../src/apps/service/serve.ts";
import { parseServiceSettings } from "../../../src/apps/service/settings/settings.ts";
import { aModel } from "./aStudy.ts";
import { embeddedFolder } from "./databases.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tlsCertificate = join(folder, "certificate.pem");
const tlsKey = join(folder, "key.pem");
const lines: string[] = [];
let log: Log;

/** A certificate that vouches for itself. */
const certify = (name: string) =>
  execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:ct.example.org,IP:127.0.0.1"],
    ...["-keyout", tlsKey, "-out", tlsCertificate],
  ]);

beforeAll(async () => {
  ({ log } = await openLog({ write: (line) => void lines.push(line) }));
  certify("first");
});

const parsed = async (own: object) =>
  parseServiceSettings(
    { model: await aModel(), data: join(folder, "data"), port: 0, workers: 0, ...own },
    "settings",
  );

describe("a service that others reach", () => {
  let service: RunningService;
  beforeAll(async () => {
    const data = await embeddedFolder(join(folder, "data"));
    const settings = await parsed({ host: "0.0.0.0", tlsCertificate, tlsKey });
    const early = serve(settings, log);
    await expect(early).rejects.toMatchObject({
      code: "E_USAGE",
      hint: "trinephron account add NAME --role administrator --data FOLDER",
    });
    const database = await openDatabase(undefined, data);
    const root = { name: "root", role: "administrator", password: "correct horse battery" } as const;
    await addAccount(database, root, byCommandLine);
    await database.close();
    service = await serve(settings, log);
  }, 300_000);
  afterAll(() => service.stop());
  const port = () => Number(new URL(service.url).port);

  test("speaks TLS, and knows nobody by the machine", async () => {
    expect(service.url).toMatch(/^https:\/\/0\.0\.0\.0:\d+$/);
    const status = (path: string) =>
      new Promise<number | undefined>((resolve, reject) =>
        get(
          `https://127.0.0.1:${port()}${path}`,
          { ca: readFileSync(tlsCertificate), headers: { host: "ct.example.org" } },
          (answer) => answer.resume().on("end", () => resolve(answer.statusCode)),
        ).on("error", reject),
      );
    expect(await status("/healthz")).toBe(200);
    expect(await status("/api/studies")).toBe(401);
    await expect(fetch(`http://127.0.0.1:${port()}/healthz`)).rejects.toThrow();
  });

  test("takes a new certificate while it runs, but none that is broken", async () => {
    const shown = () =>
      new Promise<PeerCertificate>((resolve, reject) => {
        const socket = connect({ port: port(), host: "127.0.0.1", rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate());
          socket.destroy();
        }).on("error", reject);
      });
    expect((await shown()).subject.CN).toBe("first");
    writeFileSync(tlsCertificate, "no certificate");
    process.emit("SIGHUP");
    await vi.waitFor(() => expect(lines.at(-1)).toContain("cannot be used"), 5000);
    expect((await shown()).subject.CN).toBe("first");
    certify("second");
    process.emit("SIGHUP");
    await vi.waitFor(() => expect(lines.at(-1)).toContain("read anew"), 5000);
    expect((await shown()).subject.CN).toBe("second");
  });
});

test.each([
  ["an address that others reach, without TLS", { host: "0.0.0.0" }],
  ["a certificate without its key", { tlsCertificate }],
  ["a proxy that is none", { trustProxy: ["proxy.example.org"] }],
])("%s is E_USAGE", async (_, own) => {
  await expect(parsed(own)).rejects.toMatchObject({ code: "E_USAGE" });
});
