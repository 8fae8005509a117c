import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../../../src/base/random.ts";
import {
  encodeNifti,
  parseNifti,
  readNifti,
  writeNifti,
} from "../../../../src/imaging/formats/nifti/index.ts";
import {
  type Geometry,
  sameGeometry,
  type Volume,
  type VoxelArray,
} from "../../../../src/numerics/volume/index.ts";
import { geometry as geometries } from "../../../numerics/volume/arbitrary.ts";
import { hasPython, python } from "../../../numerics/volume/python.ts";

const types = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

const volume = (geometry: Geometry, type: (typeof types)[number], seed: number): Volume => {
  const { uniform } = random(seed);
  const length = geometry.size.reduce((a, b) => a * b);
  return { ...geometry, data: new type(Float64Array.from({ length }, () => 250 * uniform())) };
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trinephron-nifti-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("encodeNifti", () => {
  it("keeps every voxel, its type and its place", () => {
    fc.assert(
      fc.property(geometries(), fc.constantFrom(...types), fc.nat(), (geometry, type, seed) => {
        const written = volume(geometry, type, seed);
        const read = parseNifti(encodeNifti(written), "a.nii");
        expect(read.data).toEqual(written.data);
        expect(sameGeometry(read, written, 1e-3)).toBe(true);
      }),
    );
  });

  it("writes a qform that says what the sform says", () => {
    fc.assert(
      fc.property(geometries(), (geometry) => {
        const bytes = encodeNifti(volume(geometry, Uint8Array, 1));
        const view = new DataView(bytes.buffer);
        expect(view.getInt16(252, true)).toBe(1);
        view.setInt16(254, 0, true);
        // The quaternion's fourth part is not stored: after half turns it is good to √ε of Float32 only.
        expect(sameGeometry(parseNifti(bytes, "a.nii"), geometry, 0.05)).toBe(true);
      }),
    );
  });

  it("keeps sheared axes in the sform and writes no qform", () => {
    const sheared: Geometry = {
      size: [3, 4, 5],
      spacing: [0.8, 0.8, 5],
      origin: [1, 2, 3],
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, Math.sin(0.3), Math.cos(0.3)],
      ],
    };
    const bytes = encodeNifti(volume(sheared, Int16Array, 2));
    expect(new DataView(bytes.buffer).getInt16(252, true)).toBe(0);
    expect(sameGeometry(parseNifti(bytes, "a.nii"), sheared, 1e-3)).toBe(true);
  });

  it("refuses what the format cannot hold", () => {
    const data = new Uint8Array(40000);
    const geometry = {
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    } as const;
    expect(() => encodeNifti({ ...geometry, size: [40000, 1, 1], data })).toThrow("do not fit NIfTI-1");
    expect(() => encodeNifti({ ...geometry, size: [400, 10, 1], data })).toThrow("do not make");
  });
});

describe("writeNifti", () => {
  it("compresses by the name, cuts a long description, makes folders", async () => {
    const written = volume(fc.sample(geometries(), { numRuns: 1, seed: 3 })[0], Float32Array, 4);
    const [plain, packed] = [join(folder, "new/a.nii"), join(folder, "new/a.nii.gz")];
    await writeNifti(plain, written, { description: "painted ".repeat(20) });
    await writeNifti(packed, written);
    expect((await readFile(plain)).toString("latin1", 148, 228)).toBe(
      `${"painted ".repeat(20).slice(0, 79)}\0`,
    );
    expect([...(await readFile(packed)).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    for (const path of [plain, packed]) expect((await readNifti(path)).data).toEqual(written.data);
    expect(existsSync(`${plain}.partial-${process.pid}`)).toBe(false);
  });

  it.skipIf(!hasPython("nibabel"))("writes what nibabel reads", async () => {
    const samples = fc.sample(geometries(), { numRuns: types.length, seed: 9 });
    const written = samples.map((geometry, n) => volume(geometry, types[n], n));
    const paths = written.map((_, n) => join(folder, `${n}.nii.gz`));
    for (const [n, path] of paths.entries()) await writeNifti(path, written[n]);
    const script = `
import sys, json, numpy as np, nibabel as nib
def one(path):
    image = nib.load(path)
    data = np.asarray(image.dataobj)
    return {"type": str(data.dtype), "data": data.ravel(order="F").astype(float).tolist(),
            "affine": image.affine.ravel().tolist(), "qform": image.get_qform(coded=True)[0].ravel().tolist(),
            "unit": image.header.get_xyzt_units()[0]}
print(json.dumps([one(path) for path in json.load(sys.stdin)]))`;
    interface Read {
      type: string;
      data: number[];
      affine: number[];
      qform: number[];
      unit: string;
    }
    for (const [n, read] of python<Read[]>(script, paths).entries()) {
      const { data, origin, direction, spacing } = written[n];
      expect(read.type).toBe((data as VoxelArray).constructor.name.replace("Array", "").toLowerCase());
      expect(read.data).toEqual([...data]);
      expect(read.unit).toBe("mm");
      const ras = [-1, -1, 1].flatMap((sign, d) => [
        ...direction.map((u, a) => sign * u[d] * spacing[a]),
        sign * origin[d],
      ]);
      for (const [m, value] of ras.entries()) {
        expect(read.affine[m]).toBeCloseTo(value, 3);
        expect(read.qform[m]).toBeCloseTo(value, 3);
      }
    }
  });
});
