import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  type DicomFile,
  readHeaders,
  readVolume,
  seriesOf,
  sourcesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { python, pythonModule } from "../write/peers.ts";
import { ctSlice } from "../writer.ts";

const present = pythonModule("zipfile");

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), "sources-")));
  folders.push(made);
  return made;
}

const slices = [0, 1, 2, 3].map((k) =>
  ctSlice({ rows: 2, columns: 2, position: [0, 0, 2 * k], values: new Int16Array(4).fill(k), instance: k }),
);
/** A series of four slices in a folder of its own. */
function series(at: string): string {
  mkdirSync(at, { recursive: true });
  slices.forEach((bytes, k) => {
    writeFileSync(join(at, `IM${k}`), bytes);
  });
  return at;
}

const filesIn = async (path: string) => readHeaders(await sourcesOf(path));
const read = (files: readonly DicomFile[]) => files.filter(({ header }) => header);
const told = (files: readonly DicomFile[], root: string) =>
  files
    .filter(({ header }) => !header)
    .map(({ source, setAside, error }) => [relative(root, source.name), setAside ?? error?.code]);

/** The volume of the only series, which must be whole. */
async function volumeOf(files: readonly DicomFile[]) {
  const [{ stacks }, ...others] = seriesOf(files);
  expect([others.length, stacks.length]).toEqual([0, 1]);
  const { volume, remarks } = await readVolume(stacks[0], "series");
  expect([...volume.data].filter((_, i) => i % 4 === 0)).toEqual([0, 1, 2, 3]);
  expect(remarks).toEqual([]);
}

describe("links", () => {
  test("to files and to folders outside are followed", async () => {
    const [outside, root] = [folder(), folder()];
    series(outside);
    symlinkSync(outside, join(root, "study"));
    await volumeOf(await filesIn(root));
    await volumeOf(await filesIn(join(root, "study")));
    const single = folder();
    for (const k of [0, 1, 2, 3]) symlinkSync(join(outside, `IM${k}`), join(single, `slice${k}`));
    const files = await filesIn(single);
    expect(told(files, single)).toEqual([]);
    await volumeOf(files);
  });

  test("of links, and within linked folders, too", async () => {
    const [outside, root] = [folder(), folder()];
    series(join(outside, "a"));
    mkdirSync(join(outside, "b"));
    symlinkSync(join(outside, "a"), join(outside, "b/c"));
    symlinkSync(join(outside, "b"), join(root, "first"));
    symlinkSync(join(root, "first"), join(root, "second"));
    const files = await filesIn(root);
    await volumeOf(files);
    expect(told(files, root)).toEqual([["second", "a link to a folder that is read already"]]);
  });

  test("to what is read already are counted, never read twice", async () => {
    const root = folder();
    // The links' names come first.
    series(join(root, "study"));
    symlinkSync(join(root, "study"), join(root, "again"));
    symlinkSync(join(root, "study/IM2"), join(root, "IM2"));
    const files = await filesIn(root);
    expect(read(files)).toHaveLength(4);
    expect(told(files, root)).toEqual([
      ["IM2", "a link to a file that is read already"],
      ["again", "a link to a folder that is read already"],
    ]);
    await volumeOf(files);
  });

  test("that lead back or out around the folder end", async () => {
    const above = folder();
    series(join(above, "other"));
    const root = series(join(above, "study"));
    mkdirSync(join(root, "deep"));
    symlinkSync("..", join(root, "deep/up"));
    symlinkSync("../..", join(root, "deep/out"));
    symlinkSync("/", join(root, "deep/root"));
    symlinkSync(".", join(root, "self"));
    const files = await filesIn(root);
    expect(told(files, root)).toEqual([
      ["deep/out", "a link to a folder around this one"],
      ["deep/root", "a link to a folder around this one"],
      ["deep/up", "a link to a folder that is read already"],
      ["self", "a link to a folder that is read already"],
    ]);
    await volumeOf(files);
  });

  test("that lead nowhere are named", async () => {
    const root = series(folder());
    symlinkSync("missing", join(root, "broken"));
    symlinkSync("ring", join(root, "ring"));
    const files = await filesIn(root);
    expect(told(files, root)).toEqual([
      ["broken", "E_FILE_MISSING"],
      ["ring", "E_FILE_MISSING"],
    ]);
    expect(files[4].error?.message).toBe(`${join(root, "broken")}: a link to missing: not there`);
    await volumeOf(files);
  });
});

describe("in a folder", () => {
  test("hidden files are told, those of file managers passed over", async () => {
    const root = series(folder());
    for (const name of [".IM9", "._IM1", ".DS_Store"]) writeFileSync(join(root, name), slices[0]);
    expect(told(await filesIn(root), root)).toEqual([[".IM9", "a hidden file"]]);
  });

  test.skipIf(!present)("archives are read, broken ones told", async () => {
    const root = series(folder());
    writeFileSync(join(root, "broken.zip"), "PK\u0003\u0004 and no more");
    const packed = folder();
    series(join(packed, "x"));
    writeFileSync(join(packed, "x/.hidden"), "");
    symlinkSync("IM0", join(packed, "x/link"));
    const zip = `import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w") as z:
    for name in sorted(os.listdir(sys.argv[1])):
        path = os.path.join(sys.argv[1], name)
        if os.path.islink(path):
            info = zipfile.ZipInfo("x/" + name)
            info.create_system, info.external_attr = 3, 0o120777 << 16
            z.writestr(info, os.readlink(path))
        else:
            z.write(path, "x/" + name)
    z.writestr("inner.zip", "")
print(0)`;
    python(zip, [join(packed, "x"), join(packed, "study.zip")]);
    rmSync(join(packed, "x"), { recursive: true });
    expect(told(await filesIn(root), root)).toEqual([["broken.zip", "E_FORMAT"]]);
    const files = await filesIn(packed);
    expect(told(files, packed)).toEqual([
      ["study.zip/inner.zip", "an archive within an archive"],
      ["study.zip/x/.hidden", "a hidden file"],
      ["study.zip/x/link", "a link within an archive: not followed"],
    ]);
    await volumeOf(files);
    expect(told(await filesIn(join(packed, "study.zip")), packed)).toHaveLength(3);
  });

  test.skipIf(!present)("pipes and sockets are told, not opened", async () => {
    const root = series(folder());
    python("import os, sys; os.mkfifo(sys.argv[1]); print(0)", [join(root, "pipe")]);
    symlinkSync("pipe", join(root, "to-pipe"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
    try {
      const files = await filesIn(root);
      expect(told(files, root)).toEqual(["pipe", "socket", "to-pipe"].map((name) => [name, "E_UNSUPPORTED"]));
      await volumeOf(files);
      for (const name of ["pipe", "socket", "to-pipe"])
        await expect(sourcesOf(join(root, name))).rejects.toMatchObject({ code: "E_UNSUPPORTED" });
    } finally {
      server.close();
    }
  });

  test("what may not be read is named (skipped where another user may not run this checkout)", (context) => {
    const root = series(folder());
    series(join(root, "locked"));
    chmodSync(root, 0o755);
    chmodSync(join(root, "IM1"), 0);
    chmodSync(join(root, "locked"), 0);
    const program = join(import.meta.dirname, "../../../../../bin/trinephron.js");
    // Root may read everything.
    const other = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const run = (path: string) =>
      spawnSync(process.execPath, [program, "dicom", "info", path], { encoding: "utf8", ...other });
    if (spawnSync(process.execPath, [program, "--version"], other).status !== 0)
      return context.skip("another user may not run this checkout");
    const { status, stdout } = run(root);
    expect(status).toBe(0);
    expect(stdout).toContain("2 of 5 files could not be read");
    expect(stdout).toContain(`E_FILE_MISSING: ${join(root, "IM1")}: no permission`);
    expect(stdout).toContain(`E_FILE_MISSING: ${join(root, "locked")}: no permission`);
    expect(run(join(root, "locked")).stderr).toContain("no permission");
    chmodSync(join(root, "locked"), 0o755);
  });
});
