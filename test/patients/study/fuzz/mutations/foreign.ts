import type { Random } from "../../../../../src/base/random.ts";
import { type DataSet, put, replaced, without } from "../dataSet.ts";
import { dicomKinds, eachDataSet, isCt, type Mutation, pick, slicesOf } from "../mutation.ts";
import type { Study, StudyFile } from "../study.ts";

const added = (study: Study, files: readonly StudyFile[]): Study => ({
  ...study,
  files: [...files, ...study.files],
});

/** Slices of a phase, each changed into a file of something else. */
const others = (
  study: Study,
  name: string,
  count: number,
  change: (dataSet: DataSet, n: number) => DataSet,
): StudyFile[] =>
  slicesOf(study, "corticomedullary")
    .slice(0, count)
    .map((file, n) => ({ ...file, name: `${name}/${n}`, dataSet: own(change(file.dataSet, n), name, n) }));

const own = (dataSet: DataSet, name: string, n: number): DataSet => {
  const root = `1.2.826.${[...name].map((char) => char.charCodeAt(0)).join("")}`;
  return replaced(replaced(dataSet, "0020000e", root), "00080018", `${root}.${n}`);
};

const all = 99;

/** A series of another study of the same patient. */
const otherStudy = (study: Study, change: (dataSet: DataSet) => DataSet): StudyFile[] =>
  others(study, "old", all, (dataSet) => change(replaced(dataSet, "0020000d", "1.2.3.99")));

/** Series of something else among the files. */
export const foreign: readonly Mutation[] = [
  {
    name: "a localiser",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      added(
        study,
        others(study, "scout", 1 + draw.integer(2), (dataSet) =>
          replaced(
            replaced(dataSet, "00080008", "ORIGINAL\\PRIMARY\\LOCALIZER"),
            "00200037",
            pick(draw, ["1\\0\\0\\0\\0\\-1", "0\\1\\0\\0\\0\\-1"]),
          ),
        ),
      ),
  },
  {
    name: "a dose report",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      added(
        study,
        others(study, "dose", 1, (dataSet) =>
          without(
            replaced(replaced(dataSet, "00080016", "1.2.840.10008.5.1.4.1.1.88.67"), "00080060", "SR"),
            "7fe00010",
            "00280010",
            "00280011",
          ),
        ),
      ),
  },
  {
    name: "a secondary capture",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      added(
        study,
        others(study, "capture", 1, (dataSet) => replaced(dataSet, "00080016", "1.2.840.10008.5.1.4.1.1.7")),
      ),
  },
  {
    name: "a projection of the images",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      added(
        study,
        others(study, "mip", all, (dataSet) =>
          replaced(
            dataSet,
            "00080008",
            `DERIVED\\SECONDARY\\${pick(draw, ["MIP", "MPR", "mpr", "AXIAL\\MIP"])}`,
          ),
        ),
      ),
  },
  {
    name: "a bolus series of one place",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      added(
        study,
        others(study, "bolus", 6, (dataSet, n) =>
          replaced(replaced(dataSet, "00200032", "-44.375\\-45.5\\-40"), "00080032", `1015${10 + n}`),
        ),
      ),
  },
  {
    name: "another modality",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [sopClass, modality] = pick(draw, [
        ["1.2.840.10008.5.1.4.1.1.4", "MR"],
        ["1.2.840.10008.5.1.4.1.1.128", "PT"],
        ["1.2.840.10008.5.1.4.1.1.481.2", "RTDOSE"],
      ] as const);
      return added(
        study,
        others(study, "modality", all, (dataSet) =>
          replaced(replaced(dataSet, "00080016", sopClass), "00080060", modality),
        ),
      );
    },
  },
  {
    name: "a slice of another patient",
    of: dicomKinds,
    ends: ["refused"],
    says: /2 patients/,
    apply: (study, draw) => {
      const id = pick(draw, ["K 4712", "k 4711", ""]);
      return added(
        study,
        others(study, "other", 1 + draw.integer(all), (dataSet) => replaced(dataSet, "00100020", id)),
      );
    },
  },
  {
    name: "another patient of one ID",
    of: dicomKinds,
    ends: ["refused"],
    says: /patients/,
    apply: (study, draw) =>
      added(
        study,
        others(study, "namesake", all, (dataSet) =>
          replaced(
            replaced(dataSet, "00100010", pick(draw, ["Huber^Anna", "Weber^Max"])),
            "00100030",
            "19500101",
          ),
        ),
      ),
  },
  {
    name: "two patients without an ID",
    of: dicomKinds,
    ends: ["refused"],
    says: /patients/,
    apply: (study, draw) =>
      eachDataSet(
        added(
          study,
          others(study, "nameless", all, (dataSet) =>
            replaced(
              replaced(dataSet, "00100010", pick(draw, ["Huber^Anna", "Weber^Max"])),
              "00100030",
              "19500101",
            ),
          ),
        ),
        (dataSet) => replaced(dataSet, "00100020", ""),
      ),
  },
  {
    name: "one patient's name in several spellings",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same", "same, said"],
    says: /Patient Name/,
    apply: (study, draw) => {
      const name = pick(draw, [
        "WEBER^JANA",
        "Weber^Jana",
        "Weber^Jana^^Dr.^",
        "Weber Jana",
        "Weber-Maier^Jana",
      ]);
      return eachDataSet(
        study,
        (dataSet) => replaced(dataSet, "00100010", name),
        (file) => isCt(file, "corticomedullary"),
      );
    },
  },
  {
    name: "an older study of the patient, of the same phase",
    of: dicomKinds,
    ends: ["refused"],
    says: /stud(y|ies)/,
    apply: (study, draw) => added(study, otherStudy(study, dated(draw))),
  },
  {
    name: "a phase of an older study, which this one lacks",
    of: dicomKinds,
    ends: ["refused"],
    says: /stud(y|ies)/,
    apply: (study, draw) =>
      added(
        study,
        otherStudy(study, (dataSet) => excretory(dated(draw)(dataSet))),
      ),
  },
  {
    name: "the study in two, scanned on one day",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same, said"],
    says: /2 studies/,
    apply: (study) =>
      eachDataSet(
        study,
        (dataSet) => replaced(dataSet, "0020000d", "1.2.3.99"),
        (file) => isCt(file, "corticomedullary"),
      ),
  },
];

const dated =
  (draw: Random) =>
  (dataSet: DataSet): DataSet => {
    const day = `2025${String(1 + draw.integer(9)).padStart(2, "0")}15`;
    return ["00080020", "00080022", "00080023"].reduce((set, tag) => put(set, tag, "DA", day), dataSet);
  };

const excretory = (dataSet: DataSet): DataSet =>
  replaced(replaced(dataSet, "0008103e", "excretory"), "00080032", "102500");
