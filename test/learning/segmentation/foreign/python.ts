import { runPython } from "../../../python.ts";

/** What nnU-Net v2 and MONAI publish of their inference, written with PyTorch and SciPy alone. */
const published = `
import json, sys, os, math, itertools
import numpy as np, torch
from torch import nn
from scipy.ndimage import binary_fill_holes, gaussian_filter, map_coordinates, zoom

torch.set_num_threads(1)

class Net(nn.Module):
    """A small U-Net as nnU-Net builds them: strided convolutions, instance norms, leaky ReLUs, a transposed convolution."""
    def __init__(self, channels, classes, dims, stride, deep="none"):
        super().__init__()
        conv, up, norm = (nn.Conv3d, nn.ConvTranspose3d, nn.InstanceNorm3d) if dims == 3 else (nn.Conv2d, nn.ConvTranspose2d, nn.InstanceNorm2d)
        block = lambda i, o, s=1: nn.Sequential(conv(i, o, 3, s, 1), norm(o, affine=True), nn.LeakyReLU(0.01))
        self.a, self.b, self.c = block(channels, 6), block(6, 8, stride), block(8, 8)
        self.up, self.d = up(8, 6, stride, stride), block(12, 6)
        self.out, self.low, self.deep = conv(6, classes, 1), conv(8, classes, 1), deep
        with torch.no_grad(): self.out.weight *= 6

    def forward(self, x):
        a = self.a(x)
        b = self.c(self.b(a))
        full, low = self.out(self.d(torch.cat([self.up(b), a], 1))), self.low(b)
        return {"none": full, "after": (full, low), "before": (low, full)}[self.deep]

def network(seed, channels, classes, patch, stride, path, deep="none", dynamic=False):
    torch.manual_seed(seed)
    net = Net(channels, classes, len(patch), tuple(stride), deep).eval()
    names = ["logits"] if deep == "none" else ["first", "second"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    torch.onnx.export(net, torch.zeros(1, channels, *patch), path, input_names=["image"], output_names=names, opset_version=13,
                      **({"dynamic_axes": {"image": {0: "batch"}}} if dynamic else {}))
    def run(x):
        with torch.no_grad(): found = net(x)
        return found[0] if deep == "after" else found
    return run

def mirror_all(run, axes):
    def both(x):
        total = run(x)
        sets = [c for n in range(1, len(axes) + 1) for c in itertools.combinations([a + 2 for a in axes], n)]
        for c in sets: total = total + torch.flip(run(torch.flip(x, c)), c)
        return total / (len(sets) + 1)
    return both

def sliding(x, patch, starts, weights, run):
    """x [C, D, H, W]; starts of the padded image."""
    pads = [max(p - n, 0) for n, p in zip(x.shape[1:], patch)]
    below = [p // 2 for p in pads]
    padded = torch.nn.functional.pad(x, [v for b, p in list(zip(below, pads))[::-1] for v in (b, p - b)])
    steps = [starts(n, p) for n, p in zip(padded.shape[1:], patch)]
    total = count = 0
    for at in itertools.product(*steps):
        window = tuple(slice(s, s + p) for s, p in zip(at, patch))
        logits = run(padded[(slice(None), *window)][None])[0]
        if isinstance(total, int): total, count = torch.zeros(len(logits), *padded.shape[1:]), torch.zeros(padded.shape[1:])
        total[(slice(None), *window)] += logits * weights
        count[window] += weights
    return (total / count)[(slice(None), *[slice(b, b + n) for b, n in zip(below, x.shape[1:])])]

# nnU-Net v2

def nnunet_starts(step):
    def of(n, p):
        count = int(np.ceil((n - p) / (p * step))) + 1
        return [int(np.round((n - p) / (count - 1) * i)) if count > 1 else 0 for i in range(count)]
    return of

def nnunet_weights(patch):
    point = np.zeros(patch)
    point[tuple(p // 2 for p in patch)] = 1
    g = torch.from_numpy(gaussian_filter(point, [p / 8 for p in patch], 0, mode="constant", cval=0))
    g = (g / g.max() * 10).type(torch.float16)
    g[g == 0] = g[g != 0].min()
    return g.float()

def resize(a, shape, order):
    if a.shape == tuple(shape): return a
    return np.clip(zoom(a, [m / n for m, n in zip(shape, a.shape)], order=order, mode="nearest", grid_mode=True), a.min(), a.max())

def nnunet_resample(data, shape, old, new, order, order_z, separate):
    ratio = lambda s: max(s) / min(s) > 3
    lowres = lambda s: [a for a in range(3) if s[a] == max(s)]
    if separate is None: axis = lowres(old) if ratio(old) else lowres(new) if ratio(new) else None
    else: axis = lowres(old) if separate else None
    if axis is not None and len(axis) != 1: axis = None
    if tuple(shape) == data.shape[1:]: return data
    data = data.astype(float)
    if axis is None: return np.stack([resize(c, shape, order) for c in data])
    axis, found = axis[0], []
    flat = [n for d, n in enumerate(shape) if d != axis]
    for c in data:
        c = np.stack([resize(s, flat, order) for s in np.moveaxis(c, axis, 0)], axis)
        if c.shape[axis] != shape[axis]:
            at = [n / m * (g + 0.5) - 0.5 for g, n, m in zip(np.mgrid[tuple(map(slice, shape))], c.shape, shape)]
            c = map_coordinates(c, at, order=order_z, mode="nearest")
        found.append(c)
    return np.stack(found)

def nnunet_normalize(x, scheme, props, mask):
    x = x.astype(np.float32)
    if scheme == "CTNormalization": return (np.clip(x, props["percentile_00_5"], props["percentile_99_5"]) - props["mean"]) / max(props["std"], 1e-8)
    if scheme == "RescaleTo01Normalization": return (x - x.min()) / np.clip((x - x.min()).max(), 1e-8, None)
    if scheme == "ZScoreNormalization":
        if mask is None: return (x - x.mean()) / max(x.std(), 1e-8)
        x[mask] = (x[mask] - x[mask].mean()) / max(x[mask].std(), 1e-8)
    return x

def nnunet(images, spacing, plans, dataset, config, run, step=0.5):
    """images [C, z, y, x]. Probabilities [K, ...] of the cropped and transposed image, and labels of the whole."""
    forward = plans["transpose_forward"]
    data = images.transpose([0, *[a + 1 for a in forward]])
    old = [spacing[a] for a in forward]
    nonzero = binary_fill_holes((data != 0).any(0))
    box = tuple(slice(np.where(nonzero.any(tuple(b for b in range(3) if b != a)))[0].min(),
                      np.where(nonzero.any(tuple(b for b in range(3) if b != a)))[0].max() + 1) for a in range(3))
    whole, mask = data.shape[1:], nonzero[box]
    data = data[(slice(None), *box)]
    target = config["spacing"] if len(config["spacing"]) == 3 else [old[0], *config["spacing"]]
    shape = [int(round(i / j * k)) for i, j, k in zip(old, target, data.shape[1:])]
    data = np.stack([nnunet_normalize(c, config["normalization_schemes"][n], plans["foreground_intensity_properties_per_channel"].get(str(n)),
                                      mask if config["use_mask_for_norm"][n] else None) for n, c in enumerate(data)])
    keys = lambda k: (k["order"], k["order_z"], k["force_separate_z"])
    cropped = data.shape[1:]
    data = nnunet_resample(data, shape, old, target, *keys(config["resampling_fn_data_kwargs"])).astype(np.float32)
    x, patch = torch.from_numpy(data), config["patch_size"]
    if len(patch) == 3: logits = sliding(x, patch, nnunet_starts(step), nnunet_weights(patch), run)
    else: logits = torch.stack([sliding(x[:, d], patch, nnunet_starts(step), nnunet_weights(patch), run) for d in range(x.shape[1])], 1)
    logits = nnunet_resample(logits.numpy(), cropped, target, old, *keys(config["resampling_fn_probabilities_kwargs"]))
    logits = torch.from_numpy(np.ascontiguousarray(logits))
    labels = np.zeros(whole, np.uint8)
    order = dataset.get("regions_class_order")
    if order:
        probabilities = torch.sigmoid(logits).numpy()
        part = np.zeros(cropped, np.uint8)
        for n, c in enumerate(order): part[probabilities[n] > 0.5] = c
    else:
        probabilities = torch.softmax(logits, 0).numpy()
        part = probabilities.argmax(0)
    labels[box] = part
    return probabilities, labels.transpose(plans["transpose_backward"])

# MONAI

def monai_starts(overlap):
    def of(n, p):
        interval = p if n == p else max(int(p * (1 - overlap)), 1)
        num = math.ceil(n / interval)
        last = next(d for d in range(num) if d * interval + p >= n)
        return [d * interval - max(d * interval + p - n, 0) for d in range(last + 1)]
    return of

def monai_weights(patch, mode):
    if mode == "constant": return torch.ones(patch)
    m = torch.ones(())
    for n in patch:
        x = torch.arange(-(n - 1) / 2.0, (n - 1) / 2.0 + 1, dtype=torch.float)
        m = m.unsqueeze(-1) * torch.exp(x ** 2 / (-2 * (0.125 * n) ** 2))
    return torch.clamp(m, min=max(m.min().item(), 1e-3))

def monai_grid(data, shape, scale, order):
    """Each output voxel m lies at m * scale, borders repeated."""
    at = [g * s for g, s in zip(np.mgrid[tuple(map(slice, shape))], scale)]
    at = [np.clip(a, 0, n - 1) for a, n in zip(at, data.shape[1:])]
    return np.stack([map_coordinates(c.astype(float), np.round(at) if order == 0 else at, order=order, mode="nearest") for c in data])

def save(folder, image, probabilities, labels):
    image.astype("<f4").tofile(os.path.join(folder, "image.bin"))
    np.ascontiguousarray(probabilities).astype("<f4").tofile(os.path.join(folder, "probabilities.bin"))
    np.ascontiguousarray(labels).astype("u1").tofile(os.path.join(folder, "labels.bin"))

def write(folder, name, value):
    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
    json.dump(value, open(os.path.join(folder, name), "w"))

folder = sys.argv[1]
`;

/** Runs a script after the published steps; it reads JSON from `sys.stdin` and leaves files in `folder`. */
export function python(script: string, folder: string, input: unknown): void {
  const { status, stderr } = runPython(published + script, [folder], JSON.stringify(input));
  if (status !== 0) throw new Error(stderr);
}
