import fc from "fast-check";
import { expect, test } from "vitest";
import {
  monaiImportance,
  nnunetImportance,
} from "../../../../src/learning/segmentation/window/importance.ts";
import type { Extent } from "../../../../src/learning/segmentation/window/tileModel.ts";
import { monaiStarts, nnunetStarts } from "../../../../src/learning/segmentation/window/tiles.ts";
import { hasPython, runPython } from "../../../python.ts";

/** The steps as nnU-Net v2 and MONAI publish them, in NumPy, SciPy and PyTorch. */
const published = `
import json, sys, math
import numpy as np, torch
from scipy.ndimage import gaussian_filter

def nnunet_steps(n, p, step):
    if n < p: return [-((p - n) // 2)]
    count = int(np.ceil((n - p) / (p * step))) + 1
    size = (n - p) / (count - 1) if count > 1 else 0
    return [int(np.round(size * i)) for i in range(count)]

def monai_starts(n, p, overlap):
    if n < p: return [-((p - n) // 2)]
    interval = p if n == p else max(int(p * (1 - overlap)), 1)
    num = math.ceil(n / interval)
    last = next(d for d in range(num) if d * interval + p >= n)
    return [d * interval - max(d * interval + p - n, 0) for d in range(last + 1)]

def nnunet_gaussian(p):
    point = np.zeros(p)
    point[tuple(i // 2 for i in p)] = 1
    g = torch.from_numpy(gaussian_filter(point, [i / 8 for i in p], 0, mode="constant", cval=0))
    g = (g / torch.max(g) * 10).type(torch.float16)
    g[g == 0] = torch.min(g[g != 0])
    return g.float().flatten().tolist()

def monai_gaussian(p):
    m = torch.ones(())
    for n in p:
        x = torch.arange(-(n - 1) / 2.0, (n - 1) / 2.0 + 1, dtype=torch.float)
        m = m.unsqueeze(-1) * torch.exp(x ** 2 / (-2 * (0.125 * n) ** 2))
    return torch.clamp(m, min=max(m.min().item(), 1e-3)).flatten().tolist()

asked = json.load(sys.stdin)
json.dump({
    "nnunet": [nnunet_steps(n, p, s) for n, p, s in asked["lines"]],
    "monai": [monai_starts(n, p, s) for n, p, s in asked["lines"]],
    "nnunetGaussian": [nnunet_gaussian(p) for p in asked["patches"]],
    "monaiGaussian": [monai_gaussian(p) for p in asked["patches"]],
}, sys.stdout)
`;

test.skipIf(!hasPython("torch", "scipy"))("tiles and their weights are nnU-Net's and MONAI's", () => {
  const line = fc.tuple(
    fc.integer({ min: 1, max: 600 }),
    fc.integer({ min: 4, max: 192 }),
    fc.constantFrom(0.25, 0.5, 0.625, 0.75),
  );
  const lines = fc.sample(line, { numRuns: 300, seed: 7 });
  const patches: Extent[] = [
    [8, 8, 8],
    [16, 20, 12],
    [5, 24, 9],
    [4, 32, 32],
  ];
  const { status, stdout, stderr } = runPython(published, [], JSON.stringify({ lines, patches }));
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const theirs = JSON.parse(stdout);
  expect(lines.map(([n, p, step]) => nnunetStarts(n, p, step))).toEqual(theirs.nnunet);
  expect(lines.map(([n, p, overlap]) => monaiStarts(n, p, overlap))).toEqual(theirs.monai);
  // A half-precision number has 11 bits; below 6e-5 its steps are 6e-8 wide.
  for (const [n, patch] of patches.entries())
    for (const [ours, expected] of [
      [nnunetImportance(patch), theirs.nnunetGaussian[n]],
      [monaiImportance(patch), theirs.monaiGaussian[n]],
    ] as const)
      for (const [v, weight] of ours.entries())
        expect(Math.abs(weight - expected[v])).toBeLessThanOrEqual(1e-3 * expected[v] + 6e-8);
});
