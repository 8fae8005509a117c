import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { readHeaders, sourcesOf } from "../../../../../src/imaging/formats/dicom/index.ts";
import { ctSlice } from "../writer.ts";

const folder = mkdtempSync(join(tmpdir(), "zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
  /** What the archive says instead of the true size. */
  readonly claimed?: number;
}

/** A ZIP archive (PKWARE APPNOTE 4.3), deflated. */
function zip(name: string, entries: readonly Entry[]): string {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimed = data.length } of entries) {
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), common, rest, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([...parts, central, Buffer.from("PK\u0005\u0006"), end]));
  return path;
}

const slice = ctSlice({ rows: 2, columns: 2, position: [0, 0, 0], values: new Int16Array(4), instance: 1 });

test("files in a ZIP are read in place", async () => {
  const sources = await sourcesOf(
    zip("good.zip", [
      { name: "a/1.dcm", data: slice },
      { name: "DICOMDIR", data: slice },
    ]),
  );
  expect(sources.map(({ name }) => name)).toEqual([join(folder, "good.zip/a/1.dcm")]);
  const [{ header }] = await readHeaders(sources);
  expect(header?.modality).toBe("CT");
});

test.each(["/", "//", "\\"])("an entry %j, the archive's own folder, is passed over", async (name) => {
  const sources = await sourcesOf(
    zip("root.zip", [
      { name, data: new Uint8Array() },
      { name: "a\\1.dcm", data: slice },
    ]),
  );
  expect(sources.map((source) => source.name)).toEqual([join(folder, "root.zip/a/1.dcm")]);
  const [{ header }] = await readHeaders(sources);
  expect(header?.modality).toBe("CT");
});

test.each([
  ["leads out of the archive", { name: "../evil.dcm", data: slice }],
  ["leads out of it midway", { name: "a/../../evil.dcm", data: slice }],
  ["is absolute", { name: "/etc/evil.dcm", data: slice }],
  ["is an absolute folder", { name: "/etc/", data: new Uint8Array() }],
  ["is on a drive", { name: "C:\\evil.dcm", data: slice }],
  ["is a bomb", { name: "bomb.dcm", data: new Uint8Array(2 ** 24) }],
  ["would be enormous", { name: "huge.dcm", data: slice, claimed: 2 ** 31 + 1 }],
])("an archive is refused whose file %s", async (what, entry) => {
  await expect(sourcesOf(zip(`${what}.zip`, [entry]))).rejects.toMatchObject({ code: "E_FORMAT" });
});

test("a file longer than the archive says is an error of that file alone", async () => {
  const path = zip("lie.zip", [
    { name: "1.dcm", data: slice, claimed: 100 },
    { name: "2.dcm", data: slice },
  ]);
  const [lie, good] = await readHeaders(await sourcesOf(path));
  expect(lie.error?.code).toBe("E_FORMAT");
  expect(good.header?.modality).toBe("CT");
});

test("a truncated archive is refused", async () => {
  const path = join(folder, "cut.zip");
  writeFileSync(path, "PK\u0003\u0004 and no more");
  await expect(sourcesOf(path)).rejects.toMatchObject({ code: "E_FORMAT" });
});
