import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TrinephronError } from "../../../../src/base/errors.ts";
import {
  encodeNifti,
  parseNifti,
  readNifti,
  readNiftiHeader,
} from "../../../../src/imaging/formats/nifti/index.ts";
import { type Geometry, indexToPatient, type Volume } from "../../../../src/numerics/volume/index.ts";
import { hasPython } from "../../../numerics/volume/python.ts";
import { nibabel, type Reference, varied } from "./nibabel.ts";

const suite = "../shared/data/nifti_nrrd_suite";
const kits = "../shared/data/kits23/dataset";
const oracle = hasPython("nibabel");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trinephron-nifti-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Our LPS geometry as nibabel's RAS affine. */
function rasAffine(geometry: Geometry): number[] {
  const { matrix: m, offset: o } = indexToPatient(geometry);
  return [-m[0], -m[1], -m[2], -o[0], -m[3], -m[4], -m[5], -o[1], m[6], m[7], m[8], o[2], 0, 0, 0, 1];
}

function expectSame(volume: Volume, reference: Reference, frame: Reference["frames"][number], name: string) {
  expect(volume.size, name).toEqual(reference.shape.slice(0, 3));
  const affine = rasAffine(volume);
  for (const [n, value] of reference.affine.entries())
    expect(
      Math.abs(affine[n] - value),
      `${name}: affine ${affine} instead of ${reference.affine}`,
    ).toBeLessThan(1e-4);
  const values = volume.data;
  const sha256 = createHash("sha256").update(values).digest("hex");
  if (sha256 === frame.sha256) return;
  // Scaled values: nibabel keeps Float64, we Float32.
  expect(volume.data, name).toBeInstanceOf(Float32Array);
  const step = Math.max(1, Math.floor(values.length / 97));
  for (const [n, value] of frame.values.entries())
    expect(Math.abs(values[n * step] - value), name).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
}

async function expectAsNibabel(paths: readonly string[]) {
  const references = nibabel(paths);
  for (const [n, path] of paths.entries()) {
    const reference = references[n];
    for (const frame of reference.frames) {
      const options = reference.frames.length > 1 ? { frame: frame.index } : {};
      expectSame(await readNifti(path, options), reference, frame, path);
    }
    expect((await readNiftiHeader(path)).size).toEqual(reference.shape.slice(0, 3));
  }
}

async function failure(work: Promise<unknown> | (() => unknown)): Promise<TrinephronError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    expect(error).toBeInstanceOf(TrinephronError);
    return error as TrinephronError;
  }
  expect.fail("nothing was refused");
}

const small = (): Uint8Array<ArrayBuffer> =>
  encodeNifti({
    size: [4, 5, 6],
    spacing: [0.75, 0.75, 3],
    origin: [10, -20, 30],
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    data: Int16Array.from({ length: 120 }, (_, n) => 10 * n - 600),
  });

/** The small volume with a header field overwritten. */
function edited(edit: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const bytes = small();
  edit(new DataView(bytes.buffer));
  return bytes;
}

describe.skipIf(!oracle || !existsSync(suite))(`readNifti against nibabel (needs ${suite})`, () => {
  it("reads what nibabel reads, to the same values in the same place", async () => {
    await expectAsNibabel(
      [
        "nibabel/anatomical.nii",
        "nibabel/example4d.nii.gz",
        "nibabel/example_nifti2.nii.gz",
        "nibabel/functional.nii",
        "nibabel/standard.nii.gz",
        "nifti-reader-js/5D_small.nii",
        "nifti-reader-js/5D_zeros.nii.gz",
        "nifti-reader-js/avg152T1_LR_nifti.nii",
        "nifti-reader-js/avg152T1_LR_nifti.nii.gz",
        "nifti-reader-js/avg152T1_LR_nifti2.nii.gz",
        "nifti-reader-js/big.nii.gz",
        "nifti-reader-js/little.nii.gz",
        "nifti-reader-js/with_extension.nii.gz",
        "pynrrd/BallBinary30x30x30.nii.gz",
      ].map((path) => `${suite}/${path}`),
    );
  });

  it("refuses everything else there with a code, naming the file", async () => {
    const codes = new Map<string, string>();
    for (const subfolder of ["nibabel", "nifti-reader-js", "pynrrd"])
      for (const file of readdirSync(`${suite}/${subfolder}`)) {
        if (/\.nii(\.gz)?$/.test(file) && file !== "not-nifti.nii") continue;
        const path = `${suite}/${subfolder}/${file}`;
        const result = await readNifti(path).then(
          (volume) => volume,
          (error: unknown) => error,
        );
        if (!(result instanceof TrinephronError)) {
          expect((result as Volume).data, path).toBeDefined();
          continue;
        }
        expect(result.message).toContain(file.replace(/\.(hdr|img)/, "").split(".")[0]);
        codes.set(file, result.code);
      }
    expect(codes.get("not-nifti.nii")).toBe("E_FORMAT");
    expect(codes.get("analyze.hdr")).toBe("E_UNSUPPORTED");
    expect(codes.get("test.mgz")).toBe("E_UNSUPPORTED");
    expect(codes.get("nifti1.hdr")).toBe("E_FILE_MISSING");
    const nrrd = [...codes].filter(([file]) => /\.n(rrd|hdr)$/.test(file));
    expect(nrrd.length).toBeGreaterThan(12);
    expect(new Set(nrrd.map(([, code]) => code))).toEqual(new Set(["E_UNSUPPORTED"]));
  });
});

describe.skipIf(!oracle)("readNifti against files that nibabel wrote", () => {
  it("reads every data type, byte order, transform and layout", async () => {
    const paths = varied(folder);
    expect(paths.length).toBeGreaterThan(50);
    await expectAsNibabel(paths);
  });
});

describe.skipIf(!oracle || !existsSync(kits))(`readNifti of real masks (needs ${kits})`, () => {
  it("is nibabel's reading", async () => {
    await expectAsNibabel([`${kits}/case_00000/segmentation.nii.gz`]);
  });
});

describe("readNifti and parseNifti", () => {
  it("choose a frame of several, and ask for one", async () => {
    const frames = edited((view) => {
      view.setInt16(40, 4, true);
      view.setInt16(46, 3, true);
      view.setInt16(48, 2, true);
    });
    expect((await failure(() => parseNifti(frames, "a.nii"))).code).toBe("E_UNSUPPORTED");
    expect((await failure(() => parseNifti(frames, "a.nii", { frame: 2 }))).code).toBe("E_VALUE");
    expect(parseNifti(frames, "a.nii", { frame: 1 }).data[0]).toBe(0);
    expect(parseNifti(frames, "a.nii", { frame: 0 }).size).toEqual([4, 5, 3]);
  });

  it("read metres and microns as millimetres", () => {
    const units = (code: number, spacing: number) =>
      parseNifti(
        edited((view) => {
          view.setUint8(123, code);
          view.setFloat32(280, -spacing, true);
        }),
        "a.nii",
      ).spacing[0];
    expect(units(1, 0.002)).toBeCloseTo(2, 5);
    expect(units(3, 2000)).toBeCloseTo(2, 5);
    expect(units(10, 2)).toBeCloseTo(2, 5);
  });

  it("read both names of a pair, compressed or not", async () => {
    const bytes = small();
    new DataView(bytes.buffer).setFloat32(108, 0, true);
    bytes[345] = "i".charCodeAt(0);
    const [header, image] = [bytes.slice(0, 348), bytes.slice(352)];
    await writeFile(join(folder, "p.hdr"), header);
    await writeFile(join(folder, "p.img.gz"), gzipSync(image));
    for (const name of ["p.hdr", "p.img.gz"])
      expect((await readNifti(join(folder, name))).data).toEqual(parseNifti(small(), "a.nii").data);
    expect(parseNifti(header, "p.hdr", { image }).data[1]).toBe(-590);
    expect((await failure(() => parseNifti(header, "p.hdr"))).code).toBe("E_FORMAT");
    await copyFile(join(folder, "p.hdr"), join(folder, "alone.hdr"));
    expect((await failure(readNifti(join(folder, "alone.hdr")))).code).toBe("E_FILE_MISSING");
  });

  it("name the file and both sizes where it ends too early", async () => {
    const error = await failure(() => parseNifti(small().subarray(0, 400), "case_1/mask.nii"));
    expect(error.line).toBe(
      "E_FILE_TRUNCATED: case_1/mask.nii: 400 bytes, but 4 × 5 × 6 int16 takes 592 — copy or download it again",
    );
    const path = join(folder, "cut.nii.gz");
    const packed = gzipSync(small());
    for (const length of [0, 5, 60, packed.length - 4, packed.length - 1]) {
      await writeFile(path, packed);
      await truncate(path, length);
      expect(["E_FILE_TRUNCATED", "E_FORMAT"], `${length} bytes`).toContain(
        (await failure(readNifti(path))).code,
      );
      if (length > 40) expect((await failure(readNifti(path))).code).toBe("E_FILE_TRUNCATED");
    }
    expect((await failure(readNifti(join(folder, "absent.nii")))).code).toBe("E_FILE_MISSING");
  });

  it("refuse streams that hold far more, or can only hold far less, than the header says", async () => {
    const bomb = gzipSync(Buffer.concat([small(), Buffer.alloc(2 ** 27)]));
    expect(bomb.length).toBeLessThan(2 ** 18);
    await writeFile(join(folder, "bomb.nii.gz"), bomb);
    const before = process.memoryUsage().arrayBuffers;
    expect((await failure(readNifti(join(folder, "bomb.nii.gz")))).code).toBe("E_FORMAT");
    expect((await failure(() => parseNifti(bomb, "bomb.nii.gz"))).code).toBe("E_FORMAT");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 25);
    const boast = gzipSync(
      edited((view) => {
        for (const at of [42, 44, 46]) view.setInt16(at, 1500, true);
      }),
    );
    expect((await failure(() => parseNifti(boast, "boast.nii.gz"))).code).toBe("E_FILE_TRUNCATED");
  });

  it.each<[string, string, (view: DataView) => void]>([
    ["a dimension of 0", "E_GEOMETRY", (view) => view.setInt16(44, 0, true)],
    ["a negative dimension", "E_GEOMETRY", (view) => view.setInt16(44, -5, true)],
    ["nine dimensions", "E_FORMAT", (view) => view.setInt16(40, 9, true)],
    [
      "voxels beyond any scanner",
      "E_UNSUPPORTED",
      (view) => [42, 44, 46].map((at) => view.setInt16(at, 32767, true)),
    ],
    ["an affine that is NaN", "E_GEOMETRY", (view) => view.setFloat32(292, Number.NaN, true)],
    ["a flat affine", "E_GEOMETRY", (view) => [312, 316, 320].map((at) => view.setFloat32(at, 0, true))],
    [
      "a voxel size of 0",
      "E_GEOMETRY",
      (view) => {
        view.setInt16(254, 0, true);
        view.setFloat32(80, 0, true);
      },
    ],
    [
      "a quaternion that is none",
      "E_GEOMETRY",
      (view) => {
        view.setInt16(254, 0, true);
        view.setFloat32(256, 5, true);
      },
    ],
    ["complex voxels", "E_UNSUPPORTED", (view) => view.setInt16(70, 32, true)],
    ["RGB voxels", "E_UNSUPPORTED", (view) => view.setInt16(70, 128, true)],
    ["128-bit floats", "E_UNSUPPORTED", (view) => view.setInt16(70, 1536, true)],
    ["an unknown type", "E_FORMAT", (view) => view.setInt16(70, 77, true)],
    ["voxels inside the header", "E_FORMAT", (view) => view.setFloat32(108, 100, true)],
    [
      "an infinite intercept",
      "E_VALUE",
      (view) => {
        view.setFloat32(112, 1, true);
        view.setFloat32(116, Infinity, true);
      },
    ],
    ["no magic", "E_UNSUPPORTED", (view) => view.setInt32(344, 0)],
    ["another magic", "E_FORMAT", (view) => view.setInt32(344, 0x6e2b7800)],
  ])("refuse %s with %s", async (_, code, edit) => {
    const error = await failure(() => parseNifti(edited(edit), "case_1/mask.nii"));
    expect(error.code).toBe(code);
    expect(error.message).toContain("case_1/mask.nii");
    expect(error.hint).not.toBe("");
  });

  it("refuse damaged compressed data", async () => {
    const packed = gzipSync(small());
    packed[packed.length - 6] ^= 1;
    expect((await failure(() => parseNifti(packed, "a.nii.gz"))).code).toBe("E_FORMAT");
    const text = join(folder, "text.nii");
    await writeFile(text, "case,center\n".repeat(100));
    expect((await failure(readNifti(text))).code).toBe("E_FORMAT");
    expect((await readFile(text)).length).toBe(1200);
  });
});
