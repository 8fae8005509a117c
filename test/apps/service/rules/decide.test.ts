import { describe, expect, test } from "vitest";
import { decide, type SeriesFacts, type StudyFacts } from "../../../../src/apps/service/rules/decide.ts";
import { rulesFile } from "../../../../src/apps/service/rules/rulesFile.ts";

const rules = (...own: object[]) =>
  rulesFile.parse({
    format: "trinephron-rules/1",
    rules: own.map((rule, n) => ({ name: `rule ${n}`, ...rule })),
  }).rules;
const series: SeriesFacts = {
  modality: "CT",
  bodyPart: "ABDOMEN",
  description: "Nierenzyste venös",
  protocol: "CT Abdomen/Renal 3 phases",
  sender: "SCANNER1",
  origins: ["C-STORE"],
  images: 200,
};
const scout: SeriesFacts = { ...series, description: "Topogram", protocol: "", images: 2, bodyPart: "CHEST" };
const study: StudyFacts = { description: "Staging (adrenal)", age: 61, series: [scout, series] };
const isFor = (when: object, of = study) => decide(rules({ when }), of).read;

test("without rules every study is read, by the service's own model, for all destinations", () => {
  expect(decide(undefined, study)).toEqual({
    read: true,
    rule: undefined,
    model: undefined,
    phases: [],
    destinations: undefined,
  });
});

test("the first rule that fits decides", () => {
  const own = rules(
    { when: { modality: ["MR"] }, ignore: "no CT" },
    { when: { age: { to: 17 } }, ignore: "a child" },
    { when: { images: { from: 100 } }, model: "a", phases: ["nephrographic"], destinations: ["pacs"] },
    { model: "b" },
  );
  expect(decide(own, study)).toEqual({
    read: true,
    rule: "rule 2",
    model: "a",
    phases: ["nephrographic"],
    destinations: ["pacs"],
  });
  expect(decide(own, { ...study, series: [scout] })).toMatchObject({ rule: "rule 3", model: "b" });
  expect(decide(own, { ...study, age: 12 })).toEqual({ read: false, reason: 'a child (rule "rule 1")' });
});

test("a study that none fits is not read", () => {
  for (const own of [[], rules({ when: { modality: ["MR"] } })])
    expect(decide(own, study)).toEqual({ read: false, reason: "no rule wants it" });
});

describe("a condition", () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{ modality: ["ct"] }, true],
    [{ modality: ["MR", "PT"] }, false],
    [{ bodyPart: ["Abdomen"] }, true],
    [{ description: ["niere"] }, true],
    [{ description: ["zyste"] }, false],
    [{ description: ["renal"] }, true],
    [{ description: ["VENO\u0308S"] }, true],
    [{ description: ["staging"] }, true],
    [{ description: ["(adrenal)"] }, true],
    [{ description: ["adrenal scan"] }, false],
    [{ sender: ["SCANNER1"] }, true],
    [{ sender: ["SCANNER2"] }, false],
    [{ origin: ["C-STORE", "folder"] }, true],
    [{ origin: ["folder"] }, false],
    [{ images: { from: 200, to: 200 } }, true],
    [{ images: { from: 201 } }, false],
    [{ age: { from: 61 } }, true],
    [{ age: { to: 60 } }, false],
    // One series has to fulfil all of it: the scout is of the chest, and has two images.
    [{ bodyPart: ["CHEST"], images: { to: 2 } }, true],
    [{ bodyPart: ["CHEST"], images: { from: 100 } }, false],
  ])("%j: %s", (when, fits) => {
    expect(isFor(when)).toBe(fits);
  });

  test("of age does not fit where the age is not known, nor one of series where there is none", () => {
    expect(isFor({ age: { from: 0 } }, { ...study, age: undefined })).toBe(false);
    expect(isFor({ modality: ["CT"] }, { ...study, series: [] })).toBe(false);
  });

  test("a word that is part of a longer one before it begins one itself counts", () => {
    const described = { ...study, description: "adrenal renal", series: [] };
    expect(isFor({ description: ["renal"] }, { ...described, series: [scout] })).toBe(true);
  });
});

test.each<[string, object]>([
  ["that ignores and reads", { ignore: "no", model: "a" }],
  ["of an unknown condition", { when: { modalty: ["CT"] } }],
  ["for no modality at all", { when: { modality: [] } }],
  ["of a range that is none", { when: { age: { from: 2, to: 1 } } }],
  ["of a phase that is none", { phases: ["late"] }],
  ["of a way that is none", { when: { origin: ["mail"] } }],
])("a rule %s is refused", (_, rule) => {
  expect(() => rules(rule)).toThrow();
});

test("two rules have two names", () => {
  expect(() => rules({ name: "a" }, { name: "a" })).toThrow();
});
