import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseNpy } from "../../../../src/imaging/formats/numpy/npy.ts";
import { openNpz } from "../../../../src/imaging/formats/numpy/npz.ts";
import { hasPython, runPython } from "../../../python.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-npy-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** A file as NumPy 1.24 writes it: two rows of three whole numbers. */
const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }";
const file = (
  text = header,
  more: Uint8Array = new Uint8Array(Int16Array.of(1, -2, 3, 4, 5, -600).buffer),
) => {
  const padded = `${text.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"), Buffer.from(padded), more]);
};

test("an array is read with its shape", () => {
  expect(parseNpy(file(), "a.npy")).toEqual({ shape: [2, 3], data: Int16Array.of(1, -2, 3, 4, 5, -600) });
});

test.each([
  ["no array", Buffer.from("PK\u0003\u0004 and more"), "E_FORMAT", /not a NumPy array/],
  ["half a header", file().subarray(0, 60), "E_FILE_TRUNCATED", /ends before/],
  ["half the numbers", file().subarray(0, -2), "E_FILE_TRUNCATED", /ends before/],
  ["Fortran order", file(header.replace("False", "True")), "E_UNSUPPORTED", /Fortran/],
  ["objects", file(header.replace("<i2", "|O")), "E_UNSUPPORTED", /kind \|O/],
  ["big-endian numbers", file(header.replace("<", ">")), "E_UNSUPPORTED", /kind >i2/],
  ["records", file(header.replace("'<i2'", "[('x', '<i2')]")), "E_UNSUPPORTED", /records/],
])("%s is refused by name", (_, bytes, code, says) => {
  expect(() => parseNpy(bytes, "a.npy")).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(says) }),
  );
});

describe.skipIf(!hasPython("numpy"))("files that NumPy wrote", () => {
  test("hold its numbers, of every kind and of both archives", async () => {
    const script = `
import json, numpy, sys
r = numpy.random.default_rng(1)
kinds = ["u1", "i1", "u2", "i2", "u4", "i4", "i8", "f4", "f8", "bool"]
arrays = {k: (r.random((3, 2, 4)) * 100 - (0 if k[0] in "ub" else 50)).astype(k) for k in kinds}
numpy.savez(sys.argv[1], **arrays)
numpy.savez_compressed(sys.argv[2], **arrays)
numpy.save(sys.argv[3], arrays["f4"])
print(json.dumps({k: a.ravel().astype(float).tolist() for k, a in arrays.items()}))`;
    const { stdout, status } = runPython(script, [at("plain.npz"), at("packed.npz"), at("one.npy")]);
    expect(status).toBe(0);
    const expected: Record<string, number[]> = JSON.parse(stdout);
    for (const name of ["plain.npz", "packed.npz"]) {
      const npz = await openNpz(at(name));
      expect(npz.names.toSorted()).toEqual(Object.keys(expected).sort());
      for (const [kind, values] of Object.entries(expected)) {
        const { shape, data } = await npz.array(kind);
        expect([shape, [...data]]).toEqual([[3, 2, 4], values]);
      }
      await expect(npz.array("c16")).rejects.toMatchObject({ code: "E_FORMAT" });
    }
    expect([...parseNpy(readFileSync(at("one.npy")), "one.npy").data]).toEqual(expected.f4);
  });
});
