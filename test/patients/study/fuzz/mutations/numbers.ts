import { type DataSet, mappedText, replaced, textOf } from "../dataSet.ts";
import { dicomKinds, eachDataSet, eachFile, isCt, type Mutation, pick, slicesOf } from "../mutation.ts";
import type { Study } from "../study.ts";

/** Each of the values of every decimal string. */
const decimals = (study: Study, change: (value: string) => string): Study =>
  eachDataSet(study, (dataSet) =>
    mappedText(dataSet, /^DS$/, (text) => text.split("\\").map(change).join("\\")),
  );

/** Decimal and integer strings written in other ways. */
export const numbers: readonly Mutation[] = [
  {
    name: "commas for decimal points",
    of: dicomKinds,
    ends: ["same, said"],
    says: /commas in Image Position/,
    apply: (study) => decimals(study, (value) => value.replace(".", ",")),
  },
  {
    name: "blanks around numbers",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachDataSet(study, (dataSet) =>
        mappedText(dataSet, /^[DI]S$/, (text) =>
          text
            .split("\\")
            .map((value) => " ".repeat(draw.integer(3)) + value + " ".repeat(draw.integer(3)))
            .join("\\"),
        ),
      ),
  },
  {
    name: "exponents",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const letter = pick(draw, ["e", "E"]);
      return decimals(study, (value) => Number(value).toExponential().replace("e", letter));
    },
  },
  {
    name: "plus signs",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => decimals(study, (value) => (value.startsWith("-") ? value : `+${value}`)),
  },
  {
    name: "zeros behind and before",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [before, behind] = [draw.integer(3), 1 + draw.integer(4)];
      return decimals(study, (value) => {
        const [, sign, digits] = /^(-?)(.*)$/.exec(value)!;
        return `${sign}${"0".repeat(before)}${digits}${digits.includes(".") ? "" : "."}${"0".repeat(behind)}`;
      });
    },
  },
  {
    name: "numbers that begin or end with their point",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      decimals(study, (value) => (value.includes(".") ? value.replace(/^(-?)0\./, "$1.") : `${value}.`)),
  },
  {
    name: "positions rounded to hundredths",
    of: dicomKinds,
    ends: ["same"],
    within: { mm: 0.02 },
    apply: (study) => positions(study, (mm) => mm.toFixed(2)),
  },
  {
    name: "positions rounded to tenths",
    of: dicomKinds,
    ends: ["same"],
    within: { mm: 0.11 },
    apply: (study) => positions(study, (mm) => mm.toFixed(1)),
  },
  {
    name: "directions rounded",
    of: dicomKinds,
    ends: ["same"],
    within: { mm: 0.01 },
    apply: (study, draw) =>
      eachDataSet(
        study,
        (dataSet) => {
          const tilt = () => ((draw.uniform() - 0.5) * 2e-5).toFixed(7);
          return replaced(dataSet, "00200037", `1\\${tilt()}\\${tilt()}\\${tilt()}\\1\\0`);
        },
        isCt,
      ),
  },
  {
    name: "a number that is none in one slice",
    of: dicomKinds,
    ends: ["different, said"],
    says: /could not be read and left out.*(Rescale|Image|Pixel)/,
    apply: (study, draw) => {
      const slices = slicesOf(study, "nephrographic");
      const one = slices[1 + draw.integer(slices.length - 2)];
      const tag = pick(draw, ["00281053", "00281052", "00200032", "00200037", "00280030"]);
      const spoiled = pick(draw, ["1.0.0", "1.000,5", "12mm", "--1", "1e", "N/A", "1;2"]);
      return eachFile(
        study,
        (file) => ({ ...file, dataSet: replaced(file.dataSet, tag, spoiled) }),
        (file) => file === one,
      );
    },
  },
];

const positions = (study: Study, written: (mm: number) => string): Study =>
  eachDataSet(
    study,
    (dataSet: DataSet) =>
      replaced(
        dataSet,
        "00200032",
        textOf(dataSet, "00200032")!
          .split("\\")
          .map((mm) => written(Number(mm)))
          .join("\\"),
      ),
    isCt,
  );
