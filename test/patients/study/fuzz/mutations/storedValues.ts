import { type DataSet, find, put, replaced, without } from "../dataSet.ts";
import { dicomKinds, eachDataSet, isCt, type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";

/** Stored values of a slice as they were written: HU + 1024. */
export function storedOf(dataSet: DataSet): Uint16Array {
  const bytes = find(dataSet, "7fe00010")!.value as Buffer;
  return new Uint16Array(Uint8Array.from(bytes).buffer);
}

export const bytesOf = (values: ArrayBufferView): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

interface Stored {
  readonly values: ArrayBufferView;
  readonly bits: number;
  readonly stored: number;
  readonly high?: number;
  readonly signed: boolean;
  readonly slope: string;
  readonly intercept: string;
}

function withStored(
  dataSet: DataSet,
  { values, bits, stored, high, signed, slope, intercept }: Stored,
): DataSet {
  const numbers: [string, number][] = [
    ["00280100", bits],
    ["00280101", stored],
    ["00280102", high ?? stored - 1],
    ["00280103", signed ? 1 : 0],
  ];
  const formed = numbers.reduce((set, [tag, value]) => replaced(set, tag, [value]), dataSet);
  const scaled = replaced(replaced(formed, "00281053", slope), "00281052", intercept);
  return put(scaled, "7fe00010", bits === 8 ? "OB" : "OW", bytesOf(values));
}

const eachCt = (study: Study, change: (dataSet: DataSet, n: number) => DataSet): Study =>
  eachDataSet(study, change, isCt);

/** The table from stored values to HU + 1024, as a Modality LUT Sequence. */
function modalityTable(dataSet: DataSet, first: number, entries: readonly number[], type = "HU"): DataSet {
  const item = put(
    put(put([], "00283002", "US", [entries.length, first & 0xffff, 16]), "00283004", "LO", type),
    "00283006",
    "OW",
    Buffer.from(Uint16Array.from(entries).buffer),
  );
  return put(without(dataSet, "00281052", "00281053", "00281054"), "00283000", "SQ", [item]);
}

const rescales: readonly (readonly [slope: string, intercept: string, part: number])[] = [
  ["0.5", "-1024", 2],
  ["0.25", "-1024.0", 4],
  ["5e-1", "-2048", 2],
];

/** The same HU by other stored values. */
export const storedValues: readonly Mutation[] = [
  {
    name: "signed stored values",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Int16Array.from(storedOf(dataSet), (value) => value - 1024),
          ...{ bits: 16, stored: 16, signed: true, slope: "1", intercept: "0" },
        }),
      ),
  },
  {
    name: "another split of slope and intercept",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [slope, intercept, part] = pick(draw, rescales);
      return eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Int32Array.from(storedOf(dataSet), (value) => (value - 1024 - Number(intercept)) * part),
          ...{ bits: 32, stored: 32, signed: true, slope, intercept },
        }),
      );
    },
  },
  {
    name: "an intercept of its own for each slice",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachCt(study, (dataSet) => {
        const intercept = -1024 - draw.integer(500);
        return withStored(dataSet, {
          values: Uint16Array.from(storedOf(dataSet), (value) => value - 1024 - intercept),
          ...{ bits: 16, stored: 16, signed: false, slope: "1", intercept: String(intercept) },
        });
      }),
  },
  {
    name: "a negative slope",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Uint16Array.from(storedOf(dataSet), (value) => 4000 - value),
          ...{ bits: 16, stored: 16, signed: false, slope: "-1", intercept: "2976" },
        }),
      ),
  },
  {
    name: "twelve bits stored",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: storedOf(dataSet),
          ...{ bits: 16, stored: 12, signed: false, slope: "1", intercept: "-1024" },
        }),
      ),
  },
  {
    name: "signed values of twelve bits without their sign above",
    of: dicomKinds,
    ends: ["same, said"],
    says: /sign of negative values extended/,
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Uint16Array.from(storedOf(dataSet), (value) => (value - 1024) & 0xfff),
          ...{ bits: 16, stored: 12, signed: true, slope: "1", intercept: "0" },
        }),
      ),
  },
  {
    name: "values at the top of their words",
    of: dicomKinds,
    ends: ["same, said"],
    says: /values lie from bit 4 on/,
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Uint16Array.from(storedOf(dataSet), (value) => value << 4),
          ...{ bits: 16, stored: 12, high: 15, signed: false, slope: "1", intercept: "-1024" },
        }),
      ),
  },
  {
    name: "32 bits a pixel",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachCt(study, (dataSet) =>
        withStored(dataSet, {
          values: Uint32Array.from(storedOf(dataSet)),
          ...{ bits: 32, stored: 32, signed: false, slope: "1", intercept: "-1024" },
        }),
      ),
  },
  {
    name: "signed values without Pixel Representation",
    of: dicomKinds,
    ends: ["refused"],
    says: /Pixel Representation/,
    apply: (study) =>
      eachCt(study, (dataSet) =>
        without(
          withStored(dataSet, {
            values: Int16Array.from(storedOf(dataSet), (value) => value - 1024),
            ...{ bits: 16, stored: 16, signed: true, slope: "1", intercept: "0" },
          }),
          "00280103",
        ),
      ),
  },
  {
    name: "no Pixel Representation",
    of: dicomKinds,
    ends: ["same, said"],
    says: /Pixel Representation/,
    apply: (study) => eachCt(study, (dataSet) => without(dataSet, "00280103")),
  },
  {
    name: "a Pixel Representation that is neither",
    of: dicomKinds,
    ends: ["refused"],
    says: /Pixel Representation/,
    apply: (study, draw) => {
      const value = 2 + draw.integer(300);
      return eachCt(study, (dataSet) => replaced(dataSet, "00280103", [value]));
    },
  },
  {
    name: "padding for air",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachCt(study, (dataSet) =>
        put(
          withStored(dataSet, {
            values: Uint16Array.from(storedOf(dataSet), (value) => (value === 0 ? 63536 : value)),
            ...{ bits: 16, stored: 16, signed: false, slope: "1", intercept: "-1024" },
          }),
          "00280120",
          "US",
          [63536],
        ),
      ),
  },
  {
    name: "a modality table for slope and intercept",
    of: dicomKinds,
    ends: ["refused"],
    says: /Modality LUT/,
    apply: (study, draw) => {
      const first = draw.integer(20);
      const entries = Array.from({ length: 4096 }, (_, n) => n);
      return eachCt(study, (dataSet) =>
        modalityTable(
          withStored(dataSet, {
            values: Uint16Array.from(storedOf(dataSet), (value) => value + first),
            ...{ bits: 16, stored: 16, signed: false, slope: "1", intercept: "-1024" },
          }),
          first,
          entries.map((value) => (value - 1024) & 0xffff),
        ),
      );
    },
  },
  {
    name: "a modality table beside slope and intercept",
    of: dicomKinds,
    ends: ["refused"],
    says: /Modality LUT/,
    apply: (study) =>
      eachCt(study, (dataSet) => {
        const [slope, intercept] = [find(dataSet, "00281053")!, find(dataSet, "00281052")!];
        const both = [...modalityTable(dataSet, 0, [0, 1, 2, 3]), slope, intercept];
        return both.sort((a, b) => (a.tag < b.tag ? -1 : 1));
      }),
  },
  {
    name: "a modality table of something else than HU",
    of: dicomKinds,
    ends: ["refused"],
    says: /Modality LUT/,
    apply: (study) => eachCt(study, (dataSet) => modalityTable(dataSet, 0, [0, 1, 2, 3], "OD")),
  },
  {
    name: "a rescale to something else than HU",
    of: dicomKinds,
    ends: ["refused"],
    says: /Rescale Type/,
    apply: (study, draw) => {
      const type = pick(draw, ["OD", "HU_MOD", "Z_EFF", "ED", "MGML", "PCT"]);
      return eachCt(study, (dataSet) => put(dataSet, "00281054", "LO", type));
    },
  },
  {
    name: "an unspecified or missing rescale type",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const type = pick(draw, ["US", "", "hu", undefined]);
      return eachCt(study, (dataSet) =>
        type === undefined ? without(dataSet, "00281054") : put(dataSet, "00281054", "LO", type),
      );
    },
  },
  {
    name: "an intercept of 0 for values from 0 on",
    of: dicomKinds,
    ends: ["different, said"],
    says: /hardly Hounsfield units/,
    apply: (study) => eachCt(study, (dataSet) => replaced(dataSet, "00281052", "0")),
  },
  {
    name: "no rescale",
    of: dicomKinds,
    ends: ["different, said"],
    says: /stored values taken for HU/,
    apply: (study) => eachCt(study, (dataSet) => without(dataSet, "00281052", "00281053", "00281054")),
  },
  {
    name: "half a rescale",
    of: dicomKinds,
    ends: ["refused"],
    says: /stands without/,
    apply: (study, draw) => {
      const tag = pick(draw, ["00281052", "00281053"]);
      return eachCt(study, (dataSet) => without(dataSet, tag));
    },
  },
];
