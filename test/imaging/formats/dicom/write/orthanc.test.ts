import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headerOf } from "../../../../../src/imaging/formats/dicom/file/header.ts";
import {
  type Parsed,
  parseDataSet,
  type WrittenObject,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { context, ctObjects, ctOf, grid, maskOf, picture, scObject, segObject } from "./objects.ts";
import { type Orthanc, orthanc, orthancPlugin } from "./orthanc.ts";
import { peer } from "./peers.ts";

const ct = ctObjects(ctOf(grid(13)));
/** What a result sends to the archive; of each class one way to store it is taken in turn. */
const objects: readonly WrittenObject[] = [...ct, segObject(maskOf(grid(13)), ct), scObject(picture)];

const installed =
  peer("Orthanc") && peer("storescu") && (existsSync(orthancPlugin) || process.env.CI !== undefined);
if (!existsSync(orthancPlugin)) console.warn("skipped: Orthanc's DICOMweb plugin is missing");

describe.skipIf(!installed)("Orthanc gives back what was stored", () => {
  let archive: Orthanc;
  beforeAll(async () => {
    archive = await orthanc();
  });
  afterAll(() => archive?.stop());

  test.each(["C-STORE", "STOW-RS"] as const)("by %s", async (way) => {
    const { uid: study } = context.study;
    if (way === "C-STORE") archive.storeByCStore(objects.map(({ bytes }) => bytes));
    else {
      const answer = await archive.storeByStow(objects.map(({ bytes }) => bytes));
      expect((answer["00081198"] as { Value?: unknown[] } | undefined)?.Value ?? []).toEqual([]);
      expect((answer["00081199"] as { Value: unknown[] }).Value).toHaveLength(objects.length);
    }
    expect((await archive.instancesOf(study)).toSorted()).toEqual(
      objects.map(({ sopInstance }) => sopInstance).toSorted(),
    );
    for (const object of objects) {
      const sent = parseDataSet(object.bytes, "sent");
      const header = headerOf(sent);
      const back = parseDataSet(
        await archive.retrieve(study, header.series.uid!, object.sopInstance),
        "back",
      );
      expect(headerOf(back)).toEqual(header);
      expect(pixelBytes(back).equals(pixelBytes(sent))).toBe(true);
    }
    for (const id of (await archive.json("studies")) as string[]) await archive.remove(`studies/${id}`);
  });
});

function pixelBytes({ dataSet }: Parsed): Buffer {
  const { dataOffset, length } = dataSet.elements.x7fe00010;
  return Buffer.from(dataSet.byteArray.subarray(dataOffset, dataOffset + length));
}
