import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseNifti, readNifti, readNiftiHeader } from "../../../../src/imaging/formats/nifti/index.ts";
import { indexToPoint } from "../../../../src/numerics/volume/index.ts";
import { python, pythonModule } from "../dicom/write/peers.ts";

/**
 * Files whose sform and qform place the same voxels more or less apart, by nibabel, which also measures how far apart
 * their corners lie, in voxels; and relatives: no transform, pixel sizes that are not those of the sform.
 */
const maker = `
import itertools, json, os, sys, logging, numpy as np, nibabel as nib
logging.getLogger("nibabel.global").setLevel(logging.CRITICAL)
folder = sys.argv[1]
data = np.random.default_rng(5).integers(0, 4, (60, 50, 20)).astype("u1")
A = nib.affines.from_matvec(np.diag([-0.8, -0.9, 3]), [20, 30, -40])
turn = lambda degrees: nib.affines.from_matvec(nib.eulerangles.euler2mat(np.radians(degrees)))
def moved(*mm):
    B = A.copy(); B[:3, 3] += mm; return B
def make(s, q, zooms=None, s_code=1, q_code=1):
    image = nib.Nifti1Image(data, A)
    image.header.set_sform(s, s_code)
    image.header.set_qform(q, q_code)
    if zooms: image.header["pixdim"][1:4] = zooms
    return image
cases = {
    "the same": make(A, A),
    "a tenth of a voxel": make(A, moved(0.08, 0, 0)),
    "a third of a voxel": make(A, moved(0, 0.3, 0)),
    "one slice": make(A, moved(0, 0, 3)),
    "turned": make(A, turn(1) @ A),
    "mirrored": make(A, A @ np.diag([-1, 1, 1, 1])),
    "qform not valid": make(A, moved(9, 9, 9), q_code=0),
    "sform not valid": make(moved(9, 9, 9), A, s_code=0),
    "other pixel sizes": make(A, A, zooms=(1, 1, 1), q_code=0),
    "no transform": nib.Nifti1Image(data, None),
}
corners = np.array(list(itertools.product((0, 59), (0, 49), (0, 19))), float)
out = {}
for n, (name, image) in enumerate(cases.items()):
    path = os.path.join(folder, f"{n}.nii.gz")
    nib.save(image, path)
    back = nib.load(path)
    S, Q = back.header.get_sform(), back.header.get_qform()
    ways = nib.affines.apply_affine(np.linalg.inv(S) @ Q, corners) - corners if np.linalg.det(S[:3, :3]) else corners
    out[name] = {"path": path, "apart": float(np.abs(ways).max()), "affine": back.affine.tolist(),
                 "both": bool(back.header["sform_code"] and back.header["qform_code"])}
print(json.dumps(out))`;

interface Made {
  readonly path: string;
  readonly apart: number;
  readonly affine: number[][];
  readonly both: boolean;
}

const oracle = pythonModule("nibabel");
const folder = mkdtempSync(join(tmpdir(), "trinephron-forms-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!oracle)("sform and qform as nibabel writes and measures them", () => {
  let made: Record<string, Made>;
  beforeAll(() => {
    made = python<Record<string, Made>>(maker, [folder]);
  });

  test("the place is nibabel's; a remark stands where they lie more than a fifth of a voxel apart", async () => {
    const said: Record<string, string[]> = {};
    for (const [name, { path, affine, apart, both }] of Object.entries(made)) {
      const { remarks, ...header } = await readNiftiHeader(path);
      said[name] = [...remarks];
      const heard: string[] = [];
      await readNifti(path, { onRemark: (remark) => heard.push(remark) });
      parseNifti(await readFile(path), name, { onRemark: (remark) => heard.push(remark) });
      expect(heard).toEqual([...remarks, ...remarks]);
      const [l, p, s] = indexToPoint(header, [59, 0, 19]);
      const ras = affine.map((row) => row[0] * 59 + row[2] * 19 + row[3]);
      expect(
        [-l, -p, s].every((x, a) => Math.abs(x - ras[a]) < 1e-3),
        name,
      ).toBe(true);
      if (both) expect(remarks.length, name).toBe(apart > 0.2 ? 1 : 0);
    }
    expect(said).toMatchObject({
      "a tenth of a voxel": [],
      "a third of a voxel": [
        "its sform and qform disagree (up to 0.3 mm apart front–back, 0.33 of a voxel): the sform counts",
      ],
      "one slice": ["its sform and qform disagree (up to 3 mm apart head–foot, 1 voxel): the sform counts"],
      mirrored: [expect.stringMatching(/^its sform and qform disagree .*left–right/)],
      "qform not valid": [],
      "sform not valid": [],
      "other pixel sizes": [
        expect.stringMatching(
          /^its sform and pixel sizes disagree \(.*voxels of 3\.00 and 1\.00 mm head–foot\): the sform counts$/,
        ),
      ],
      "no transform": ["its header does not say how the patient lies: left, right and place are a guess"],
    });
  });

  test("a qform that is no rotation beside a good sform is said, alone refused", async () => {
    const bytes = Uint8Array.from(await unpacked(made["the same"].path));
    const view = new DataView(bytes.buffer);
    view.setFloat32(256, 5, true);
    const heard: string[] = [];
    parseNifti(bytes, "a.nii", { onRemark: (remark) => heard.push(remark) });
    expect(heard).toEqual(["its qform is none: the sform counts"]);
    view.setInt16(254, 0, true);
    expect(() => parseNifti(bytes, "a.nii")).toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
  });

  test("a qform whose readers differ on which way the third axis runs is refused", async () => {
    const bytes = Uint8Array.from(await unpacked(made["sform not valid"].path));
    // nifti1_io takes any negative number for −1, nibabel all but −1 for 1.
    new DataView(bytes.buffer).setFloat32(76, -3, true);
    expect(() => parseNifti(bytes, "a.nii")).toThrow(
      expect.objectContaining({ code: "E_GEOMETRY", message: expect.stringContaining("pixdim[0] is -3") }),
    );
  });

  async function unpacked(path: string): Promise<Uint8Array> {
    const { gunzipSync } = await import("node:zlib");
    return gunzipSync(await readFile(path));
  }
});

/** Headers edited as careless writers leave them; what nibabel makes of each, or that it refuses. */
const oddities = `
import json, os, sys, logging, warnings, numpy as np, nibabel as nib
warnings.simplefilter("ignore")
logging.getLogger("nibabel.global").setLevel(logging.CRITICAL)
folder = sys.argv[1]
labels = np.random.default_rng(6).integers(0, 4, (7, 6, 5))
A = np.diag([-0.8, -0.9, 3, 1.0]); A[:3, 3] = [4, 5, 6]
out = []
def save(name, dtype="u1", order="<", edit=None, offset=None, extra=b"", shape=None):
    h = nib.Nifti1Header(endianness=order)
    h.set_data_dtype(np.dtype(order + dtype))
    data = labels if shape is None else labels.reshape(shape)
    h.set_data_shape(data.shape)
    h.set_sform(A, 1); h.set_qform(A, 1)
    h["magic"] = b"n+1"; h["vox_offset"] = offset or 352
    if edit: edit(h)
    raw = bytearray(h.binaryblock) + b"\\0" * ((offset or 352) - 348)
    path = os.path.join(folder, f"odd{len(out)}.nii")
    open(path, "wb").write(bytes(raw) + data.astype(order + dtype).tobytes(order="F") + extra)
    try:
        image = nib.load(path)
        values = np.asanyarray(image.dataobj).reshape(7, 6, 5, order="F").ravel(order="F")
        found = {"values": [None if np.isnan(v) else float(v) for v in values], "affine": image.affine.tolist()}
    except Exception as e:
        found = {"refused": str(e)[:80]}
    out.append({"name": name, "path": path, **found})
def field(**values):
    def edit(h):
        for k, v in values.items(): h[k] = v
    return edit
for dtype in ("i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
    for order in "<>": save(f"{dtype} {order}", dtype, order)
save("slope 0", edit=field(scl_slope=0, scl_inter=7))
save("slope NaN", edit=field(scl_slope=np.nan, scl_inter=7))
save("slope infinite", edit=field(scl_slope=np.inf))
save("slope 1, inter NaN", edit=field(scl_slope=1, scl_inter=np.nan))
save("slope 2, inter -1", edit=field(scl_slope=2, scl_inter=-1))
save("slope 1/255 of bytes", edit=field(scl_slope=1 / 255))
save("big-endian slope", "i2", ">", edit=field(scl_slope=0.5, scl_inter=0.25))
def pixdim(*v):
    def edit(h): h["pixdim"][0:4] = v
    return edit
def alone(*v):
    def edit(h): h["sform_code"] = 0; h["pixdim"][0:4] = v
    return edit
save("negative pixdim, sform", edit=pixdim(1, -0.8, -0.9, -3))
save("negative pixdim, qform", edit=alone(-1, -0.8, 0.9, -3))
save("no side, qform", edit=alone(0, 0.8, 0.9, 3))
for offset in (353, 355, 361, 4001): save(f"offset {offset}", "i2", offset=offset)
save("offset 353 of doubles", "f8", ">", offset=353)
def dims(*v):
    def edit(h): h["dim"][: len(v)] = v
    return edit
save("four dimensions, one volume", edit=dims(4, 7, 6, 5, 1))
save("seven dimensions of one", edit=dims(7, 7, 6, 5, 1, 1, 1, 1))
save("two volumes", edit=dims(4, 7, 6, 5, 2), extra=bytes(210))
save("label intent", edit=field(intent_code=1002))
save("statistic intent", edit=field(intent_code=3, intent_p1=9))
save("wrong bitpix", edit=field(bitpix=16))
save("RGB", edit=field(datatype=128, bitpix=24), extra=bytes(420))
save("RGBA", edit=field(datatype=2304, bitpix=32), extra=bytes(630))
save("complex", edit=field(datatype=32, bitpix=64), extra=bytes(7 * 210))
save("half the voxels", edit=dims(3, 7, 6, 10))
print(json.dumps(out))`;

interface Odd {
  readonly name: string;
  readonly path: string;
  readonly refused?: string;
  readonly values?: (number | null)[];
  readonly affine?: number[][];
}

/** What nibabel reads and we refuse: it takes colours and complex numbers as they are, and several volumes at once. */
const refusedHere: Readonly<Record<string, string>> = {
  "two volumes": "E_UNSUPPORTED",
  RGB: "E_UNSUPPORTED",
  RGBA: "E_UNSUPPORTED",
  complex: "E_UNSUPPORTED",
  "half the voxels": "E_FILE_TRUNCATED",
  "slope 1, inter NaN": "E_VALUE",
};

test.skipIf(!oracle)(
  "odd headers: nibabel's values in nibabel's place, or a refusal with a code",
  async () => {
    const odd = python<Odd[]>(oddities, [folder]);
    expect(odd.length).toBeGreaterThan(40);
    for (const { name, path, values, affine } of odd) {
      const code = refusedHere[name];
      if (code !== undefined) {
        await expect(readNifti(path), name).rejects.toMatchObject({ code });
        continue;
      }
      const volume = await readNifti(path);
      expect(values, `${name}: nibabel refuses it`).toBeDefined();
      expect(volume.data.length, name).toBe(values!.length);
      expect(
        values!.every((v, n) => Math.abs(volume.data[n] - v!) <= 1e-6 * Math.max(1, Math.abs(v!))),
        name,
      ).toBe(true);
      for (const corner of [
        [0, 0, 0],
        [6, 5, 4],
      ] as const) {
        const [l, p, s] = indexToPoint(volume, corner);
        const ras = affine!
          .slice(0, 3)
          .map((row) => corner.reduce((sum, at, a) => sum + row[a] * at, row[3]));
        expect(
          [-l, -p, s].every((x, a) => Math.abs(x - ras[a]) < 1e-4),
          `${name}: ${[-l, -p, s]} ${ras}`,
        ).toBe(true);
      }
    }
  },
);

test("voxels that start within the header, or nowhere, are refused", async () => {
  const path = join(folder, "edit.nii");
  const { encodeNifti } = await import("../../../../src/imaging/formats/nifti/index.ts");
  const bytes = encodeNifti({
    size: [3, 3, 3],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    data: new Uint8Array(27),
  });
  for (const offset of [-1, 10, 348, Number.NaN, Infinity]) {
    new DataView(bytes.buffer).setFloat32(108, offset, true);
    await writeFile(path, bytes);
    await expect(readNifti(path), String(offset)).rejects.toMatchObject({ code: "E_FORMAT" });
  }
});
