import { beforeAll, describe, expect, test } from "vitest";
import {
  comprehensiveSr,
  type MeasurementReport,
  measurementReport,
  sct,
  templateCodes,
} from "../../../../../../src/imaging/formats/dicom/index.ts";
import { text } from "../../../../../../src/imaging/formats/dicom/write/sr/contentItem.ts";
import { pythonModule } from "../peers.ts";
import { liverOptions, liverReport } from "./aReport.ts";
import { broken, type Node, readReport, walk } from "./contentTree.ts";

const read = (report: MeasurementReport) =>
  readReport(comprehensiveSr(measurementReport(report), liverOptions).bytes).root;
const [group] = liverReport.groups;
const below = (root: Node, ...names: readonly string[]) =>
  names.reduce<readonly Node[]>(
    (nodes, name) =>
      nodes.flatMap(({ children }) => children.filter((child) => child.name?.startsWith(`${name}|`))),
    [root],
  );

describe.skipIf(!pythonModule("pydicom"))("read by pydicom, a measurement report", () => {
  let root: Node;
  beforeAll(() => {
    root = read(liverReport);
  });

  test("has the mandatory rows of TID 1500", () => {
    expect(broken(root)).toEqual([]);
    expect(root.children.map(({ name }) => name?.split("|")[2])).toEqual([
      "Language of Content Item and Descendants",
      "Observer Type",
      "Device Observer UID",
      "Device Observer Name",
      "Procedure reported",
      "Image Library",
      "Imaging Measurements",
    ]);
  });

  test("says of the device what is known", () => {
    const observer = {
      uid: "2.25.9",
      name: "n",
      manufacturer: "m",
      model: "o",
      serialNumber: "s",
    };
    const context = read({ ...liverReport, observer }).children.filter(
      ({ relationship }) => relationship === "HAS OBS CONTEXT",
    );
    expect(context.map(({ name, value }) => [name?.split("|")[0], value])).toEqual([
      ["121005", "121007|DCM|Device"],
      ["121012", "2.25.9"],
      ["121013", "n"],
      ["121014", "m"],
      ["121015", "o"],
      ["121016", "s"],
    ]);
  });

  test("lists groups of images with what they have in common, and no empty one", () => {
    const groups = below(root, "111028", "126200");
    expect(groups).toHaveLength(1);
    const [{ images }] = liverReport.images;
    expect(groups[0].children.map(({ value }) => value)).toEqual([
      "MR|DCM|Magnetic Resonance",
      "113345001|SCT|Abdomen",
      ...images.map(({ sopInstance }) => sopInstance),
    ]);
    expect(below(read({ ...liverReport, images: [] }), "111028")).toEqual([]);
  });

  test("names the segment measured, after TID 1411", () => {
    const [found] = below(root, "126010", "125007");
    expect(found.template).toBe("1411");
    expect(below(found, "121191")).toMatchObject([{ value: group.segment?.sopInstance, segment: 3 }]);
    expect(below(found, "121232")).toMatchObject([{ value: group.segment?.source }]);
    expect(below(found, "363698007")).toMatchObject([{ value: "10200004|SCT|Liver", children: [] }]);
    expect(below(found, "118565006")).toMatchObject([{ value: 1.25, unit: "mL" }]);
  });

  test("names none where none is stored, after TID 1501", () => {
    const left = sct("7771000", "Left");
    const without = read({
      ...liverReport,
      groups: [{ ...group, segment: undefined, site: { ...group.site, laterality: left } }],
    });
    expect(broken(without)).toEqual([]);
    const [found] = below(without, "126010", "125007");
    expect(found.template).toBe("1501");
    expect([...below(found, "121191"), ...below(found, "121232")]).toEqual([]);
    expect(below(found, "363698007", "272741003")).toMatchObject([{ value: "7771000|SCT|Left" }]);
  });

  test("has a comment and evaluations where there are any", () => {
    expect(walk(root).filter(({ name }) => name?.match(/^(121106|C0034375)\|/))).toEqual([]);
    const remark = text("CONTAINS", templateCodes.finding, "blurred");
    const full = read({ ...liverReport, comment: "a test", evaluations: [undefined, remark] });
    expect(below(full, "121106")).toMatchObject([{ value: "a test" }]);
    expect(below(full, "C0034375", "121071")).toMatchObject([{ value: "blurred" }]);
  });
});
