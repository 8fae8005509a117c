import { type DataSet, put, replaced, textOf, without } from "../dataSet.ts";
import { dicomKinds, eachDataSet, type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";

/** A patient's name in a character set, and as Unicode has it; bytes by Python's codecs. */
interface NameIn {
  readonly set: string;
  readonly bytes: Buffer;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

/** `Weber^Jana^^Dr.` as it is written in sets that share ASCII: nothing changes. */
const ascii = [
  "",
  "ISO_IR 100",
  "ISO_IR 101",
  "ISO_IR 144",
  "ISO_IR 126",
  "ISO_IR 192",
  "GB18030",
  "GBK",
  "ISO_IR 13",
  "ISO_IR 166",
  "\\ISO 2022 IR 87",
  "ISO 2022 IR 6\\ISO 2022 IR 100",
];

/** `Müller^Jörg`. */
const umlauts: readonly NameIn[] = [
  { set: "ISO_IR 100", bytes: hex("4d fc 6c 6c 65 72 5e 4a f6 72 67") },
  { set: "ISO_IR 101", bytes: hex("4d fc 6c 6c 65 72 5e 4a f6 72 67") },
  { set: "ISO_IR 192", bytes: hex("4d c3bc 6c 6c 65 72 5e 4a c3b6 72 67") },
  { set: "GB18030", bytes: hex("4d a8b9 6c 6c 65 72 5e 4a 8130 8b32 72 67") },
  { set: "ISO 2022 IR 6\\ISO 2022 IR 100", bytes: hex("4d 1b2d41 fc 6c 6c 65 72 5e 4a 1b2d41 f6 72 67") },
];

const patient = (study: Study, change: (dataSet: DataSet) => DataSet): Study => eachDataSet(study, change);

const inSet = (dataSet: DataSet, set: string): DataSet => put(dataSet, "00080005", "CS", set);

const named = (study: Study, { set, bytes }: NameIn): Study =>
  patient(study, (dataSet) => put(inSet(dataSet, set), "00100010", "PN", bytes));

/** Whose texts are compared: `Müller^Jörg` in every set is the same identity as in UTF-8. */
const umlautStudy = (study: Study): Study =>
  named(study, { set: "ISO_IR 192", bytes: Buffer.from("Müller^Jörg") });

/** Patients' texts in other character sets and forms. */
export const texts: readonly Mutation[] = [
  {
    name: "another character set that shares ASCII",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const set = pick(draw, ascii);
      return patient(study, (dataSet) => (set === "" ? without(dataSet, "00080005") : inSet(dataSet, set)));
    },
  },
  {
    name: "umlauts in another character set",
    of: dicomKinds,
    ends: ["same"],
    from: umlautStudy,
    apply: (study, draw) => named(study, pick(draw, umlauts)),
  },
  {
    name: "umlauts without a character set, or a misspelt one",
    of: dicomKinds,
    ends: ["same, said"],
    says: /Patient Name \(0010,0010\) (has bytes beyond ASCII|is in a misspelt)/,
    from: umlautStudy,
    apply: (study, draw) => {
      const latin = umlauts[0].bytes;
      const bare = named(study, { set: "ISO_IR 100", bytes: latin });
      const spelt = pick(draw, ["ISO-IR 100", "ISO_IR_100", undefined]);
      return patient(bare, (dataSet) =>
        spelt === undefined ? without(dataSet, "00080005") : inSet(dataSet, spelt),
      );
    },
  },
  {
    name: "umlauts in a character set that is not theirs",
    of: dicomKinds,
    ends: ["different, said"],
    says: /Patient Name \(0010,0010\)/,
    from: umlautStudy,
    apply: (study, draw) =>
      pick(draw, [
        named(study, { set: "ISO_IR 192", bytes: umlauts[0].bytes }),
        named(study, { set: "ISO_IR 999", bytes: umlauts[0].bytes }),
      ]),
  },
  {
    name: "blanks and zeros around texts",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const pad = pick(draw, [" ", "  ", "\0", "\0\0", " \0"]);
      return patient(study, (dataSet) =>
        dataSet.map((element) =>
          /^(LO|SH|PN|CS|UI|DA|TM|AS)$/.test(element.vr) && element.value.length > 0
            ? { ...element, value: Buffer.concat([element.value as Buffer, Buffer.from(pad)]) }
            : element,
        ),
      );
    },
  },
  {
    name: "control characters in texts",
    of: dicomKinds,
    ends: ["same, said", "different, said"],
    says: /control characters or line breaks/,
    apply: (study, draw) => {
      const [tag, control] = [
        pick(draw, ["00100010", "00081030", "00100020"]),
        pick(draw, ["\n", "\t", "\r\n", "\u0001"]),
      ];
      return patient(study, (dataSet) => {
        const text = textOf(dataSet, tag);
        return text === undefined
          ? dataSet
          : replaced(dataSet, tag, text.replace(" ", control).replace("^", `^${control}`));
      });
    },
  },
  {
    name: "identifiers longer than DICOM has room for",
    of: dicomKinds,
    ends: ["different, said"],
    says: /left out of all outputs|more than the/,
    apply: (study, draw) => {
      const [tag, length] = pick(draw, [
        ["00080050", 17],
        ["00200010", 20],
        ["00100020", 65],
      ] as const);
      return patient(study, (dataSet) => replaced(dataSet, tag, "7".repeat(length)));
    },
  },
  {
    name: "sex or age in other words",
    of: dicomKinds,
    ends: ["same, said", "different, said"],
    says: /Patient (Sex|Age)/,
    apply: (study, draw) => {
      const [tag, text] = pick(draw, [
        ["00100040", "W"],
        ["00100040", "female"],
        ["00101010", "61Y"],
        ["00101010", "61"],
        ["00101010", "61 years"],
      ] as const);
      return patient(study, (dataSet) => replaced(dataSet, tag, text));
    },
  },
];
