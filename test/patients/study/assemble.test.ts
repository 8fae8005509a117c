import { expect, test } from "vitest";
import { phases } from "../../../src/patients/cohort/case.ts";
import { assembleStudy } from "../../../src/patients/study/assemble.ts";
import { paintedPatient, seriesUid, studyFiles } from "./studyFiles.ts";

const painted = paintedPatient(2);
const name = "study";

test("a shuffled study without descriptions comes back: right phases, aligned to 0.5 mm", async () => {
  const shifts = { corticomedullary: [12, -9, 13], excretory: [-8, 17, -6] } as const;
  const files = await studyFiles(painted, { shifts });
  const { phases: found, reference, mask, leftOut } = await assembleStudy(files, { name });
  expect(phases.map((phase) => found[phase]?.header?.series.uid)).toEqual(phases.map((p) => seriesUid(p)));
  expect(reference).toBe("nephrographic");
  for (const phase of ["corticomedullary", "excretory"] as const) {
    const { translationMm, used, rotationDegrees } = found[phase]!.alignment!;
    expect(used).toBe(true);
    expect(Math.hypot(...translationMm.map((mm, a) => mm - shifts[phase][a]))).toBeLessThan(0.5);
    expect(rotationDegrees).toBeLessThan(0.5);
  }
  expect(mask?.source).toBe("segmentation");
  expect(Buffer.from(mask!.volume.data).equals(Buffer.from(painted.mask.data))).toBe(true);
  expect(leftOut).toEqual([]);
});

test("the user's word goes over the picture; a missing slice of any phase is told", async () => {
  const all = await studyFiles(painted);
  const arterial = all.filter(({ header }) => header?.series.uid === seriesUid("corticomedullary"));
  const inside = arterial.find(({ header }) => header?.instanceNumber === Math.floor(arterial.length / 2));
  const files = all.filter((file) => file !== inside);
  const { phases: found, warnings } = await assembleStudy(files, {
    name,
    align: false,
    phases: { nephrographic: seriesUid("excretory") },
  });
  expect(found.nephrographic?.header?.series.uid).toBe(seriesUid("excretory"));
  expect(found.nephrographic?.confidence).toBeUndefined();
  expect(found.corticomedullary?.header?.series.uid).toBe(seriesUid("corticomedullary"));
  expect(warnings.join()).not.toMatch(seriesUid("excretory"));
  expect(warnings.filter((line) => line.includes("slices missing between"))).toEqual([
    expect.stringMatching(/^\d+ CT: uneven slices .* mm; slices missing between z .* mm and z .* mm$/),
  ]);
});

test("a series that is not there is E_PHASE with the list of those that are; two patients are E_COHORT", async () => {
  const files = await studyFiles(painted, { descriptions: { nephrographic: "ven", excretory: "late" } });
  const wrong = assembleStudy(files, { name, phases: { excretory: "99" } });
  await expect(wrong).rejects.toMatchObject({ code: "E_PHASE", hint: expect.stringContaining("6 ven") });
  const other = await studyFiles(painted, { patient: "P2" });
  await expect(assembleStudy([...files, ...other], { name })).rejects.toMatchObject({ code: "E_COHORT" });
});

test("no CT at all is E_PHASE", async () => {
  const files = await studyFiles(painted);
  const masks = files.filter(({ header }) => header?.modality === "SEG");
  await expect(assembleStudy(masks, { name })).rejects.toMatchObject({ code: "E_PHASE" });
});
