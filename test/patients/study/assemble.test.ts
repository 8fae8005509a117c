import { expect, test } from "vitest";
import { type DicomFile, readHeaders, uid } from "../../../src/imaging/formats/dicom/index.ts";
import { phases } from "../../../src/patients/cohort/case.ts";
import { assembleStudy } from "../../../src/patients/study/assemble.ts";
import type { Outline } from "../../../src/patients/study/assembled.ts";
import { otherRemark } from "../../../src/patients/study/remark.ts";
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

test("a study without a mask is outlined on its nephrographic phase; one with a mask is not", async () => {
  const asked: [phase: string, hu: number][] = [];
  const outline: Outline = async (image, phase) => {
    asked.push([phase, image.data[1234]]);
    return { volume: painted.mask, source: "outlined by a program", remarks: [otherRemark("by a test")] };
  };
  const all = await studyFiles(painted);
  const of = (...kept: (string | undefined)[]) =>
    all.filter(({ header }) => kept.includes(header?.series.uid));
  const named = { nephrographic: seriesUid("nephrographic"), excretory: seriesUid("excretory") };
  const { nephrographic } = named;
  const options = { name, outline, align: false };
  const plain = await assembleStudy(of(...Object.values(named)), { ...options, phases: named });
  expect(asked).toEqual([["nephrographic", painted.phases.nephrographic.data[1234]]]);
  expect([plain.reference, plain.mask?.source]).toEqual(["nephrographic", "outlined by a program"]);
  expect(plain.warnings.map(({ text }) => text)).toContain("by a test");
  const one = { ...options, phases: { nephrographic } };
  const drawn = await assembleStudy(of(nephrographic, uid("mask P1")), one);
  expect(drawn.mask?.source).toBe("segmentation");
  expect(asked).toHaveLength(1);
});

test("the user's word goes over the picture; a missing slice of any phase is told", async () => {
  const all = await studyFiles(painted);
  const arterial = all.filter(({ header }) => header?.series.uid === seriesUid("corticomedullary"));
  const inside = arterial.find(({ header }) => header?.instanceNumber === Math.floor(arterial.length / 2));
  const files = all.filter((file) => file !== inside);
  const study = await assembleStudy(files, {
    name,
    align: false,
    phases: { nephrographic: seriesUid("excretory") },
  });
  const { phases: found } = study;
  expect(found.nephrographic?.header?.series.uid).toBe(seriesUid("excretory"));
  expect(found.nephrographic?.confidence).toBeUndefined();
  expect(found.corticomedullary?.header?.series.uid).toBe(seriesUid("corticomedullary"));
  const warnings = study.warnings.map(({ text }) => text);
  expect(warnings.join()).not.toMatch(seriesUid("excretory"));
  expect(warnings.filter((line) => line.includes("slices missing between"))).toEqual([
    expect.stringMatching(/^\d+ CT: uneven slices .* mm; slices missing between z .* mm and z .* mm$/),
  ]);
});

test("a series may be an image of another name, and is then no contrast phase", async () => {
  const files = await studyFiles(painted);
  const { phases: found } = await assembleStudy(files, {
    name,
    align: false,
    phases: { image: seriesUid("excretory") },
  });
  expect(Object.keys(found)).toEqual(["corticomedullary", "nephrographic", "image"]);
  expect(found.image).toMatchObject({ phase: "image", evidence: [] });
  expect(found.image?.header?.series.uid).toBe(seriesUid("excretory"));
});

test("a doubt about a series goes where the user names that series, and only there", async () => {
  const files = await studyFiles(painted, { descriptions: { nephrographic: "art", excretory: "ar" } });
  const doubted = async (phases?: { corticomedullary: string }) => {
    const { warnings } = await assembleStudy(files, { name, align: false, phases });
    return warnings.filter(({ about }) => about === "doubtful phase").map(({ text }) => text);
  };
  const before = await doubted();
  expect(before.join("\n")).toMatch("series 6 art ");
  expect((await doubted({ corticomedullary: "art" })).join("\n")).not.toMatch("series 6 art ");
});

test("a series that is not there is E_PHASE with the list of those that are; two patients are E_COHORT", async () => {
  const files = await studyFiles(painted, { descriptions: { nephrographic: "ven", excretory: "late" } });
  const wrong = assembleStudy(files, { name, phases: { excretory: "99" } });
  await expect(wrong).rejects.toMatchObject({ code: "E_PHASE", hint: expect.stringContaining("6 ven") });
  const other = await studyFiles(painted, { patient: "P2" });
  await expect(assembleStudy([...files, ...other], { name })).rejects.toMatchObject({ code: "E_COHORT" });
});

test("a slice whose numbers cannot be read is left out and said; commas in another phase are said too", async () => {
  const files = await studyFiles(painted);
  const rewritten = async (file: DicomFile, from: string, to: string) => {
    const bytes = Buffer.from(await file.source.whole());
    bytes.write(to, bytes.indexOf(Buffer.from(from, "latin1")), "latin1");
    const source = {
      ...file.source,
      whole: async () => bytes,
      start: async (n: number) => bytes.subarray(0, n),
    };
    return (await readHeaders([source]))[0];
  };
  const slope = "(\0\x53\x10DS\x02\x001 ";
  const ct = files.findIndex(({ header }) => header?.series.uid === seriesUid("nephrographic"));
  const late = files.findIndex(({ header }) => header?.series.uid === seriesUid("excretory"));
  const broken = await Promise.all(
    files.map((file, n) =>
      n === ct || n === late ? rewritten(file, slope, slope.replace("1 ", n === ct ? "1x" : "1,")) : file,
    ),
  );
  expect(broken[ct].error?.message).toMatch(/Rescale Slope \(0028,1053\) is no number: "1x"$/);
  const { warnings: said, leftOut } = await assembleStudy(broken, { name, align: false });
  const warnings = said.map(({ text }) => text);
  expect(warnings).toContainEqual(
    `1 file could not be read and left out; the first: ${broken[ct].error?.line}`,
  );
  expect(warnings.join("\n")).toMatch(
    /CT: commas in Rescale Slope \(0028,1053\) read as decimal points \(1 of \d+ files\)/,
  );
  expect(leftOut[0].reason).toContain('Rescale Slope (0028,1053) is no number: "1x"');
});

test("no CT at all is E_PHASE", async () => {
  const files = await studyFiles(painted);
  const masks = files.filter(({ header }) => header?.modality === "SEG");
  await expect(assembleStudy(masks, { name })).rejects.toMatchObject({ code: "E_PHASE" });
});
