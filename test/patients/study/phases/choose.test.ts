import { existsSync } from "node:fs";
import { assert, constantFrom, property, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { affectedKidney } from "../../../../src/imaging/nephrometry/index.ts";
import { phases } from "../../../../src/patients/cohort/case.ts";
import { choosePhases } from "../../../../src/patients/study/phases/choose.ts";
import { probabilities } from "../../../../src/patients/study/phases/contrastPhase.ts";
import type { SeriesFacts } from "../../../../src/patients/study/phases/evidence/facts.ts";
import { pictureEvidence } from "../../../../src/patients/study/phases/evidence/pictureEvidence.ts";
import {
  delayLikelihoods,
  timeEvidence,
} from "../../../../src/patients/study/phases/evidence/timeEvidence.ts";
import type { Candidate } from "../../../../src/patients/study/phases/guess.ts";
import { readPicture } from "../../../../src/patients/study/phases/picture/picture.ts";
import { paint } from "../../../../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";

const facts = (name: string, more: Partial<SeriesFacts> = {}): SeriesFacts => ({
  name,
  description: undefined,
  protocol: undefined,
  kernel: undefined,
  contrastAgent: undefined,
  acquisitionTime: undefined,
  contrastStartTime: undefined,
  number: undefined,
  sliceSpacing: 2,
  coverageMm: 300,
  ...more,
});

const start = 10 * 3600;
const study: Candidate[] = [
  { facts: facts("plain", { description: "nativ", acquisitionTime: start - 60 }) },
  { facts: facts("art", { description: "art", acquisitionTime: start + 35 }) },
  { facts: facts("ven thick", { description: "ven", acquisitionTime: start + 90, sliceSpacing: 6 }) },
  { facts: facts("ven", { description: "ven", acquisitionTime: start + 90 }) },
  { facts: facts("ven bone", { description: "ven", acquisitionTime: start + 90, kernel: "B70f" }) },
  { facts: facts("late", { description: "late", acquisitionTime: start + 420 }) },
];
const names = (candidates: readonly Candidate[]) => {
  const { phases: chosen } = choosePhases(candidates);
  return phases.map((phase) => chosen[phase] && candidates[chosen[phase].index].facts.name);
};

test("each phase from its description, thin and soft preferred; all else is left out with a reason", () => {
  expect(names(study)).toEqual(["art", "ven", "late"]);
  const { leftOut, warnings } = choosePhases(study);
  expect(leftOut.map(({ index }) => study[index].facts.name)).toEqual(["plain", "ven thick", "ven bone"]);
  expect(leftOut[0].reason).toMatch(/^unenhanced/);
  expect(leftOut[1].reason).toMatch(/another series serves better/);
  expect(warnings).toEqual([]);
});

test("the order of the series does not matter", () => {
  assert(
    property(shuffledSubarray(study, { minLength: study.length }), (shuffled) => {
      expect(names(shuffled)).toEqual(["art", "ven", "late"]);
    }),
  );
});

test("without words the delay after the injection decides, over midnight too", () => {
  const midnight = 86_400 - 20;
  const timed = [40, 95, 430].map((delay, n) => ({
    facts: facts(`series ${n}`, {
      acquisitionTime: (midnight + delay) % 86_400,
      contrastStartTime: midnight,
    }),
  }));
  expect(names(timed)).toEqual(["series 0", "series 1", "series 2"]);
  expect(timeEvidence(timed.map(({ facts: own }) => own))[2][0].text).toMatch(
    /^scanned 430 s after the contrast medium/,
  );
});

test("two reconstructions of one scan are not two phases", () => {
  const twice = [1, 2].map((n) => ({
    facts: facts(`reconstruction ${n}`, { acquisitionTime: start + 60, contrastStartTime: start }),
  }));
  expect(names(twice).filter(Boolean)).toHaveLength(1);
});

test("a description against the clock is warned of", () => {
  const { warnings } = choosePhases([
    {
      facts: facts("1", { description: "arterial", acquisitionTime: start + 600, contrastStartTime: start }),
    },
  ]);
  expect(warnings).toEqual([
    {
      about: "doubtful phase",
      index: 0,
      text: expect.stringMatching(/though its (description|time) says/),
    },
  ]);
});

test("delays: each phase is likeliest at its own", () => {
  assert(
    property(constantFrom([35, 1], [100, 2], [480, 3], [0, 0]), ([seconds, expected]) => {
      const l = Object.values(delayLikelihoods(seconds));
      expect(l.indexOf(Math.max(...l))).toBe(expected);
    }),
  );
});

test("painted phases (simulated) are told apart by the picture alone, mask given", () => {
  const none = { perirenal: false, sinus: false, vein: false };
  for (const [seed, sizeMm] of [
    [1, 30],
    [2, 60],
  ]) {
    const { mask } = phantom({ sizeMm, side: "left", invasion: none }, seed, { spacing: 2 });
    const painted = paint(mask, { histology: "papillary", necrosis: false }, centerStyle("A", 1), seed, {
      spacing: 2,
    });
    const kidney = affectedKidney(painted.mask).mask;
    const candidates = [...phases].reverse().map((phase) => ({
      facts: facts(`series of seed ${seed} ${Math.sin(phase.length)}`),
      picture: readPicture(painted.phases[phase], kidney),
    }));
    const { phases: chosen } = choosePhases(candidates);
    expect(phases.map((phase) => chosen[phase]?.index)).toEqual([2, 1, 0]);
  }
});

const ct = new URL("../../../../../shared/data/ct/totalsegmentator/example_ct.nii.gz", import.meta.url)
  .pathname;
describe.skipIf(!existsSync(ct))("on a real CT (../shared/data)", () => {
  test("one without contrast medium is unenhanced, and no phase of the model", async () => {
    const picture = readPicture(await readNifti(ct));
    const p = probabilities(pictureEvidence(picture));
    expect(p.unenhanced).toBeGreaterThan(0.6);
    const { phases: chosen, leftOut } = choosePhases([{ facts: facts("one"), picture }]);
    for (const choice of Object.values(chosen)) expect(choice.confidence).toBeLessThan(0.3);
    expect(leftOut.every(({ reason }) => reason.startsWith("unenhanced"))).toBe(true);
  });
});
