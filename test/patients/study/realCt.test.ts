import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readHeaders, readVolume, sourcesOf } from "../../../src/imaging/formats/dicom/index.ts";
import { assembleStudy } from "../../../src/patients/study/assemble.ts";
import { candidatesOf } from "../../../src/patients/study/candidates.ts";
import { choosePhases } from "../../../src/patients/study/phases/choose.ts";
import { readPicture } from "../../../src/patients/study/phases/picture/picture.ts";

const data = new URL("../../../../shared/data/ct/", import.meta.url).pathname;
if (!existsSync(data)) console.warn("skipped: ../shared/data/ct is absent");
const folder = mkdtempSync(join(tmpdir(), "trinephron-ct-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const filesOf = async (path: string) => readHeaders(await sourcesOf(path));

describe.skipIf(!existsSync(data))("real CT (../shared/data)", () => {
  test("3D-IRCADb 17, portal venous, without description: one CT of 119 slices, nephrographic by the picture", async () => {
    const archive = join(data, "ircadb01_17/PATIENT_DICOM.tar.gz");
    expect(spawnSync("tar", ["xzf", archive, "-C", folder]).status).toBe(0);
    const study = await assembleStudy(await filesOf(join(folder, "PATIENT_DICOM")), { name: "ircadb01_17" });
    expect(Object.keys(study.phases)).toEqual(["nephrographic"]);
    const { sliceCount, confidence, volume, header, evidence } = study.phases.nephrographic!;
    expect(header?.series.description).toBeUndefined();
    expect(sliceCount).toBe(119);
    expect(volume.size).toEqual([512, 512, 119]);
    expect(confidence).toBeGreaterThan(0.8);
    // The mean over the drawn artery (MASKS_DICOM/artery), by pydicom: 148.6 HU.
    const aorta = Number(/aorta (\d+) HU/.exec(evidence.join())?.[1]);
    expect(Math.abs(aorta - 148.6)).toBeLessThan(5);
    expect(study.warnings).toEqual([]);
  });

  test("TotalSegmentator's series, 96 s after the contrast medium: one CT, nephrographic by clock and aorta", async () => {
    const files = await filesOf(join(data, "totalsegmentator/example_ct_dicom"));
    const { candidates } = await candidatesOf(files);
    expect(candidates).toHaveLength(1);
    const { volume } = await readVolume(candidates[0].stack, "example");
    const choice = choosePhases([{ facts: candidates[0].facts, picture: readPicture(volume) }]);
    expect(Object.keys(choice.phases)).toEqual(["nephrographic"]);
    expect(choice.phases.nephrographic?.evidence.join()).toMatch(/96 s after.*aorta 1\d\d HU/);
  });
});
