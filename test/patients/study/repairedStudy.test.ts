import { expect, test } from "vitest";
import { connectedComponents, voxelVolumeMl } from "../../../src/numerics/volume/index.ts";
import { assembleStudy } from "../../../src/patients/study/assemble.ts";
import { paintedPatient, seriesUid, studyFiles } from "./studyFiles.ts";

const painted = paintedPatient(2);
const name = "study";
const [nx, ny, nz] = painted.mask.size;
const tumorOn = (k: number) => painted.mask.data.subarray(k * nx * ny, (k + 1) * nx * ny).includes(2);
const planes = Array.from({ length: nz }, (_, k) => k).filter(tumorOn);
const gone = [planes[Math.floor(planes.length / 3)], planes[Math.floor((2 * planes.length) / 3)]];
const places = gone.map((k) => k + 1).join(", ");

const holed = {
  ...painted.mask,
  data: painted.mask.data.map((label, v) => (gone.includes(Math.floor(v / (nx * ny))) ? 0 : label)),
};

/** The study without those slices of the phase the mask lies on, and the mask without its frames there. */
test("a study whose reference lacks two slices: its mask is whole and says what was done", async () => {
  const files = await studyFiles({ ...painted, mask: holed });
  const isGone = ({ header, planes: [plane] = [] }: (typeof files)[number]) =>
    header?.series.uid === seriesUid("nephrographic") &&
    gone.some(
      (k) => Math.abs(plane!.position[2] - (painted.mask.origin[2] + k * painted.mask.spacing[2])) < 0.1,
    );
  const left = files.filter((file) => !isGone(file));
  expect(files.length - left.length).toBe(2);
  const study = await assembleStudy(left, { name, align: false });
  expect(study.reference).toBe("nephrographic");
  const { volume, remarks } = study.mask!;
  const tumor = volume.data.map((label) => (label === 2 ? 1 : 0));
  const truth = painted.mask.data.reduce((sum, label) => sum + (label === 2 ? 1 : 0), 0);
  const ml = tumor.reduce((a, b) => a + b, 0) * voxelVolumeMl(volume);
  expect(Math.abs(ml / (truth * voxelVolumeMl(painted.mask)) - 1)).toBeLessThan(0.03);
  expect(connectedComponents(tumor, volume.size).sizes.length).toBe(1);
  const said = remarks.find(({ text }) => text.includes("interpolated between its neighbours"));
  expect(said?.text).toContain(`2 slices without images of their own (${places} of ${nz})`);
  expect(study.warnings).toContainEqual(said);
});
