import type { Random } from "../../../../../src/base/random.ts";
import type { Volume } from "../../../../../src/numerics/volume/index.ts";
import { type Mutation, pick } from "../mutation.ts";
import { niftiOf, plainForm } from "../nifti.ts";
import { type Kind, type Study, truth } from "../study.ts";

const kinds: readonly Kind[] = ["NIfTI mask", "NIfTI"];

const asMask = (study: Study, data: Volume["data"], datatype: 4 | 16 | 64 = 16): Study => ({
  ...study,
  mask: niftiOf({ ...truth.mask, data }, { ...plainForm, datatype }),
});

/** The voxels of the true mask, some changed. */
const withLabels = (study: Study, change: (label: number, n: number) => number): Study =>
  asMask(study, Float32Array.from(truth.mask.data, change));

/** Indices of a label that lie within it on all six sides. */
function within(label: number): number[] {
  const [nx, ny] = truth.mask.size;
  const { data } = truth.mask;
  const around = [1, -1, nx, -nx, nx * ny, -nx * ny];
  return [...data.keys()].filter(
    (n) => data[n] === label && around.every((step) => data[n + step] === label),
  );
}

/** Indices of nothing, with nothing around. */
function far(): number[] {
  const [nx, ny, nz] = truth.mask.size;
  const { data } = truth.mask;
  const empty = (n: number) => {
    const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    for (let dk = -1; dk <= 1; dk++)
      for (let dj = -1; dj <= 1; dj++)
        for (let di = -1; di <= 1; di++) {
          const [x, y, z] = [i + di, j + dj, k + dk];
          if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return false;
          if (data[(z * ny + y) * nx + x] !== 0) return false;
        }
    return true;
  };
  return [...data.keys()].filter(empty);
}

const some = (draw: Random, from: readonly number[], most: number): Set<number> =>
  new Set(Array.from({ length: 1 + draw.integer(most) }, () => pick(draw, from)));

/** Noise in label maps, and labels written as other numbers. */
export const labels: readonly Mutation[] = [
  {
    name: "holes in the tumour",
    of: kinds,
    ends: ["same, said"],
    says: /holes/,
    apply: (study, draw) => {
      const holes = some(draw, within(2), 6);
      return withLabels(study, (label, n) => (holes.has(n) ? 0 : label));
    },
  },
  {
    name: "specks of tumour far away",
    of: kinds,
    ends: ["different, said"],
    says: /away from kidney/,
    apply: (study, draw) => {
      const specks = some(draw, far(), 5);
      return withLabels(study, (label, n) => (specks.has(n) ? 2 : label));
    },
  },
  {
    name: "specks of cyst in the tumour",
    of: kinds,
    ends: ["different, said"],
    says: /single voxels of cyst/,
    apply: (study, draw) => {
      const specks = some(draw, within(2), 1);
      return withLabels(study, (label, n) => (specks.has(n) ? 3 : label));
    },
  },
  {
    name: "labels near whole numbers",
    of: kinds,
    ends: ["same, said"],
    says: /near a whole number/,
    apply: (study, draw) => {
      const off = 0.0001 + 0.01 * draw.uniform();
      return withLabels(study, (label) => label + (label > 0 ? off * (draw.integer(2) === 0 ? 1 : -1) : 0));
    },
  },
  {
    name: "labels of floating point",
    of: kinds,
    ends: ["same"],
    apply: (study) => asMask(study, Float64Array.from(truth.mask.data), 64),
  },
  {
    name: "shares in place of labels",
    of: kinds,
    ends: ["refused"],
    says: /label .* is none of/,
    apply: (study, draw) => {
      const part = 0.1 + 0.8 * draw.uniform();
      return withLabels(study, (label) => label * part);
    },
  },
  {
    name: "labels as grey values",
    of: kinds,
    ends: ["refused"],
    says: /label .* is none of/,
    apply: (study, draw) => {
      const times = pick(draw, [80, 85, 100, 1000, -1]);
      return withLabels(study, (label) => label * times);
    },
  },
  {
    name: "voxels that are not a number",
    of: kinds,
    ends: ["refused"],
    says: /label NaN is none of/,
    apply: (study, draw) => {
      const none = some(draw, far(), 20);
      return withLabels(study, (label, n) => (none.has(n) ? Number.NaN : label));
    },
  },
  {
    name: "a mask of another grid than the images",
    of: kinds,
    ends: ["refused", "different, said"],
    says: /of the images' size and spacing, but up to|within the images/,
    apply: (study, draw) => {
      const mm = 3 + (draw.integer(2) === 0 ? 20 : 200) * draw.uniform();
      const [x, y, z] = truth.mask.origin;
      return { ...study, mask: niftiOf({ ...truth.mask, origin: [x + mm, y, z] }, plainForm) };
    },
  },
];
