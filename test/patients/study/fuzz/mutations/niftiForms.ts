import { gzipSync } from "node:zlib";
import type { Random } from "../../../../../src/base/random.ts";
import { axisOrders } from "../../../../../src/numerics/volume/axisOrders.ts";
import type { Volume } from "../../../../../src/numerics/volume/index.ts";
import { type Mutation, pick } from "../mutation.ts";
import { type NiftiForm, niftiOf, plainForm, rewritten, turned } from "../nifti.ts";
import type { Kind, Study } from "../study.ts";

const kinds: readonly Kind[] = ["NIfTI mask", "NIfTI"];

/** @param bare the header says that values are as stored, though they are not */
const formed = (study: Study, form: (isMask: boolean) => Partial<NiftiForm>, bare = false): Study =>
  rewritten(study, (volume, isMask) => {
    const bytes = niftiOf(volume, { ...plainForm, ...form(isMask) });
    if (bare) new DataView(bytes.buffer).setFloat32(116, 0, true);
    return bytes;
  });

const turnedBy = (draw: Random) => {
  const [axes, flips] = [pick(draw, axisOrders), [0, 1, 2].map(() => draw.integer(2) === 0)];
  return <T extends Volume["data"]>(volume: Volume<T>) => turned(volume, axes, flips);
};

/** The same images and masks in other NIfTI files. */
export const niftiForms: readonly Mutation[] = [
  {
    name: "axes in another order and way",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const turn = turnedBy(draw);
      return rewritten(study, (volume) => niftiOf(turn(volume), plainForm));
    },
  },
  {
    name: "axes of each file in an order and way of its own",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => rewritten(study, (volume) => niftiOf(turnedBy(draw)(volume), plainForm)),
  },
  {
    name: "a qform alone",
    of: kinds,
    ends: ["same"],
    // The real part of a half turn's quaternion has three digits in 32-bit floating point.
    within: { mm: 0.1 },
    apply: (study, draw) => {
      const turn = turnedBy(draw);
      const qform = 1 + draw.integer(4);
      return rewritten(study, (volume) => niftiOf(turn(volume), { ...plainForm, sform: 0, qform }));
    },
  },
  {
    name: "an sform alone",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const sform = 1 + draw.integer(4);
      return formed(study, () => ({ sform, qform: 0 }));
    },
  },
  {
    name: "a qform elsewhere than the sform",
    of: kinds,
    ends: ["same, said"],
    says: /sform and qform disagree/,
    apply: (study, draw) => {
      const qformOff = 5 + 30 * draw.uniform();
      return formed(study, () => ({ qformOff }));
    },
  },
  {
    name: "neither sform nor qform",
    of: kinds,
    ends: ["different, said"],
    says: /does not say how the patient lies|outside the images|within the images/,
    apply: (study) => formed(study, () => ({ sform: 0, qform: 0 })),
  },
  {
    name: "big endian",
    of: kinds,
    ends: ["same"],
    apply: (study) => formed(study, () => ({ little: false })),
  },
  {
    name: "NIfTI-2",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const little = draw.integer(2) === 0;
      return formed(study, () => ({ version: 2, little }));
    },
  },
  {
    name: "another data type",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [image, mask] = [
        pick(draw, [4, 8, 16, 64, 1024] as const),
        pick(draw, [2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280] as const),
      ];
      const little = draw.integer(2) === 0;
      return formed(study, (isMask) => ({ datatype: isMask ? mask : image, little }));
    },
  },
  {
    name: "scaled values",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [slope, inter] = [pick(draw, [0.5, 0.25, 2 ** -4]), draw.integer(1024)];
      return formed(study, (isMask) => ({ datatype: 8, slope, inter: isMask ? 0 : -inter }));
    },
  },
  {
    name: "a slope of 0 or none",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const slope = pick(draw, [0, Number.NaN]);
      return rewritten(study, (volume) => {
        const bytes = niftiOf(volume, plainForm);
        new DataView(bytes.buffer).setFloat32(112, slope, true);
        return bytes;
      });
    },
  },
  {
    name: "values 1024 too high",
    of: ["NIfTI"],
    ends: ["different, said"],
    says: /hardly Hounsfield units/,
    apply: (study, draw) => {
      const datatype = pick(draw, [4, 512] as const);
      return formed(study, (isMask) => ({ datatype, inter: isMask ? 0 : -1024 }), true);
    },
  },
  {
    name: "voxels of the images that are not a number",
    of: ["NIfTI"],
    ends: ["different, said", "refused"],
    says: /not a number/,
    apply: (study, draw) =>
      rewritten(study, (volume, isMask) => {
        const data = Float32Array.from(volume.data);
        const first = draw.integer(data.length);
        if (!isMask) data.fill(Number.NaN, first, first + 1 + draw.integer(20));
        return niftiOf({ ...volume, data }, { ...plainForm, datatype: isMask ? 4 : 16 });
      }),
  },
  {
    name: "two images in a file",
    of: kinds,
    ends: ["refused"],
    says: /holds 2 images, not one/,
    apply: (study) =>
      rewritten(study, (volume) => {
        const bytes = niftiOf(volume, { ...plainForm, more: [2] });
        return Buffer.concat([bytes, bytes.subarray(352)]);
      }),
  },
  {
    name: "compressed",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) =>
      rewritten(study, (volume) => gzipSync(niftiOf(volume, plainForm), { level: draw.integer(10) })),
  },
  {
    name: "metres and micrometres",
    of: kinds,
    ends: ["same"],
    within: { mm: 0.02 },
    apply: (study, draw) => {
      const unit = pick(draw, [
        [1000, 1],
        [0.001, 3],
        [1, 0],
      ] as const);
      return formed(study, () => ({ unit }));
    },
  },
  {
    name: "extensions of the header, and dimensions of one",
    of: kinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [extension, more] = [16 * draw.integer(4), pick(draw, [[], [1], [1, 1], [1, 1, 1, 1]])];
      return formed(study, () => ({ extension, more }));
    },
  },
];
