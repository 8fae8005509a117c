import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unzipped } from "../../../../src/apps/room/open/unzipped.ts";
import { encodeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { lpsDirection } from "../../../../src/numerics/volume/index.ts";

const plain = Uint8Array.from(
  encodeNifti({
    size: [40, 30, 20],
    spacing: [1, 1, 2],
    origin: [0, 0, 0],
    direction: lpsDirection,
    data: Int16Array.from({ length: 24000 }, (_, n) => n % 1000),
  }),
);
const packed = (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes));

test("packed bytes come out as they went in; plain ones are passed through", async () => {
  expect(Buffer.from(await unzipped(packed(plain), "a.nii.gz")).equals(plain)).toBe(true);
  expect(await unzipped(plain, "a.nii")).toBe(plain);
});

test("a stream that ends early, or is no stream, is refused by its name", async () => {
  const whole = packed(plain);
  await expect(unzipped(whole.slice(0, whole.length - 200), "cut.nii.gz")).rejects.toThrow(/^cut\.nii\.gz: /);
  await expect(unzipped(Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4), "a.nii.gz")).rejects.toMatchObject({
    code: "E_FORMAT",
  });
});

test("no more is unpacked than the header promises", async () => {
  const bomb = new Uint8Array(plain.length + 2 ** 24);
  bomb.set(plain);
  await expect(unzipped(packed(bomb), "bomb.nii.gz")).rejects.toThrow("holds more data than its header says");
});
