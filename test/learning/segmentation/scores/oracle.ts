import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { python } from "../../../numerics/volume/python.ts";

/**
 * Marching cubes by another way than ours: the border of the set corners is traced over the cube's faces, each closed
 * curve is filled by the fan whose facets lie flattest through the cube's middle, and no table is kept. Array order i, j, k.
 */
const areasByTracing = `
import sys, json, itertools, numpy as np
from scipy import ndimage

def loops(code):
    inside = {c for c in itertools.product((0, 1), repeat=3) if code >> (4 * c[0] + c[1] + 2 * c[2]) & 1}
    if len(inside) > 4:
        inside = set(itertools.product((0, 1), repeat=3)) - inside
    ways = {}
    for axis in range(3):
        u, w = [a for a in range(3) if a != axis]
        for level in (0, 1):
            ring = []
            for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)):
                p = [0, 0, 0]
                p[axis], p[u], p[w] = level, x, y
                ring.append(tuple(p))
            middle = [tuple((a + b) / 2 for a, b in zip(ring[i], ring[(i + 1) % 4])) for i in range(4)]
            cut = [i for i in range(4) if (ring[i] in inside) != (ring[(i + 1) % 4] in inside)]
            joins = [(cut[0], cut[1])] if len(cut) == 2 else [(i - 1, i) for i in range(4) if ring[i] in inside] if cut else []
            for a, b in joins:
                ways.setdefault(middle[a], []).append(middle[b])
                ways.setdefault(middle[b], []).append(middle[a])
    while ways:
        point = first = next(iter(ways))
        loop = []
        while ways.get(point):
            loop.append(point)
            nxt = ways[point].pop()
            ways[nxt].remove(point)
            point = nxt
        ways = {p: n for p, n in ways.items() if n}
        yield np.array(loop) - 0.5

def area(code, spacing):
    total = 0
    for loop in loops(code):
        n = len(loop)
        fans = [[(loop[s], loop[(s + t) % n], loop[(s + t + 1) % n]) for t in range(1, n - 1)] for s in range(n)]
        fan = min(fans, key=lambda f: round(sum(abs(np.linalg.det(t)) for t in f), 9))
        total += sum(np.linalg.norm(np.cross((b - a) * spacing, (c - a) * spacing)) / 2 for a, b, c in fan)
    return total
`;

/** The area of each of 256 cubes, mm². */
export const tracedAreas = (spacing: Vec3): number[] =>
  python(
    `${areasByTracing}
spacing = np.array(json.load(sys.stdin))
print(json.dumps([area(code, spacing) for code in range(256)]))`,
    spacing,
  );

/** Scores as SciPy has them. */
export interface OracleScores {
  readonly dice: number;
  readonly surfaceDice: number;
  readonly hd95: number;
  readonly assd: number;
  /** Of each reference lesion in SciPy's order: its voxels, and its intersection over union with each predicted one. */
  readonly lesions: readonly { readonly voxels: number; readonly ious: readonly number[] }[];
}

/** Surface distances as DeepMind's library computes them, by SciPy's filters, and lesions by SciPy's labels. */
export const scipyScores = (
  pairs: readonly { a: Uint8Array; b: Uint8Array }[],
  size: Vec3,
  spacing: Vec3,
  tolerance: number,
): OracleScores[] =>
  python(
    `${areasByTracing}
q = json.load(sys.stdin)
spacing = np.array(q["spacing"])
areas = np.array([area(code, spacing) for code in range(256)])
kernel = np.array([[[1 << (4 * i + j + 2 * k) for k in (0, 1)] for j in (0, 1)] for i in (0, 1)])

def surface(mask):
    codes = ndimage.correlate(np.pad(mask, 1).astype(int), kernel, mode="constant", origin=(-1, -1, -1))[:-1, :-1, :-1]
    return codes, (codes > 0) & (codes < 255)

def scores(pair):
    a, b = (np.array(pair[name], dtype=bool).reshape(q["size"], order="F") for name in "ab")
    (ca, sa), (cb, sb) = surface(a), surface(b)
    da = ndimage.distance_transform_edt(~sb, sampling=spacing)[sa]
    db = ndimage.distance_transform_edt(~sa, sampling=spacing)[sb]
    wa, wb = areas[ca[sa]], areas[cb[sb]]
    near = lambda d, w: w[d <= q["tolerance"] + 1e-9].sum()
    def percentile(d, w):
        order = np.argsort(d, kind="stable")
        total = np.cumsum(w[order])
        return d[order][np.argmax(total >= 0.95 * total[-1] - 1e-9)]
    touching = np.ones((3, 3, 3))
    (la, na), (lb, nb) = ndimage.label(a, touching), ndimage.label(b, touching)
    return {
        "dice": 2 * (a & b).sum() / (a.sum() + b.sum()),
        "surfaceDice": (near(da, wa) + near(db, wb)) / (wa.sum() + wb.sum()),
        "hd95": max(percentile(da, wa), percentile(db, wb)),
        "assd": ((da * wa).sum() + (db * wb).sum()) / (wa.sum() + wb.sum()),
        "lesions": [{"voxels": int((la == x).sum()),
                     "ious": [((la == x) & (lb == y)).sum() / ((la == x) | (lb == y)).sum() for y in range(1, nb + 1)]}
                    for x in range(1, na + 1)],
    }

print(json.dumps([scores(pair) for pair in q["pairs"]], default=float))`,
    { pairs: pairs.map(({ a, b }) => ({ a: [...a], b: [...b] })), size, spacing, tolerance },
  );
