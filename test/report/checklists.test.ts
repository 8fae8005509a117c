import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Results } from "../../src/evidence/validate/results.ts";
import { answer, type Guideline, type Status } from "../../src/report/checklists/checklist.ts";
import { claim } from "../../src/report/checklists/claim.ts";
import { tripodAi } from "../../src/report/checklists/tripodAi.ts";
import { type Places, placesOf } from "../../src/report/places.ts";
import { renderReport } from "../../src/report/report.ts";
import { sections } from "../../src/report/sections/sections.ts";
import { drawnResults } from "./fixture.ts";

const titled = { title: "Deep learning of kidney tumour histology and stage: external validation" };
const drawn = drawnResults();
const full: Results = { ...drawn, study: { ...drawn.study, ...titled } };
const bare: Results = {
  ...drawn,
  software: "",
  study: { ...drawn.study, title: "A study", sources: ["real"], stageLabel: "", notes: [] },
  ...{ flow: [], table1: { centers: [], rows: [] }, auc: [], comparisons: [], roc: [], operating: [] },
  ...{ decision: [], calibration: [], readers: [], efficiency: null, gates: [], training: [], cards: [] },
  ...{ examples: [], readerAnalyses: { againstMtdl: [], aid: [], agreement: [] } },
};

const placesIn = (results: Results): Places =>
  new Map([
    ["title", { id: "title", label: "Title" }],
    ["summary", { id: "summary", label: "Summary" }],
    ...placesOf(sections(results)),
  ]);

const statuses = ({ items }: Guideline, results: Results): Map<string, Status> => {
  const places = placesIn(results);
  return new Map(items.map((item) => [item.number, answer(item, results, places).status]));
};
const numbersOf = (found: Map<string, Status>, status: Status) =>
  [...found].flatMap(([number, s]) => (s === status ? number : []));

/** What no results can hold: a human must write it whatever was computed. */
const human = {
  claim: ["5", "11", "15", "16", "17", "18", "21", "30", "34", "41", "42", "44"],
  tripod: [
    ...["3a", "3c", "5b", "6c", "8b", "8c", "9c", "10", "12d", "14", "17", "18a", "18b", "18c", "18d"],
    ...["18e", "19", "23b", "25", "27c"],
  ],
};
/** What the software itself guarantees, so that every report may say it. */
const always = { claim: ["20", "27"], tripod: ["12f", "24"] };
/** Intended use and the models' limits stand in every model card. */
const everyCard = { claim: ["3"], tripod: ["3b"] };

describe("items", () => {
  test("CLAIM 2024 has 44, numbered without gaps", () => {
    expect(claim.items.map(({ number }) => number)).toEqual(
      Array.from({ length: 44 }, (_, i) => String(i + 1)),
    );
  });

  // Collins et al. 2024, table 1: parts of each main item.
  test("TRIPOD+AI has 27 main items, 52 with their parts, in order", () => {
    const parts: Record<number, number> = { 3: 3, 5: 2, 6: 3, 8: 3, 9: 3, 12: 7, 18: 6, 20: 3, 23: 2, 27: 3 };
    const expected = Array.from({ length: 27 }, (_, i) => i + 1).flatMap((n) =>
      parts[n] ? Array.from({ length: parts[n] }, (_, p) => `${n}${"abcdefg"[p]}`) : [String(n)],
    );
    expect(expected).toHaveLength(52);
    expect(tripodAi.items.map(({ number }) => number)).toEqual(expected);
  });

  test.each([claim, tripodAi])("$name cites its paper", ({ citation }) => {
    expect(citation).toMatch(/2024;.*doi 10\.11/);
  });
});

describe.each([
  ["claim", claim, human.claim, always.claim, everyCard.claim],
  ["tripod-ai", tripodAi, human.tripod, always.tripod, everyCard.tripod],
] as const)("%s", (id, guideline, byHumans, ofSoftware, ofCard) => {
  test("of results that hold all, only what no results can hold is to be added", () => {
    expect(numbersOf(statuses(guideline, full), "to be added")).toEqual(byHumans);
  });

  test("of results that hold nothing, only what the software guarantees is answered", () => {
    const found = statuses(guideline, bare);
    expect(numbersOf(found, "answered")).toEqual(ofSoftware);
    expect(numbersOf(found, "in part")).toEqual(ofCard);
  });

  test("every answer leads to a place that is there, every gap says what to add", () => {
    for (const results of [full, bare]) {
      const { document } = parseHTML(renderReport(results));
      const rows = [...document.querySelectorAll(`#${id} tbody tr`)].filter((tr) => tr.querySelector("td"));
      expect(rows).toHaveLength(guideline.items.length);
      for (const row of rows) {
        const links = [...row.querySelectorAll("a")];
        for (const link of links) {
          const target = document.getElementById((link.getAttribute("href") ?? "").slice(1));
          expect(target).not.toBeNull();
          const caption = target?.querySelector("figcaption b")?.textContent;
          if (caption) expect(caption).toBe(`${link.textContent}.`);
        }
        const text = row.textContent ?? "";
        if (links.length === 0) expect(text).toMatch(/To be added by the authors: \S/);
        else expect(text).toMatch(/(Answered|In part): /);
        if (text.includes("Answered:")) expect(text).not.toContain("To be added");
      }
    }
  });
});

/** Taking one part of the results away takes its answers away, and no others. */
describe("an answer rests on its part of the results alone", () => {
  const lost = (guideline: Guideline, change: Partial<Results>) => {
    const before = statuses(guideline, full);
    const after = statuses(guideline, { ...full, ...change });
    return [...before].flatMap(([number, status]) => (after.get(number) === status ? [] : number));
  };

  test.each<[string, Partial<Results>, string[], string[]]>([
    [
      "models' configuration",
      { cards: [] },
      ["9", "10", "13", "19", "22", "24", "25"],
      ["7", "9a", "9b", "12a", "12b", "12c", "12g", "13", "22", "27a", "27b"],
    ],
    ["flow", { flow: [] }, ["8", "35"], ["6b", "20a"]],
    ["calibration", { calibration: [] }, [], ["12e"]],
    ["operating points", { operating: [] }, ["38"], ["15"]],
    ["comparisons", { comparisons: [] }, ["6", "29"], ["23a"]],
    ["gates", { gates: [] }, ["31"], []],
    ["title", { study: { ...full.study, title: "Kidneys" } }, ["1"], ["1"]],
    [
      "cases by centre",
      { table1: { centers: [], rows: [] } },
      ["7", "12", "19", "36"],
      ["5a", "6a", "11", "12a", "16", "20b", "20c"],
    ],
  ])("%s", (_, change, fromClaim, fromTripod) => {
    expect(lost(claim, change)).toEqual(fromClaim);
    expect(lost(tripodAi, change)).toEqual(fromTripod);
  });

  test("failures count where an example is answered wrongly", () => {
    const right = drawn.examples.map((e) => ({
      ...e,
      answers: e.answers.map((a) => ({ ...a, probability: a.label === 1 ? 0.9 : 0.1 })),
    }));
    const wrong = right.map((e, i) => ({
      ...e,
      answers: e.answers.map((a) => (i === 0 ? { ...a, probability: a.label === 1 ? 0.1 : 0.9 } : a)),
    }));
    expect(statuses(claim, { ...full, examples: right }).get("39")).toBe("to be added");
    expect(statuses(claim, { ...full, examples: wrong }).get("39")).toBe("in part");
  });

  test("missing labels count where none is missing, or where their number is told, in whatever words", () => {
    const fewer = full.auc.map((row) => ({ ...row, n: row.n - 3 }));
    expect(statuses(claim, full).get("12")).toBe("in part");
    expect(statuses(claim, { ...full, auc: fewer }).get("12")).toBe("to be added");
    const noted = { ...full, auc: fewer, study: { ...full.study, notes: ["without a label left out"] } };
    expect(statuses(claim, noted).get("12")).toBe("to be added");
    const told = { ...full, auc: fewer, unlabeled: [{ task: "stage" as const, n: 3 }] };
    expect(statuses(claim, told).get("12")).toBe("in part");
  });
});
