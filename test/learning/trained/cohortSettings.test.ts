import { expect, test } from "vitest";
import { mustMeasureKidneys, withCohort } from "../../../src/learning/trained/cohortSettings.ts";
import { parseTrainSettings } from "../../../src/learning/trained/settings.ts";

const parsed = (written: object, cohort: Parameters<typeof withCohort>[1]) => {
  const { crop, features } = parseTrainSettings({
    tasks: ["stage"],
    center: "A",
    ...withCohort({ ...written }, cohort),
  });
  return {
    features,
    center: crop.center,
    masks: crop.maskChannels,
    phases: crop.phases,
    window: crop.window,
  };
};

test("a cohort of kidneys in three phases changes nothing", () => {
  expect(withCohort({ epochs: 3 }, {})).toEqual({ epochs: 3 });
});

test("where nothing is said, the images decide", () => {
  expect(parsed({}, { masks: "tumor", phases: ["ct"] })).toMatchObject({
    ...{ features: "learnt", center: "tumor", masks: true, phases: ["ct"] },
  });
  expect(parsed({}, { masks: "none", phases: ["image"], intensities: [0, 255] })).toEqual({
    ...{ features: "learnt", center: "image", masks: false, phases: ["image"], window: [0, 255] },
  });
});

test("what is said counts, and is refused where a kidney would be measured", () => {
  const cohort = { masks: "tumor" } as const;
  expect(parsed({ features: "both", crop: { center: "kidney" } }, cohort)).toMatchObject({
    features: "both",
    center: "kidney",
  });
  expect(() => mustMeasureKidneys({ features: "both" }, cohort)).toThrow(
    expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining("no kidney to measure on") }),
  );
  mustMeasureKidneys({ features: "both" }, {});
  mustMeasureKidneys({ features: "learnt" }, cohort);
});
