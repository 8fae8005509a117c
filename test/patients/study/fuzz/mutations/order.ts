import type { Random } from "../../../../../src/base/random.ts";
import { type DataSet, find, itemsOf, mapped, put, replaced, textOf, without } from "../dataSet.ts";
import { exchanged, type Mutation, maskOf } from "../mutation.ts";
import type { Study } from "../study.ts";

/** The mask's file changed. */
export const onMask = (study: Study, change: (dataSet: DataSet) => DataSet): Study => {
  const mask = maskOf(study);
  return exchanged(study, new Map([[mask, [{ ...mask, dataSet: change(mask.dataSet) }]]]));
};

const segmentSequence = "00620002";
const perFrame = "52009230";
const shared = "52009229";

/** One bit a pixel to one byte a pixel. */
export function unpacked(dataSet: DataSet): Uint8Array {
  const packed = find(dataSet, "7fe00010")!.value as Buffer;
  const pixels = itemsOf(dataSet, perFrame).length * areaOf(dataSet);
  return Uint8Array.from({ length: pixels }, (_, n) => (packed[n >> 3] >> (n & 7)) & 1);
}

export function packed(pixels: Uint8Array): Buffer {
  const bytes = Buffer.alloc(Math.ceil(pixels.length / 16) * 2);
  for (const [n, value] of pixels.entries()) if (value) bytes[n >> 3] |= 1 << (n & 7);
  return bytes;
}

const uint16 = (dataSet: DataSet, tag: string): number =>
  (find(dataSet, tag)!.value as Buffer).readUInt16LE(0);
export const areaOf = (dataSet: DataSet): number => uint16(dataSet, "00280010") * uint16(dataSet, "00280011");

/** Frames in another order, or some of them: their groups and pixels. */
function withFrames(dataSet: DataSet, order: readonly number[]): DataSet {
  const [groups, pixels, area] = [itemsOf(dataSet, perFrame), unpacked(dataSet), areaOf(dataSet)];
  const moved = new Uint8Array(order.length * area);
  for (const [at, from] of order.entries())
    moved.set(pixels.subarray(from * area, (from + 1) * area), at * area);
  const listed = replaced(
    dataSet,
    perFrame,
    order.map((n) => groups[n]),
  );
  return replaced(replaced(listed, "00280008", String(order.length)), "7fe00010", packed(moved));
}

const shuffled = <T>(draw: Random, items: readonly T[]): T[] => draw.shuffle([...items]);

const framesOf = (dataSet: DataSet): number[] => [...itemsOf(dataSet, perFrame).keys()];

/** Every number of a tag through a table, wherever it stands. */
const renumbered = (dataSet: DataSet, tags: readonly string[], of: (old: number) => number): DataSet =>
  mapped(dataSet, (element) => {
    if (!tags.includes(element.tag)) return element;
    const bytes = element.value as Buffer;
    const value =
      element.vr === "IS"
        ? Buffer.from(String(of(Number(bytes.toString("latin1")))))
        : Buffer.from(Uint16Array.of(of(bytes.readUInt16LE(0))).buffer);
    return { ...element, value };
  });

/** Items of sequences in another order, and numbers that join them. */
export const order: readonly Mutation[] = [
  {
    name: "segments in another order",
    of: ["SEG"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) =>
        replaced(dataSet, segmentSequence, shuffled(draw, itemsOf(dataSet, segmentSequence))),
      ),
  },
  {
    name: "segments of other numbers",
    of: ["SEG"],
    ends: ["same"],
    apply: (study, draw) => {
      const numbers = shuffled(draw, [1, 2, 3, 7, 11, 300]);
      return onMask(study, (dataSet) =>
        renumbered(dataSet, ["00620004", "0062000b"], (old) => numbers[old - 1]),
      );
    },
  },
  {
    name: "two segments of one number",
    of: ["SEG"],
    ends: ["different, said"],
    says: /Segment Number/,
    apply: (study, draw) => {
      const [from, to] = shuffled(draw, [1, 2, 3]);
      return onMask(study, (dataSet) =>
        replaced(
          dataSet,
          segmentSequence,
          itemsOf(dataSet, segmentSequence).map((item) =>
            uint16(item, "00620004") === from ? replaced(item, "00620004", [to]) : item,
          ),
        ),
      );
    },
  },
  {
    name: "frames of a segment that is not listed",
    of: ["SEG"],
    ends: ["different, said"],
    says: /segment/i,
    apply: (study) =>
      onMask(study, (dataSet) =>
        replaced(
          dataSet,
          segmentSequence,
          itemsOf(dataSet, segmentSequence).filter((item) => uint16(item, "00620004") !== 3),
        ),
      ),
  },
  {
    name: "frames in another order",
    of: ["SEG"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) => withFrames(dataSet, shuffled(draw, framesOf(dataSet)))),
  },
  {
    name: "more frames described than there are",
    of: ["SEG"],
    ends: ["different, said"],
    says: /frames/,
    apply: (study, draw) =>
      onMask(study, (dataSet) => {
        const groups = itemsOf(dataSet, perFrame);
        const fewer = withFrames(dataSet, framesOf(dataSet).slice(0, -1 - draw.integer(4)));
        return replaced(fewer, perFrame, groups);
      }),
  },
  {
    name: "shared groups in every frame",
    of: ["SEG"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) => {
        const [common] = itemsOf(dataSet, shared);
        const tags = shuffled(draw, ["00289110", "00209116"]).slice(0, 1 + draw.integer(2));
        const own = common.filter(({ tag }) => tags.includes(tag));
        const framed = itemsOf(dataSet, perFrame).map((item) =>
          [...item, ...own].sort((a, b) => (a.tag < b.tag ? -1 : 1)),
        );
        const left = without(common, ...tags);
        return replaced(replaced(dataSet, shared, [left]), perFrame, framed);
      }),
  },
  {
    name: "elements of items in another order",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) =>
        mapped(dataSet, (element) =>
          Array.isArray(element.value)
            ? { ...element, value: (element.value as DataSet[]).map((item) => shuffled(draw, item)) }
            : element,
        ),
      ),
  },
  {
    name: "structures in another order",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) =>
        ["30060020", "30060039"].reduce(
          (set, tag) => replaced(set, tag, shuffled(draw, itemsOf(set, tag))),
          dataSet,
        ),
      ),
  },
  {
    name: "structures of other numbers",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) => {
      const numbers = shuffled(draw, [0, 1, 2, 3, 17, 4711]);
      return onMask(study, (dataSet) =>
        renumbered(dataSet, ["30060022", "30060084"], (old) => numbers[old - 1]),
      );
    },
  },
  {
    name: "two structures of one number",
    of: ["RTSTRUCT"],
    ends: ["different, said"],
    says: /ROI Number/,
    apply: (study, draw) => {
      const [from, to] = shuffled(draw, ["1", "2", "3"]);
      return onMask(study, (dataSet) =>
        replaced(
          dataSet,
          "30060020",
          itemsOf(dataSet, "30060020").map((item) =>
            textOf(item, "30060022") === from ? replaced(item, "30060022", to) : item,
          ),
        ),
      );
    },
  },
  {
    name: "contours of a structure that is not listed",
    of: ["RTSTRUCT"],
    ends: ["different, said"],
    says: /Referenced ROI Number/,
    apply: (study, draw) => {
      const number = draw.integer(2) === 0 ? "9" : "";
      return onMask(study, (dataSet) =>
        replaced(
          dataSet,
          "30060039",
          itemsOf(dataSet, "30060039").map((item) =>
            textOf(item, "30060084") === "3" ? replaced(item, "30060084", number) : item,
          ),
        ),
      );
    },
  },
  {
    name: "contours of a structure in several items",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study) =>
      onMask(study, (dataSet) =>
        replaced(
          dataSet,
          "30060039",
          itemsOf(dataSet, "30060039").flatMap((item) => {
            const contours = itemsOf(item, "30060040");
            const half = contours.length >> 1;
            return [contours.slice(0, half), contours.slice(half)].map((part) =>
              put(item, "30060040", "SQ", part),
            );
          }),
        ),
      ),
  },
  {
    name: "contours in another order",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      onMask(study, (dataSet) =>
        replaced(
          dataSet,
          "30060039",
          itemsOf(dataSet, "30060039").map((item) =>
            replaced(item, "30060040", shuffled(draw, itemsOf(item, "30060040"))),
          ),
        ),
      ),
  },
];
