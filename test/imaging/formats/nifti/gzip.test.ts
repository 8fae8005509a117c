import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseNifti, readNifti, readNiftiHeader } from "../../../../src/imaging/formats/nifti/index.ts";
import { python, pythonModule } from "../dicom/write/peers.ts";

/**
 * One image in streams as RFC 1952 allows them, unpacked by Python's gzip and read by nibabel: their bytes must be the
 * same as the image's.
 */
const maker = `
import gzip, json, os, struct, sys, zlib, nibabel as nib, numpy as np
folder = sys.argv[1]
data = np.random.default_rng(3).integers(-1000, 1000, (40, 30, 20)).astype("<i2")
image = nib.Nifti1Image(data, np.diag([-0.8, -0.8, 3, 1]))
raw = image.to_bytes()
def member(part, extra=None, name=None, comment=None, crc=False):
    flags = (2 if crc else 0) | (4 if extra is not None else 0) | (8 if name else 0) | (16 if comment else 0)
    head = struct.pack("<4BI2B", 0x1F, 0x8B, 8, flags, 0, 0, 255)
    if extra is not None: head += struct.pack("<H", len(extra)) + extra
    for text in (name, comment):
        if text: head += text + b"\\0"
    if crc: head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(part) + packer.flush()
    return head + body + struct.pack("<2I", zlib.crc32(part), len(part) & 0xFFFFFFFF)
def cut(*places):
    ends = [0, *places, len(raw)]
    return b"".join(member(raw[a:b]) for a, b in zip(ends, ends[1:]))
pure = lambda n: bytes(1 + i % 251 for i in range(n))
streams = {
    "plain": gzip.compress(raw),
    "extra of 6 kB": member(raw, extra=bytes(6000)),
    "extra of 64 kB": member(raw, extra=pure(65535)),
    "empty extra": member(raw, extra=b""),
    "name of 5 kB": member(raw, name=pure(5000)),
    "comment of 300 kB": member(raw, comment=pure(300000)),
    "header checksum": member(raw, crc=True),
    "all of them": member(raw, extra=bytes(9000), name=pure(9000), comment=pure(9000), crc=True),
    "members cut in the header": cut(100, 300, 348),
    "members cut in the voxels": cut(352, 5000),
    "members of 9 bytes": cut(*range(9, 3000, 9)),
    "an empty member first": member(b"", name=pure(4090)) + member(raw, extra=bytes(5000)),
    "many empty members first": member(b"") * 2000 + member(raw),
    "trailing zeros": member(raw) + bytes(5000),
    "zeros between members": member(raw[:9000]) + bytes(512) + member(raw[9000:]) + bytes(512),
}
made = {}
for n, (name, stream) in enumerate(streams.items()):
    path = os.path.join(folder, f"{n}.nii.gz")
    open(path, "wb").write(stream)
    assert gzip.open(path).read() == raw, name
    assert (np.asanyarray(nib.load(path).dataobj) == data).all(), name
    made[name] = path
print(json.dumps({"made": made, "values": data.ravel(order="F").tolist()}))`;

const oracle = pythonModule("nibabel");
const folder = mkdtempSync(join(tmpdir(), "trinephron-gzip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = [
  "plain",
  "extra of 6 kB",
  "extra of 64 kB",
  "empty extra",
  "name of 5 kB",
  "comment of 300 kB",
  "header checksum",
  "all of them",
  "members cut in the header",
  "members cut in the voxels",
  "members of 9 bytes",
  "an empty member first",
  "many empty members first",
  "trailing zeros",
  "zeros between members",
];

describe.skipIf(!oracle)("gzip streams that Python unpacks and nibabel reads", () => {
  let made: Record<string, string>;
  let values: number[];
  beforeAll(() => {
    ({ made, values } = python<{ made: typeof made; values: number[] }>(maker, [folder]));
    expect(Object.keys(made)).toEqual(names);
  });

  test.each(names)("%s", async (name) => {
    const path = made[name];
    expect((await readNiftiHeader(path)).size).toEqual([40, 30, 20]);
    expect([...(await readNifti(path)).data]).toEqual(values);
    expect([...parseNifti(await readFile(path), name).data]).toEqual(values);
  });

  test.each(names)("%s, cut short: E_FILE_TRUNCATED, wherever it was cut", async (name) => {
    const whole = await readFile(made[name]);
    // Zeros after the last member are no loss.
    let end = whole.length;
    while (/zeros/.test(name) && whole[end - 1] === 0) end--;
    const path = join(folder, "cut.nii.gz");
    for (const share of [0.02, 0.3, 0.7, 0.95, 1]) {
      const length = share === 1 ? end - 3 : Math.floor(end * share);
      await writeFile(path, whole);
      await truncate(path, length);
      await expect(readNifti(path), `${length} of ${end} bytes`).rejects.toMatchObject({
        code: "E_FILE_TRUNCATED",
        message: expect.stringContaining(path),
      });
    }
  });
});

const report = "../shared/data/field_reports/18-gzip/b-long-extra.nii.gz";
if (!existsSync(report)) console.warn(`skipped: no ${report}`);
test.skipIf(!existsSync(report))("a stream with a 6 kB extra field, as reported", async () => {
  const { data, size } = await readNifti(report);
  // nibabel: shape, and numpy.unique of the voxels.
  expect(size).toEqual([49, 45, 78]);
  expect([0, 1, 2].map((label) => data.filter((v) => v === label).length)).toEqual([149989, 17069, 4932]);
});
