import type { Random } from "../../../../../src/base/random.ts";
import { type DataSet, put, replaced, textOf, without } from "../dataSet.ts";
import {
  dicomKinds,
  eachDataSet,
  eachFile,
  exchanged,
  isCt,
  type Mutation,
  pick,
  slicesOf,
} from "../mutation.ts";
import { type Study, type StudyFile, seriesUid } from "../study.ts";
import { bytesOf, storedOf } from "./storedValues.ts";

const phase = "nephrographic";

/** A slice of the phase with the mask: between its ends, that far away from them. */
const inner = (study: Study, draw: Random, margin = 2): StudyFile => {
  const slices = slicesOf(study, phase);
  return slices[margin + draw.integer(slices.length - 2 * margin)];
};

const copyOf = (
  file: StudyFile,
  change: (dataSet: DataSet) => DataSet = (dataSet) => dataSet,
): StudyFile => ({
  ...file,
  name: `${file.name}.copy`,
  dataSet: change(file.dataSet),
});

const beside = (study: Study, file: StudyFile, copy: StudyFile): Study =>
  exchanged(study, new Map([[file, [file, copy]]]));

const changed = (study: Study, file: StudyFile, change: (dataSet: DataSet) => DataSet): Study =>
  exchanged(study, new Map([[file, [{ ...file, dataSet: change(file.dataSet) }]]]));

const taken = (study: Study, files: readonly StudyFile[]): Study =>
  exchanged(study, new Map(files.map((file) => [file, []])));

/** With a block of its pixels brighter. */
function otherPixels(dataSet: DataSet): DataSet {
  const values = storedOf(dataSet).map((value, n) => (n % 3 === 0 ? value + 40 : value));
  return replaced(dataSet, "7fe00010", bytesOf(values));
}

const moved = (dataSet: DataSet, by: readonly number[]): DataSet =>
  replaced(
    dataSet,
    "00200032",
    textOf(dataSet, "00200032")!
      .split("\\")
      .map((mm, axis) => String(Number(mm) + by[axis]))
      .join("\\"),
  );

/** Slices copied, lost, out of place, and in any order. */
export const slices: readonly Mutation[] = [
  {
    name: "a file twice",
    of: dicomKinds,
    ends: ["same, said"],
    says: /1 duplicate slices dropped/,
    apply: (study, draw) => {
      const file = inner(study, draw, 0);
      return beside(study, file, copyOf(file));
    },
  },
  {
    name: "all files twice",
    of: dicomKinds,
    ends: ["same, said"],
    says: /duplicate slices dropped/,
    apply: (study) => ({
      ...study,
      files: [...study.files.filter((file) => isCt(file)).map((file) => copyOf(file)), ...study.files],
    }),
  },
  {
    name: "a slice twice, with another instance number and UID",
    of: dicomKinds,
    ends: ["same, said"],
    says: /1 duplicate slices dropped|1 slices set aside/,
    apply: (study, draw) => {
      const file = inner(study, draw, 0);
      const number = String(100 + draw.integer(100));
      return beside(
        study,
        file,
        copyOf(file, (dataSet) =>
          replaced(replaced(dataSet, "00200013", number), "00080018", `1.2.3.${number}`),
        ),
      );
    },
  },
  {
    name: "other pixels under a SOP Instance UID and place that are taken",
    of: dicomKinds,
    ends: ["different, said"],
    says: /two slices at one place/,
    apply: (study, draw) => {
      const file = inner(study, draw, 0);
      return beside(study, file, copyOf(file, otherPixels));
    },
  },
  {
    name: "other pixels at a place that is taken",
    of: dicomKinds,
    ends: ["different, said", "same, said"],
    says: /two slices at one place|1 slices set aside/,
    apply: (study, draw) => {
      const file = inner(study, draw, 0);
      const number = String(pick(draw, [100, 1]) + draw.integer(10));
      return beside(
        study,
        file,
        copyOf(file, (dataSet) =>
          otherPixels(replaced(replaced(dataSet, "00200013", number), "00080018", `1.2.3.${number}`)),
        ),
      );
    },
  },
  {
    name: "a slice of another phase in the series",
    of: dicomKinds,
    ends: ["different, said"],
    says: /too few slices|two slices at one place|in all but|missing between|interpolated/,
    apply: (study, draw) => {
      const other = pick(draw, slicesOf(study, "corticomedullary").slice(2, -2));
      return changed(study, other, (dataSet) => replaced(dataSet, "0020000e", seriesUid(phase)));
    },
  },
  {
    name: "a slice missing",
    of: dicomKinds,
    ends: ["different, said"],
    says: /slices missing between/,
    apply: (study, draw) => taken(study, [inner(study, draw, 1)]),
  },
  {
    name: "two neighbours missing",
    of: dicomKinds,
    ends: ["different, said"],
    says: /a gap of 14.1 mm/,
    apply: (study, draw) => {
      const own = slicesOf(study, phase);
      const at = 4 + draw.integer(own.length - 9);
      return taken(study, own.slice(at, at + 2));
    },
  },
  {
    name: "the first slice missing",
    of: ["SEG", "RTSTRUCT"],
    ends: ["different, said"],
    says: /1 of 14 images it was drawn on are not among the files/,
    apply: (study) => taken(study, slicesOf(study, phase).slice(0, 1)),
  },
  {
    name: "the last slice missing",
    of: ["SEG", "RTSTRUCT"],
    ends: ["different, said"],
    says: /1 of 14 images it was drawn on are not among the files/,
    apply: (study) => taken(study, slicesOf(study, phase).slice(-1)),
  },
  {
    name: "a slice out of place along the axis",
    of: dicomKinds,
    ends: ["different, said"],
    says: /uneven slices/,
    apply: (study, draw) => {
      const by = (draw.integer(2) === 0 ? 1 : -1) * (0.2 + 4 * draw.uniform());
      return changed(study, inner(study, draw), (dataSet) => moved(dataSet, [0, 0, by]));
    },
  },
  {
    name: "a slice out of place within its plane",
    of: dicomKinds,
    ends: ["different, said"],
    says: /shifted against each other/,
    apply: (study, draw) => {
      const by = pick(draw, [-1, 1]) * (3 + 20 * draw.uniform());
      const way = draw.integer(2) === 0 ? [by, 0, 0] : [0, by, 0];
      return changed(study, inner(study, draw), (dataSet) => moved(dataSet, way));
    },
  },
  {
    name: "two neighbours with each other's position",
    of: dicomKinds,
    ends: ["different, said"],
    says: /Slice Location/,
    apply: (study, draw) => {
      const own = slicesOf(study, phase);
      const at = 3 + draw.integer(own.length - 7);
      const [a, b] = own.slice(at, at + 2);
      const [p, q] = [a, b].map(({ dataSet }) => textOf(dataSet, "00200032")!);
      return changed(
        changed(study, a, (dataSet) => replaced(dataSet, "00200032", q)),
        b,
        (dataSet) => replaced(dataSet, "00200032", p),
      );
    },
  },
  {
    name: "files in another order, under other names",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const names = draw.shuffle(study.files.map((_, n) => `F${String(n).padStart(4, "0")}`));
      const shuffled = draw.shuffle(study.files.map((file, n) => ({ ...file, name: names[n] })));
      return { ...study, files: shuffled };
    },
  },
  {
    name: "no instance numbers",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => eachDataSet(study, (dataSet) => without(dataSet, "00200013"), isCt),
  },
  {
    name: "instance numbers empty, all alike, or without order",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const order = draw.shuffle(study.files.map((_, n) => String(n)));
      const number = pick(draw, [() => "", () => "1", (n: number) => order[n], (n: number) => String(-n)]);
      return eachDataSet(study, (dataSet, n) => replaced(dataSet, "00200013", number(n)), isCt);
    },
  },
  {
    name: "instance numbers begun again",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const period = 4 + draw.integer(6);
      return eachDataSet(
        study,
        (dataSet, n) => replaced(dataSet, "00200013", String(1 + (n % period))),
        isCt,
      );
    },
  },
  {
    name: "no slice locations, thicknesses or acquisition numbers",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachDataSet(study, (dataSet) => without(dataSet, "00201041", "00180050", "00200012"), isCt),
  },
  {
    name: "slice locations of another zero, the other way round, or all alike",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const at = pick(draw, [(mm: number) => mm + 500, (mm: number) => 100 - mm, () => 0]);
      return eachDataSet(
        study,
        (dataSet) => replaced(dataSet, "00201041", at(Number(textOf(dataSet, "00201041"))).toFixed(1)),
        isCt,
      );
    },
  },
  {
    name: "another slice thickness than the distance",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const mm = (1 + 9 * draw.uniform()).toFixed(2);
      return eachDataSet(study, (dataSet) => replaced(dataSet, "00180050", mm), isCt);
    },
  },
  {
    name: "a file cut off",
    of: dicomKinds,
    ends: ["refused"],
    says: /E_FILE_TRUNCATED|could not be read|bytes of pixels|ends before/,
    apply: (study, draw) => {
      const file = inner(study, draw);
      const whole = file.dataSet;
      const values = storedOf(whole);
      const kept = values.subarray(0, draw.integer(values.length));
      return eachFile(
        study,
        (each) => ({ ...each, dataSet: put(whole, "7fe00010", "OW", bytesOf(kept)) }),
        (each) => each === file,
      );
    },
  },
  {
    name: "a slice of another size or pixel spacing",
    of: dicomKinds,
    ends: ["different, said"],
    says: /another (size|pixel spacing)/,
    apply: (study, draw) => {
      const file = inner(study, draw);
      return changed(study, file, (dataSet) =>
        draw.integer(2) === 0
          ? replaced(dataSet, "00280030", "5.0\\5.0")
          : replaced(
              replaced(dataSet, "00280010", [10]),
              "7fe00010",
              bytesOf(storedOf(dataSet).subarray(0, 170)),
            ),
      );
    },
  },
];
