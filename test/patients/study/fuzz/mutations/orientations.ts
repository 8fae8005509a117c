import type { Random } from "../../../../../src/base/random.ts";
import { encodeNifti } from "../../../../../src/imaging/formats/nifti/index.ts";
import type { Volume } from "../../../../../src/numerics/volume/index.ts";
import { type DataSet, put, replaced } from "../dataSet.ts";
import { eachDataSet, isCt, type Mutation, pick } from "../mutation.ts";
import { turned } from "../nifti.ts";
import { type SmallPhase, type Study, truth } from "../study.ts";
import { bytesOf } from "./storedValues.ts";

/** Each phase written anew: rows, columns and slices along other axes of the patient. */
function rewritten(
  study: Study,
  turn: (volume: Volume<Int16Array>) => Volume<Int16Array>,
  position: string,
): Study {
  const written = (set: Study, phase: SmallPhase): Study => {
    const { size, spacing, direction, origin, data } = turn(truth.phases[phase]);
    const area = size[0] * size[1];
    const slice = (dataSet: DataSet, k: number): DataSet => {
      const at = origin.map((mm, c) => mm + k * spacing[2] * direction[2][c]);
      const stored = Uint16Array.from(data.subarray(k * area, (k + 1) * area), (hu) => hu + 1024);
      const placed = replaced(dataSet, "00200032", at.join("\\"));
      const oriented = replaced(placed, "00200037", [...direction[0], ...direction[1]].join("\\"));
      const spaced = replaced(oriented, "00280030", `${spacing[1]}\\${spacing[0]}`);
      const sized = replaced(replaced(spaced, "00280010", [size[1]]), "00280011", [size[0]]);
      return put(replaced(sized, "00185100", position), "7fe00010", "OW", bytesOf(stored));
    };
    return eachDataSet(set, slice, (file) => isCt(file, phase));
  };
  return (["corticomedullary", "nephrographic"] as const).reduce(written, study);
}

const turns = (draw: Random) => {
  const axes = pick(draw, [[0, 1, 2] as const, [1, 0, 2] as const]);
  const flips = [draw.integer(2) === 0, draw.integer(2) === 0, draw.integer(2) === 0];
  return (volume: Volume<Int16Array>) => turned(volume, axes, flips);
};

/** The same patient in images that run another way. */
export const orientations: readonly Mutation[] = [
  {
    name: "rows, columns and slices the other way round",
    of: ["SEG", "RTSTRUCT", "NIfTI mask"],
    ends: ["same"],
    apply: (study, draw) =>
      rewritten(study, turns(draw), pick(draw, ["HFS", "FFS", "HFP", "FFP", "HFDR", "HFDL"])),
  },
  {
    name: "a patient position that contradicts the orientation",
    of: ["SEG", "RTSTRUCT", "NIfTI mask"],
    ends: ["same"],
    apply: (study, draw) =>
      eachDataSet(study, (dataSet) => replaced(dataSet, "00185100", pick(draw, ["FFS", "HFP", ""])), isCt),
  },
  {
    name: "a mask that runs another way than its images",
    of: ["NIfTI mask"],
    ends: ["same"],
    apply: (study, draw) => ({
      ...rewritten(study, turns(draw), "HFS"),
      mask: encodeNifti(turned(truth.mask, [2, 0, 1], [true, false, draw.integer(2) === 0])),
    }),
  },
];
