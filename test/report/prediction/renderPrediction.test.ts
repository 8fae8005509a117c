import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { researchUse } from "../../../src/evidence/predict/prediction.ts";
import { definitions } from "../../../src/patients/cohort/tasks.ts";
import { tumorCenter } from "../../../src/report/prediction/pictures/slice.ts";
import { renderPrediction } from "../../../src/report/prediction/renderPrediction.ts";
import { fullPrediction, minimalPrediction } from "../../evidence/predict/aPrediction.ts";
import { longPrediction, paintedPictures } from "./fixture.ts";

const pictures = await paintedPictures();
const lacking = { ...(await paintedPictures(["excretory"])), maps: {} };
const pages = {
  long: renderPrediction(longPrediction, pictures),
  "lacking a phase and maps": renderPrediction(fullPrediction, lacking),
  minimal: renderPrediction(minimalPrediction, lacking),
};
const documentOf = (page: string) => parseHTML(page).document;
const textOf = (page: string) => documentOf(page).body.textContent.replaceAll("\u00a0", " ");

describe.each(Object.entries(pages))("%s", (_, page) => {
  const document = documentOf(page);
  test("needs nothing from outside and runs nothing", () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|\son\w+=/i);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(([, a, b]) => a ?? b);
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((address) => !address.startsWith("data:image/png;base64,"))).toEqual([]);
  });
  test("says what it may be used for, in the words of every output", () => {
    expect(document.querySelector(".banner")?.textContent).toContain(researchUse);
  });
  test("headings descend one level at a time, from one h1", () => {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map(({ tagName }) => Number(tagName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, n) => expect(level).toBeLessThanOrEqual((levels[n - 1] ?? 0) + 1));
  });
  test("every picture has a text, every id is one of its kind", () => {
    for (const picture of document.querySelectorAll("img")) expect(picture.getAttribute("alt")).toMatch(/\w/);
    for (const picture of document.querySelectorAll("svg:not([aria-hidden])"))
      expect(picture.getAttribute("aria-label")).toMatch(/\w/);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const section of document.querySelectorAll("[aria-labelledby]"))
      expect(ids).toContain(section.getAttribute("aria-labelledby"));
  });
});

test("who, when and by what", () => {
  const text = textOf(pages.long);
  expect(documentOf(pages.long).querySelector("h1")?.textContent).toContain(
    "Prof. Dr. Annemarie Katharina Freifrau von Müller-Lüdenscheidt",
  );
  for (const part of [
    "64 years",
    "born 31 December 1956",
    "Study of 4 October 2026",
    "SHA-256 9f86d081884c…",
  ])
    expect(text).toContain(part);
  expect(documentOf(pages.minimal).querySelector("h1")?.textContent).toBe("Study without a patient’s name");
});

test("each answer: decision, probability and threshold on the scale, AUC, reasons by direction", () => {
  const cards = [...documentOf(pages.long).querySelectorAll(".card")];
  expect(cards).toHaveLength(3);
  const [histology, stage] = cards;
  expect(histology.querySelector(".decision")?.textContent).toBe("Clear cell RCC");
  expect(stage.querySelector(".decision")?.textContent).toMatch(/borderline/);
  expect(histology.querySelector(".scale")?.getAttribute("aria-label")).toBe(
    "Probability of clear cell RCC 87.1 % on a scale from 0 to 100 %; threshold 62.3 %: below it other malignant histology.",
  );
  expect(histology.querySelector(".dot")?.getAttribute("style")).toBe("left:87.1%");
  expect(histology.querySelector(".tick")?.getAttribute("style")).toBe("left:62.3%");
  expect(histology.textContent).toContain("AUC on validation cases 0.86");
  const [up, down] = [...histology.querySelectorAll(".reasons tbody")].map(({ textContent }) => textContent);
  expect(up).toMatch(/▲ towards clear cell RCC.*corticomedullary 182 HU\+0\.84/s);
  expect(up).toContain("What the network learnt from the images+0.33");
  expect(down).toMatch(/▼ away from clear cell RCC.*All other measurements−0\.12/s);
});

describe("R.E.N.A.L. beside the predicted complexity", () => {
  const { complexity } = definitions;
  const said = (measured: "low" | "moderate" | "high", decision: string) => {
    const { nephrometry, answers } = fullPrediction;
    const prediction = {
      ...fullPrediction,
      nephrometry: { ...nephrometry, renal: { ...nephrometry.renal, complexity: measured } },
      answers: answers.map((answer) => (answer.task === "complexity" ? { ...answer, decision } : answer)),
    };
    return documentOf(renderPrediction(prediction, lacking)).querySelector(".agreement")?.textContent;
  };
  test.each([
    ["low", complexity.negative.words, /^✓ Agree/],
    ["moderate", complexity.negative.words, /^✓ Agree/],
    ["high", complexity.positive.words, /^✓ Agree/],
    ["high", complexity.negative.words, /^✗ Disagree/],
    ["moderate", complexity.positive.words, /^✗ Disagree/],
  ] as const)("measured %s, predicted %s", (measured, decision, pattern) => {
    expect(said(measured, decision)).toMatch(pattern);
  });
});

test("a missing phase is an empty frame, and says so in the table", () => {
  const document = documentOf(pages["lacking a phase and maps"]);
  expect([...document.querySelectorAll(".missing")].map(({ textContent }) => textContent)).toEqual([
    "not scanned",
    "not scanned",
  ]);
  expect(document.querySelectorAll(".pictures .frame svg")).toHaveLength(4);
  expect(document.querySelector(".phases")?.textContent).toMatch(/excretory.*not scanned/s);
});

test("a map a task and kind, on its strongest slice; none where they were not asked for", () => {
  const captions = [...documentOf(pages.long).querySelectorAll(".explanations figcaption")].map(
    ({ textContent }) => textContent,
  );
  expect(captions).toHaveLength(6);
  // The fixture's first map is strongest on slice 20, of 160 / 48 mm.
  const { crop, settings } = pictures;
  const [, , center] = tumorCenter(crop.mask.subarray(settings.voxels ** 3), settings.voxels);
  const above = (20.5 / 48 - (center + 0.5) / settings.voxels) * 160;
  expect(above).toBeGreaterThan(0);
  expect(captions[0]).toBe(`Histology, ${Math.round(above)} mm above`);
  expect(captions[3]).toMatch(/−15 to \+\d\.\d points$/);
  expect(textOf(pages["lacking a phase and maps"])).toContain(
    "No explanation maps: they were not asked for.",
  );
  const { occlusion } = pictures.maps.stage!;
  const one = renderPrediction(longPrediction, { ...pictures, maps: { stage: { occlusion } } });
  expect(documentOf(one).querySelectorAll(".explanations .tile")).toHaveLength(1);
  expect(textOf(one)).toContain(
    "Not computed: the model’s weights are stored in another precision, or are an earlier network’s.",
  );
  const flat = { occlusion: occlusion.map(() => 0), cam: occlusion.map(() => 0) };
  const blank = textOf(renderPrediction(longPrediction, { ...pictures, maps: { stage: flat } }));
  expect(blank).toContain("nothing speaks for it");
  expect(blank).toContain("changes by less than 1 point");
});

test("gates: a bar a task and level, whose segments are its weights", () => {
  const bars = [...documentOf(pages.long).querySelectorAll(".stack")];
  expect(bars).toHaveLength(6);
  expect(bars[0].getAttribute("aria-label")).toBe(
    "histology, level 1: histology 1 31 %, histology 2 22 %, shared 1 29 % and shared 2 18 %",
  );
  expect([...bars[0].children].map((e) => e.getAttribute("style")?.match(/[\d.]+%/)?.[0])).toEqual([
    "31.00%",
    "22.00%",
    "29.00%",
    "18.00%",
  ]);
});

test("what is unknown is said to be", () => {
  const text = textOf(renderPrediction({ ...minimalPrediction, familiarity: undefined }, lacking));
  for (const part of [
    "Study of unknown date",
    "AUC on validation cases not recorded",
    "What moved this answer was not computed.",
    "no sinus found",
    "The model has no gates.",
    "the model keeps no record of its training cases",
    "of unrecorded origin",
    "The model does not answer for complexity.",
  ])
    expect(text).toContain(part);
});

test("names out of DICOM cannot become markup", () => {
  const evil = '<img src=x onerror="alert(1)">';
  const page = renderPrediction(
    {
      ...longPrediction,
      patient: { id: evil, name: evil },
      study: { description: evil },
      phases: longPrediction.phases.map((phase) => ({
        ...phase,
        series: { description: evil },
        evidence: [evil],
      })),
      warnings: [evil],
    },
    pictures,
  );
  expect(page).not.toContain("<img src=x");
  expect(page).toContain("&lt;img src=x");
});
