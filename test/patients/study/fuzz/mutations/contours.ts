import type { Random } from "../../../../../src/base/random.ts";
import { type DataSet, itemsOf, put, replaced, textOf } from "../dataSet.ts";
import { type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";
import { onMask } from "./order.ts";

type Point = readonly number[];

const pointsOf = (contour: DataSet): Point[] => {
  const numbers = textOf(contour, "30060050")!.split("\\").map(Number);
  return Array.from({ length: numbers.length / 3 }, (_, n) => numbers.slice(3 * n, 3 * n + 3));
};

const withPoints = (contour: DataSet, points: readonly Point[]): DataSet =>
  replaced(
    replaced(contour, "30060046", String(points.length)),
    "30060050",
    points.map((point) => point.join("\\")).join("\\"),
  );

const eachContour = (study: Study, change: (contour: DataSet) => readonly DataSet[]): Study =>
  onMask(study, (dataSet) =>
    replaced(
      dataSet,
      "30060039",
      itemsOf(dataSet, "30060039").map((item) =>
        replaced(item, "30060040", itemsOf(item, "30060040").flatMap(change)),
      ),
    ),
  );

const eachOutline = (study: Study, change: (points: readonly Point[]) => readonly Point[]): Study =>
  eachContour(study, (contour) => [withPoints(contour, change(pointsOf(contour)))]);

const between = (a: Point, b: Point, part: number): Point => a.map((mm, n) => mm + part * (b[n] - mm));

/** One contour of a structure, by a draw, changed. */
function oneContour(study: Study, draw: Random, change: (contour: DataSet) => DataSet): Study {
  return onMask(study, (dataSet) => {
    const items = itemsOf(dataSet, "30060039");
    const contours = itemsOf(items[1], "30060040");
    const at = draw.integer(contours.length);
    const own = contours.map((contour, n) => (n === at ? change(contour) : contour));
    return replaced(
      dataSet,
      "30060039",
      items.map((item, n) => (n === 1 ? replaced(item, "30060040", own) : item)),
    );
  });
}

/** Outlines written in other ways. */
export const contours: readonly Mutation[] = [
  {
    name: "contours the other way round",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study) => eachOutline(study, (points) => points.toReversed()),
  },
  {
    name: "contours begun elsewhere",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      eachOutline(study, (points) => {
        const at = draw.integer(points.length);
        return [...points.slice(at), ...points.slice(0, at)];
      }),
  },
  {
    name: "contours closed by their first point",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study) => eachOutline(study, (points) => [...points, points[0]]),
  },
  {
    name: "points between the points",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      eachOutline(study, (points) =>
        points.flatMap((point, n) => [
          point,
          between(point, points[(n + 1) % points.length], 0.1 + 0.8 * draw.uniform()),
        ]),
      ),
  },
  {
    name: "points rounded to 0.01 to 0.1 mm",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) => {
      const digits = 1 + draw.integer(2);
      return eachOutline(study, (points) =>
        points.map((point) => point.map((mm) => Number(mm.toFixed(digits)))),
      );
    },
  },
  {
    name: "points that rise a little through their slice",
    of: ["RTSTRUCT"],
    ends: ["same, said"],
    says: /contours rise through/,
    apply: (study, draw) =>
      eachOutline(study, (points) => points.map(([x, y, z]) => [x, y, z + (draw.uniform() - 0.5) * 1.6])),
  },
  {
    name: "contours written twice",
    of: ["RTSTRUCT"],
    ends: ["same, said"],
    says: /written more than once, counted once/,
    apply: (study) =>
      eachContour(study, (contour) => [contour, withPoints(contour, pointsOf(contour).toReversed())]),
  },
  {
    name: "points and open contours among the others",
    of: ["RTSTRUCT"],
    ends: ["same, said"],
    says: /points or open contours passed over/,
    apply: (study, draw) => {
      const type = pick(draw, ["POINT", "OPEN_PLANAR", "OPEN_NONPLANAR"]);
      return eachContour(study, (contour) => {
        const points = pointsOf(contour).slice(0, type === "POINT" ? 1 : 3);
        return [contour, replaced(withPoints(contour, points), "30060042", type)];
      });
    },
  },
  {
    name: "no contour types or numbers of points",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study) =>
      eachContour(study, (contour) => [
        contour.filter(({ tag }) => tag !== "30060042" && tag !== "30060046"),
      ]),
  },
  {
    name: "a contour that lost points",
    of: ["RTSTRUCT"],
    ends: ["different, said"],
    says: /Number Of Contour Points/,
    apply: (study, draw) =>
      oneContour(study, draw, (contour) => {
        const points = pointsOf(contour);
        const kept = points.slice(0, Math.max(3, Math.floor(points.length * 0.5)));
        return replaced(withPoints(contour, kept), "30060046", String(points.length));
      }),
  },
  {
    name: "a coordinate lost",
    of: ["RTSTRUCT"],
    ends: ["different, said"],
    says: /no points in space|is no number/,
    apply: (study, draw) =>
      oneContour(study, draw, (contour) => {
        const numbers = textOf(contour, "30060050")!.split("\\");
        numbers.splice(draw.integer(numbers.length), 1, ...(draw.integer(2) === 0 ? [] : [""]));
        return put(contour, "30060050", "DS", numbers.join("\\"));
      }),
  },
  {
    name: "other names of the structures",
    of: ["RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) => {
      const names = {
        kidney: pick(draw, ["KIDNEY", "Niere", "left kidney", "rein", "Kidney_L"]),
        tumor: pick(draw, ["Tumour", "TUMOR", "Nierentumor", "GTV", "renal mass"]),
        cyst: pick(draw, ["Cyst", "CYST", "Zyste"]),
      };
      return onMask(study, (dataSet) =>
        replaced(
          dataSet,
          "30060020",
          itemsOf(dataSet, "30060020").map((item) =>
            replaced(item, "30060026", names[textOf(item, "30060026") as keyof typeof names]),
          ),
        ),
      );
    },
  },
];
