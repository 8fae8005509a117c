import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFiles } from "./peers.ts";

/** An archive of its own, empty at first: Debian's Orthanc with its DICOMweb plugin. */
export interface Orthanc {
  /** Of its REST API. */
  readonly url: string;
  /** Stores files by C-STORE. */
  storeByCStore(files: readonly Uint8Array[]): void;
  /** Stores files by STOW-RS; the answer's data set as DICOM JSON. */
  storeByStow(files: readonly Uint8Array[]): Promise<Record<string, unknown>>;
  /** The file of an instance by WADO-RS. */
  retrieve(study: string, series: string, instance: string): Promise<Uint8Array>;
  /** SOP Instance UIDs of a study by QIDO-RS. */
  instancesOf(study: string): Promise<string[]>;
  /** Any resource below the server's root, as JSON. */
  json(path: string): Promise<unknown>;
  /** Deletes a resource of Orthanc's own interface: `studies/<id>`. */
  remove(path: string): Promise<void>;
  stop(): Promise<void>;
}

export const orthancPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

/** Starts an archive on free ports, with its files in a temporary folder. */
export async function orthanc(): Promise<Orthanc> {
  const folder = mkdtempSync(join(tmpdir(), "orthanc-"));
  const [http, dicom] = [await freePort(), await freePort()];
  const settings = {
    StorageDirectory: join(folder, "storage"),
    IndexDirectory: join(folder, "storage"),
    HttpPort: http,
    DicomPort: dicom,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomCheckCalledAet: false,
    DicomAlwaysAllowStore: true,
    Plugins: [orthancPlugin],
    DicomWeb: { Enable: true, Root: "/dicom-web/" },
  };
  writeFileSync(join(folder, "orthanc.json"), JSON.stringify(settings));
  const server = spawn("Orthanc", [join(folder, "orthanc.json")], { stdio: "ignore" });
  const root = `http://localhost:${http}`;
  const stop = async () => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  await answering(`${root}/system`, server).catch(async (error) => {
    await stop();
    throw error;
  });

  const json = async (path: string) => {
    const response = await fetch(`${root}/${path}`, {
      headers: { accept: "application/json, application/dicom+json" },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<unknown>;
  };
  return {
    url: root,
    json,
    stop,
    remove: async (path) => {
      const response = await fetch(`${root}/${path}`, { method: "DELETE" });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
    },
    storeByCStore: (files) =>
      withFiles(Object.fromEntries(files.map((bytes, n) => [`${n}.dcm`, bytes])), (path) => {
        const paths = files.map((_, n) => path(`${n}.dcm`));
        execFileSync("storescu", ["-R", "-aec", "ORTHANC", "localhost", String(dicom), ...paths], {
          stdio: ["ignore", "ignore", "pipe"],
        });
      }),
    storeByStow: async (files) => {
      const response = await fetch(`${root}/dicom-web/studies`, {
        method: "POST",
        headers: {
          "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
          accept: "application/dicom+json",
        },
        body: multipart(files),
      });
      if (!response.ok) throw new Error(`STOW-RS: ${response.status} ${await response.text()}`);
      return response.json() as Promise<Record<string, unknown>>;
    },
    retrieve: async (study, series, instance) => {
      const response = await fetch(
        `${root}/dicom-web/studies/${study}/series/${series}/instances/${instance}`,
        { headers: { accept: 'multipart/related; type="application/dicom"' } },
      );
      if (!response.ok) throw new Error(`WADO-RS: ${response.status} ${await response.text()}`);
      return onlyPart(Buffer.from(await response.arrayBuffer()));
    },
    instancesOf: async (study) => {
      const found = (await json(`dicom-web/studies/${study}/instances`)) as Record<
        string,
        { Value: string[] }
      >[];
      return found.map((dataset) => dataset["00080018"].Value[0]);
    },
  };
}

const boundary = "trinephron-test-boundary";

const multipart = (files: readonly Uint8Array[]): Buffer<ArrayBuffer> =>
  Buffer.concat([
    ...files.flatMap((bytes) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      bytes,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

/** The body of a multipart answer's first part. */
function onlyPart(body: Buffer): Uint8Array {
  const mark = body.subarray(0, body.indexOf("\r\n"));
  const start = body.indexOf("\r\n\r\n") + 4;
  return body.subarray(start, body.indexOf(Buffer.concat([Buffer.from("\r\n"), mark]), start));
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

async function answering(url: string, server: ChildProcess): Promise<void> {
  let failed: Error | undefined;
  server.once("error", (error) => {
    failed = error;
  });
  for (let tries = 0; tries < 300; tries++) {
    if (failed) throw failed;
    if (server.exitCode !== null) throw new Error(`Orthanc ended with ${server.exitCode}`);
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Orthanc does not answer");
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill();
  });
}
