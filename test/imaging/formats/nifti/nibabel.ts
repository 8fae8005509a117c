import { python } from "../../../numerics/volume/python.ts";

/** What nibabel makes of one frame of a file. */
export interface Reference {
  readonly shape: number[];
  /** To RAS, row after row. */
  readonly affine: number[];
  readonly frames: { readonly index: number; readonly sha256: string; readonly values: number[] }[];
}

/**
 * Reads files with nibabel, independently of us. `sha256` is of the frame's voxels in their own type (64-bit
 * integers as Float64), little-endian, i fastest; `values` are some hundred of them, evenly apart, for scaled images that we keep as Float32.
 */
export function nibabel(paths: readonly string[]): Reference[] {
  return python(script, paths);
}

const script = `
import sys, json, hashlib, logging, numpy as np, nibabel as nib
logging.getLogger("nibabel.global").setLevel(logging.ERROR)
def one(path):
    image = nib.load(path)
    shape = list(image.shape) + [1] * (3 - len(image.shape))
    flat = np.asarray(image.dataobj).reshape(shape[:3] + [-1], order="F")
    frames = []
    for index in sorted({0, flat.shape[3] - 1}):
        data = flat[..., index].ravel(order="F")
        data = data.astype("<f8" if (data.dtype.kind in "iu" and data.dtype.itemsize == 8) else data.dtype.newbyteorder("<"), copy=False)
        frames.append({"index": index, "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
                       "values": data[:: max(1, len(data) // 97)].astype(float).tolist()})
    return {"shape": shape, "affine": np.asarray(image.affine, dtype=float).ravel().tolist(), "frames": frames}
print(json.dumps([one(path) for path in json.load(sys.stdin)]))`;

/**
 * Writes files with nibabel that vary what the suite does not: every data type in both byte orders, qform alone,
 * no transform, shear, scaling, one and two dimensions, pairs. Returns their paths.
 */
export function varied(folder: string): string[] {
  return python(maker, folder);
}

const maker = `
import sys, json, os, numpy as np, nibabel as nib
folder = json.load(sys.stdin)
rng = np.random.default_rng(1)
paths = []
oblique = nib.affines.from_matvec(
    nib.eulerangles.euler2mat(0.3, -0.2, 0.1) @ np.diag([0.7, -0.8, 3]), [12.5, -40.25, 7])
def save(image, name):
    path = os.path.join(folder, name)
    nib.save(image, path)
    paths.append(path)
def array(dtype, shape=(5, 4, 3)):
    if np.dtype(dtype).kind == "f":
        return rng.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
for dtype in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]:
    for order in "<>":
        for version, cls, header in ((1, nib.Nifti1Image, nib.Nifti1Header), (2, nib.Nifti2Image, nib.Nifti2Header)):
            h = header(endianness=order)
            h.set_data_dtype(np.dtype(order + dtype))
            image = cls(array(dtype), oblique, h, dtype=np.dtype(dtype))
            name = f"{dtype}{'le' if order == '<' else 'be'}{version}"
            save(image, name + (".nii.gz" if version == 2 else ".nii"))
def forms(name, sform, qform, shape=(5, 4, 3)):
    image = nib.Nifti1Image(array("i2", shape), None)
    image.header.set_zooms([1.5, 0.5, 2, 1, 1][: len(shape)])
    if sform is not None: image.set_sform(sform, 2)
    if qform is not None: image.set_qform(qform, 1)
    save(image, name)
forms("qform.nii", None, oblique)
forms("qform_mirrored.nii", None, oblique @ np.diag([1, -1, 1, 1]))
forms("qform_half_turn.nii", None, np.diag([-2, -2, 3, 1.0]))
forms("none.nii", None, None)
forms("both_differ.nii", np.diag([2, 3, 4, 1.0]), oblique)
shear = oblique.copy(); shear[:3, 2] += 0.4 * shear[:3, 1]
forms("sheared.nii.gz", shear, None)
forms("plane.nii", oblique, oblique, (6, 5))
forms("line.nii", oblique, oblique, (6,))
forms("trailing.nii", oblique, oblique, (6, 5, 4, 1, 1))
forms("frames.nii", oblique, oblique, (6, 5, 4, 2, 3))
for dtype in ("u1", "i2", "i4"):
    image = nib.Nifti1Image(array("f8") * 3 - 1024, oblique)
    image.set_data_dtype(dtype)
    save(image, f"scaled_{dtype}.nii.gz")
for cls, version in ((nib.Nifti1Pair, 1), (nib.Nifti2Pair, 2)):
    save(cls(array("i2"), oblique), f"pair{version}.img")
    save(cls(array("i2"), oblique), f"pair{version}gz.img.gz")
print(json.dumps(paths))`;
