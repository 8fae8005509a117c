import { type DataSet, itemsOf, put, replaced, textOf } from "../dataSet.ts";
import { type Mutation, maskOf } from "../mutation.ts";
import { areaOf, onMask, packed, unpacked } from "./order.ts";

const perFrame = "52009230";
const group = (item: DataSet, sequence: string): DataSet => itemsOf(item, sequence)[0];

const segmentOf = (item: DataSet): number =>
  (group(item, "0062000a").find(({ tag }) => tag === "0062000b")!.value as Buffer).readUInt16LE(0);
const positionOf = (item: DataSet): string => textOf(group(item, "00209113"), "00200032")!;

const eachPosition = (dataSet: DataSet, change: (position: number[]) => readonly number[]): DataSet =>
  replaced(
    dataSet,
    perFrame,
    itemsOf(dataSet, perFrame).map((item) => {
      const position = change(positionOf(item).split("\\").map(Number)).join("\\");
      return replaced(item, "00209113", [replaced(group(item, "00209113"), "00200032", position)]);
    }),
  );

const ofBytes = (dataSet: DataSet, pixels: Uint8Array): DataSet => {
  const deep = ["00280100", "00280101"].reduce((set, tag) => replaced(set, tag, [8]), dataSet);
  return put(replaced(deep, "00280102", [7]), "7fe00010", "OB", Buffer.from(pixels));
};

/** Segmentations of other kinds and places that show the same. */
export const segments: readonly Mutation[] = [
  {
    name: "fractions",
    of: ["SEG"],
    ends: ["same, said"],
    says: /fractions count from half/,
    apply: (study, draw) => {
      const most = 1 + draw.integer(255);
      return onMask(study, (dataSet) =>
        put(
          put(
            replaced(
              ofBytes(
                dataSet,
                unpacked(dataSet).map((value) => (value ? most : 0)),
              ),
              "00620001",
              "FRACTIONAL",
            ),
            "00620010",
            "CS",
            "PROBABILITY",
          ),
          "0062000e",
          "US",
          [most],
        ),
      );
    },
  },
  {
    name: "fractions without their greatest",
    of: ["SEG"],
    ends: ["different, said"],
    says: /Maximum Fractional Value/,
    apply: (study, draw) => {
      const most = [1, 100, 255][draw.integer(3)];
      return onMask(study, (dataSet) =>
        replaced(
          ofBytes(
            dataSet,
            unpacked(dataSet).map((value) => (value ? most : 0)),
          ),
          "00620001",
          "FRACTIONAL",
        ),
      );
    },
  },
  {
    name: "a byte a pixel",
    of: ["SEG"],
    ends: ["same"],
    apply: (study) => onMask(study, (dataSet) => ofBytes(dataSet, unpacked(dataSet))),
  },
  {
    name: "a label map",
    of: ["SEG"],
    ends: ["same"],
    apply: (study) =>
      onMask(study, (dataSet) => {
        const [pixels, area] = [unpacked(dataSet), areaOf(dataSet)];
        const planes = [
          ...Map.groupBy(
            itemsOf(dataSet, perFrame).map((item, frame) => ({ item, frame })),
            ({ item }) => positionOf(item),
          ).values(),
        ];
        const labels = new Uint8Array(planes.length * area);
        for (const [n, members] of planes.entries())
          for (const { item, frame } of members)
            for (let v = 0; v < area; v++)
              if (pixels[frame * area + v]) labels[n * area + v] = segmentOf(item);
        const listed = replaced(
          dataSet,
          perFrame,
          planes.map(([{ item }]) => item.filter(({ tag }) => tag !== "0062000a")),
        );
        return [
          ["00080016", "1.2.840.10008.5.1.4.1.1.66.7"],
          ["00620001", "LABELMAP"],
          ["00280008", String(planes.length)],
        ].reduce((set, [tag, value]) => replaced(set, tag, value), ofBytes(listed, labels));
      }),
  },
  {
    name: "frames' positions rounded to 0.01 to 0.1 mm",
    of: ["SEG"],
    ends: ["same"],
    apply: (study, draw) => {
      const digits = 1 + draw.integer(2);
      return onMask(study, (dataSet) =>
        eachPosition(dataSet, (position) => position.map((mm) => Number(mm.toFixed(digits)))),
      );
    },
  },
  {
    name: "rows of frames from the other end",
    of: ["SEG"],
    ends: ["same"],
    apply: (study) =>
      onMask(study, (dataSet) => {
        const [rows, columns] = ["00280010", "00280011"].map((tag) =>
          (dataSet.find((element) => element.tag === tag)!.value as Buffer).readUInt16LE(0),
        );
        const pixels = unpacked(dataSet);
        const flipped = pixels.map((_, n) => {
          const [frame, at] = [Math.floor(n / (rows * columns)), n % (rows * columns)];
          const [i, j] = [at % columns, Math.floor(at / columns)];
          return pixels[frame * rows * columns + (rows - 1 - j) * columns + i];
        });
        const [shared] = itemsOf(dataSet, "52009229");
        const turned = replaced(shared, "00209116", [
          replaced(group(shared, "00209116"), "00200037", "1\\0\\0\\0\\-1\\0"),
        ]);
        const height = Number(textOf(group(shared, "00289110"), "00280030")!.split("\\")[0]) * (rows - 1);
        return replaced(
          replaced(
            eachPosition(dataSet, ([x, y, z]) => [x, y + height, z]),
            "52009229",
            [turned],
          ),
          "7fe00010",
          packed(flipped),
        );
      }),
  },
  {
    name: "the mask twice",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same"],
    apply: (study) => {
      const mask = maskOf(study);
      return { ...study, files: [...study.files.slice(0, -1), { ...mask, name: "OLD/IM000" }, mask] };
    },
  },
  {
    name: "an older mask of another shape",
    of: ["SEG"],
    ends: ["different, said"],
    says: /drawn in 2 files, which differ by/,
    apply: (study, draw) => {
      const mask = maskOf(study);
      const mm = 6 + 12 * draw.uniform();
      const dataSet = eachPosition(mask.dataSet, ([x, y, z]) => [x + mm, y, z]);
      const older = { ...mask, dataSet: replaced(dataSet, "00080018", "1.2.3.4"), name: "OLD/IM000" };
      return { ...study, files: [...study.files.slice(0, -1), older, mask] };
    },
  },
  {
    name: "no distance between slices",
    of: ["SEG"],
    ends: ["same"],
    apply: (study) =>
      onMask(study, (dataSet) => {
        const [shared] = itemsOf(dataSet, "52009229");
        const measures = group(shared, "00289110").filter(({ tag }) => tag !== "00180088");
        return replaced(dataSet, "52009229", [replaced(shared, "00289110", [measures])]);
      }),
  },
  {
    name: "another frame of reference",
    of: ["SEG"],
    ends: ["same, said", "different, said"],
    says: /drawn in another frame of reference/,
    apply: (study, draw) =>
      onMask(study, (dataSet) => {
        const elsewhere = replaced(dataSet, "00200052", "1.2.3.4");
        return draw.integer(2) === 0 ? elsewhere : elsewhere.filter(({ tag }) => tag !== "00081115");
      }),
  },
];
