import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { type Results, results as schema } from "../../src/evidence/validate/results.ts";
import { renderReport } from "../../src/report/report.ts";
import { drawnResults } from "./fixture.ts";

const drawn = drawnResults();
const text = renderReport(drawn);
const page = (results: Results) => parseHTML(renderReport(results)).document;
const { document } = parseHTML(text);
const all = (selector: string) => [...document.querySelectorAll(selector)];
const shown = (selector: string) =>
  all(selector).map((e) => (e.textContent ?? "").replace(/\s+/g, " ").trim());

test("the fixture fits the schema, also after a file", () => {
  expect(schema.parse(JSON.parse(JSON.stringify(drawn)))).toEqual(JSON.parse(JSON.stringify(drawn)));
});

describe("the page", () => {
  test("every element opened is closed in its order", () => {
    const voids = new Set(["meta", "br", "img", "input", "!doctype"]);
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of text
      .replace(/<style>.*?<\/style>/gs, "")
      .matchAll(/<(\/?)([a-zA-Z!][a-zA-Z0-9]*)(?:"[^"]*"|[^>"])*?(\/?)>/g)) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!selfClosing && !voids.has(name)) open.push(name);
    }
    expect(open).toEqual([]);
    expect(all("html > head > title")).toHaveLength(1);
    expect(all("h1")).toHaveLength(1);
    expect(document.documentElement.getAttribute("lang")).toBe("en-GB");
  });

  test("ids are unique, and every reference to one is met", () => {
    const ids = all("[id]").map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all("a")) expect(ids).toContain(link.getAttribute("href")?.slice(1));
    for (const e of all("[aria-labelledby]")) expect(ids).toContain(e.getAttribute("aria-labelledby"));
  });

  test("nothing is loaded from outside and nothing runs", () => {
    expect(all("script, link, iframe, object, embed, base, form")).toEqual([]);
    for (const e of all("*"))
      for (const { name, value } of [...e.attributes]) {
        expect(name).not.toMatch(/^on/i);
        if (["src", "href", "xlink:href", "srcset"].includes(name))
          expect(value).toMatch(/^(#|data:image\/png;base64,)/);
      }
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
    expect(text).not.toMatch(/@import|url\((?!#)/);
  });

  test("the same results make the same bytes", () => {
    expect(renderReport(drawnResults())).toBe(text);
  });

  test("a name with markup in it is text everywhere", () => {
    const evil = `<script>alert("1")</script><img src=x onerror='a'>&amp;`;
    const { study, readers, models, flow, table1, gates, training } = drawn;
    const poisoned = page({
      ...drawn,
      software: evil,
      created: evil,
      study: { ...study, title: evil, development: evil, external: [evil], stageLabel: evil, notes: [evil] },
      readers: readers.map((r) => ({ ...r, reader: evil, experience: evil })),
      models: models.map((m) => ({ ...m, name: evil })),
      flow: flow.map((f) => ({ ...f, step: evil, excluded: [{ reason: evil, n: 1 }] })),
      table1: {
        centers: table1.centers.map((c) => ({ ...c, center: evil })),
        rows: table1.rows.map((r) => ({
          ...r,
          characteristic: evil,
          level: evil,
          cells: r.cells.map(() => evil),
          test: evil,
        })),
      },
      auc: drawn.auc.map((a) => ({ ...a, method: evil })),
      comparisons: drawn.comparisons.map((c) => ({ ...c, method: evil })),
      operating: drawn.operating.map((o) => ({ ...o, chosen: evil })),
      efficiency: {
        counted: evil,
        rows: drawn.efficiency?.rows.map((r, i) => (i ? r : { ...r, model: evil })) ?? [],
      },
      gates: gates.map((g) => ({
        ...g,
        gate: `${g.gate}${evil}`,
        experts: g.experts.map((e) => `${evil}${e}`),
      })),
      training: training.map((t) => ({ ...t, model: evil })),
      calibration: drawn.calibration.map((c) => ({ ...c, method: evil, note: evil })),
      decision: drawn.decision.map((d) => ({ ...d, method: evil })),
      cards: drawn.cards.map(({ model, config }) => ({
        model: model === "mtdl" ? model : evil,
        config: {
          ...config,
          ...{ software: evil, thresholdChosen: evil, dataHash: evil },
          settings: { ...config.settings, center: evil },
        },
      })),
      examples: drawn.examples.map((e) => ({ ...e, case: evil, center: evil, caption: evil })),
    });
    expect(poisoned.querySelectorAll("script, img:not([src^='data:']), [onerror]")).toHaveLength(0);
    expect(poisoned.querySelector("h1")?.textContent).toBe(evil);
    expect(poisoned.querySelector("title")?.textContent).toBe(evil);
  });

  test.each([
    "http://example.org/a.png",
    "data:image/svg+xml;base64,AAAA",
    'data:image/png;base64,AA" onerror="x',
    "javascript:x",
  ])("a picture that is no embedded PNG is left out, and said to be: %s", (uri) => {
    const [first, ...rest] = drawn.examples;
    const made = page({
      ...drawn,
      examples: [{ ...first, images: { ...first.images, excretory: uri }, mask: uri }, ...rest],
    });
    expect(made.querySelectorAll(".case img")).toHaveLength(2 + 6 * rest.length);
    expect(made.querySelector(".case .absent")?.textContent).toContain("1 picture(s) not shown");
  });
});

describe("the numbers", () => {
  const rows = (table: string) =>
    all(`#${table} tbody tr`).map((tr) => [...tr.children].map((c) => (c.textContent ?? "").trim()));

  test("every AUC, interval and count, in its row", () => {
    const found = rows("auc").filter((cells) => cells.length > 1);
    expect(found.map((cells) => cells.slice(1, 5))).toEqual(
      drawn.auc.map(({ n, positives, value, ci }) => [
        String(n),
        `${positives} (${((100 * positives) / n).toFixed(0)} %)`,
        value.toFixed(2),
        `${ci[0].toFixed(2)}–${ci[1].toFixed(2)}`,
      ]),
    );
    const p = found.filter((cells) => cells[6] !== "–").map((cells) => cells[6]);
    expect(p).toEqual(drawn.comparisons.map((c) => (c.p < 0.001 ? "< 0.001" : c.p.toFixed(3))));
  });

  test("every operating point with its counts", () => {
    const found = rows("operating").filter((cells) => cells.length > 1);
    expect(found).toHaveLength(drawn.operating.length);
    drawn.operating.forEach((o, i) => {
      expect(found[i][1]).toBe(o.threshold.toFixed(2));
      [o.sensitivity, o.specificity, o.ppv, o.npv, o.accuracy!].forEach((share, k) => {
        expect(found[i][2 + k]).toContain(`${(100 * (share.value ?? Number.NaN)).toFixed(0)} %`);
        expect(found[i][2 + k]).toContain(`${share.numerator}/${share.denominator}`);
      });
    });
  });

  test("every reader, with whether nobody read", () => {
    const found = rows("readers").filter((cells) => cells.length > 1);
    expect(found.map((cells) => [cells[0], cells[2], cells[5].slice(0, 4)])).toEqual(
      ["histology", "stage", "complexity"].flatMap((task) =>
        drawn.readers
          .filter((r) => r.task === task)
          .map((r) => [
            r.simulated ? `${r.reader} (simulated)` : r.reader,
            String(r.n),
            r.auc.value.toFixed(2),
          ]),
      ),
    );
  });

  test("the main results: what an abstract tells, each with links to its details", () => {
    const text = rows("key").map((cells) => cells.map((c) => c.replace(/\s+/g, " ")));
    const row = (start: string) => text.find(([name]) => name.startsWith(start)) ?? [];
    const tasks = ["histology", "stage", "complexity"];
    for (const [name, model] of [
      ["AUC, Multi-task", "mtdl"],
      ["AUC, Single-task", "stdl"],
      ["AUC, Tumour size", "size"],
    ])
      expect(row(name).slice(1)).toEqual(
        tasks.map((task) => {
          const a = drawn.auc.find((r) => r.task === task && r.model === model);
          return `${a?.value.toFixed(2)}${a?.ci.map((v) => v.toFixed(2)).join("–")}`;
        }),
      );
    const test = drawn.comparisons.find((c) => c.task === "stage" && c.b === "stdl");
    expect(row("MTDL − STDL")[2]).toContain(`p = ${test?.p.toFixed(3)}`.replace("p = 0.000", "p < 0.001"));
    expect(row("Mean AUC, all readers (5, simulated)")).toHaveLength(4);
    expect(row("MTDL − junior (2, simulated)")).toHaveLength(4);
    expect(row("Thresholds")[1]).toMatch(/^\d+ of 99$/);
    expect(row("Inference time")[1]).toContain("61 % saved");
    expect(row("Peak memory")[1]).toContain("64 % saved");
    for (const tr of all("#key tbody tr")) expect(tr.querySelectorAll("th a").length).toBeGreaterThan(0);
  });

  test("the model card says what the model needs, was trained on, and is not for", () => {
    const card = shown("#card")[0];
    for (const words of [
      "no decision on a patient",
      "corticomedullary, nephrographic and excretory",
      "masks of kidney and tumour",
      "217 cases trained on, 54 to choose the epoch",
      "0123456789abcdef",
      "none pretrained",
      "rare label combinations drawn more often",
      "accuracy on real CT is unknown",
    ])
      expect(card).toContain(words);
    const [head] = [...document.querySelectorAll("#model-card thead tr")];
    expect([...head.children].map((th) => th.textContent)).toEqual([
      "Property",
      "MTDL",
      "STDL, histology",
      "STDL, stage",
      "STDL, complexity",
    ]);
  });

  test("what is saved, and what was counted", () => {
    expect(rows("efficiency").map((cells) => cells.at(-1))).toEqual(["61 %", "64 %", "61 %", "61 %", "57 %"]);
    expect(shown("#efficiency .note")[0]).toContain(drawn.efficiency?.counted);
  });

  test("a proportion of no cases is said to be so", () => {
    const [first, ...rest] = drawn.operating;
    const none = { value: null, ci: null, numerator: 0, denominator: 0 };
    const made = page({ ...drawn, operating: [{ ...first, ppv: none }, ...rest] });
    expect(made.querySelector("#operating tr.main")?.textContent).toContain("no such case");
  });
});

describe("figures and tables", () => {
  test("numbered in order, each with a caption", () => {
    const numbers = (word: string) =>
      shown("figcaption b")
        .filter((t) => t.startsWith(word))
        .map((t) => t.slice(word.length));
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => ` ${i + 1}.`);
    expect(numbers("Figure")).toEqual(upTo(10));
    expect(numbers("Table")).toEqual(upTo(13));
  });

  test("the contents list every one with its title, and every section after the main results", () => {
    const captions = shown("figcaption").map(
      (text) => /^(?:Figure|Table) \d+\. [^.]{10}/.exec(text)?.[0] ?? text,
    );
    const listed = shown("nav li li").map((text) => text.replace(/^(\S+ \d+)/, "$1."));
    for (const caption of captions.slice(1)) expect(listed).toContainEqual(expect.stringContaining(caption));
    expect(listed).toHaveLength(captions.length - 1);
    expect(shown("nav > ul > li > a")).toEqual(shown("main > section > h2").slice(1));
  });

  test("captions of what was computed from cases tell how many", () => {
    for (const id of ["flow", "roc", "calibration", "calibration-numbers", "decision", "benefit-difference"])
      expect(shown(`#${id} figcaption`)[0]).toMatch(/\(n = \d+/);
    for (const id of ["net-benefit", "reader-curves", "gates", "training", "examples", "model-card"])
      expect(shown(`#${id} figcaption`)[0]).toMatch(/\(n = \d+/);
  });

  test("the label of painted images stands in the caption of everything made from them", () => {
    for (const id of [
      "flow",
      "characteristics",
      "auc",
      "roc",
      "operating",
      "decision",
      "calibration",
      "calibration-numbers",
      "benefit-difference",
      "net-benefit",
      "key",
      "readers",
      "gates",
      "training",
      "examples",
    ])
      expect(shown(`#${id} figcaption`)[0]).toContain("Painted phases, not real CT");
    for (const id of ["roc", "readers", "key"])
      expect(shown(`#${id} figcaption`)[0]).toContain("readers simulated");
    expect(shown(".banner")[0]).toContain("painted, not real CT");
    expect(shown(".abstract")[0]).toContain("painted phases, not real CT");
    expect(shown(".abstract")[0]).toContain("5 of them simulated");
  });

  test("real images bear no label; mixtures say “in part”; simulated readers alone say that no human read", () => {
    const of = (sources: Results["study"]["sources"], readers = drawn.readers) =>
      page({
        ...drawn,
        readers,
        readerAnalyses: { againstMtdl: [], aid: [], agreement: [] },
        study: { ...drawn.study, sources },
      });
    const real = of(
      ["real"],
      drawn.readers.filter((r) => !r.simulated),
    );
    expect(real.querySelectorAll(".mark, .banner")).toHaveLength(0);
    expect(of(["real", "painted"]).querySelector("#auc .mark")?.textContent).toMatch(
      /^In part painted phases/,
    );
    expect(of(["procedural"]).querySelector("#auc .mark")?.textContent).toBe(
      "Procedural phantoms, no patients",
    );
    const simulated = of(
      ["real"],
      drawn.readers.filter((r) => r.simulated),
    );
    expect(simulated.querySelector("#roc .mark")?.textContent).toBe("Simulated readers, no human read");
    expect(simulated.querySelectorAll("#auc .mark")).toHaveLength(0);
  });

  test("every figure's SVG has a role and a name that says its numbers", () => {
    const figures = all("svg:not([aria-hidden])");
    expect(figures.length).toBeGreaterThan(12);
    for (const svg of figures) {
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.getAttribute("aria-label")).toMatch(/\d/);
      expect(svg.getAttribute("viewBox")).toMatch(/^0 0 \d+/);
      const [title, desc] = [...svg.children];
      expect([title.localName, desc.localName]).toEqual(["title", "desc"]);
      expect(title.textContent?.length).toBeGreaterThan(5);
      expect(svg.getAttribute("aria-label")).toBe(`${title.textContent}. ${desc.textContent}`);
    }
    for (const image of all("img")) expect(image.hasAttribute("alt")).toBe(true);
  });

  test("headings go down by one level at most", () => {
    const levels = all("h1, h2, h3, h4").map((h) => Number(h.localName.slice(1)));
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, i) => expect(level - levels[i]).toBeLessThanOrEqual(1));
  });

  test("every table with a caption scrolls by keys, under that caption's name", () => {
    const numbered = all("figure.table");
    expect(numbered.length).toBe(13);
    for (const figure of numbered) {
      const region = figure.querySelector("[role=region]");
      expect(region?.getAttribute("tabindex")).toBe("0");
      expect(region?.getAttribute("aria-labelledby")).toBe(figure.querySelector("figcaption")?.id);
      expect(region?.querySelectorAll("table")).toHaveLength(1);
    }
  });

  test("every table's headers have a scope", () => {
    expect(all("table").length).toBeGreaterThan(5);
    for (const th of all("th")) expect(["row", "col", "rowgroup"]).toContain(th.getAttribute("scope"));
  });
});

describe("what the results lack", () => {
  const bare = page({
    ...drawn,
    flow: [],
    table1: { centers: [], rows: [] },
    readers: [],
    readerAnalyses: { againstMtdl: [], aid: [], agreement: [] },
    comparisons: [],
    efficiency: null,
    gates: [],
    training: [],
    examples: [],
    decision: [],
    calibration: [],
    cards: [],
    operating: [],
  });

  test("is left out with a line that says so", () => {
    const lines = [...bare.querySelectorAll(".absent")].map((e) => e.textContent);
    expect(lines).toHaveLength(11);
    for (const word of [
      "flow",
      "characteristics",
      "operating",
      "decision",
      "readers",
      "efficiency",
      "gate",
      "training",
      "example",
      "calibration",
      "configuration",
    ])
      expect(lines.some((line) => line?.toLowerCase().includes(word))).toBe(true);
  });

  test("and the rest is numbered without gaps", () => {
    const captions = [...bare.querySelectorAll("figcaption b")].map((e) => e.textContent);
    expect(captions).toEqual(["Table 1.", "Table 2.", "Figure 1.", "Table 3.", "Table 4."]);
    expect(bare.querySelector("#auc")?.textContent).not.toContain("Difference");
  });

  test("nothing at all still makes a page", () => {
    const empty = page({
      ...drawn,
      models: [],
      auc: [],
      roc: [],
      comparisons: [],
      operating: [],
      decision: [],
      readers: [],
    });
    expect(empty.querySelector("h1")?.textContent).toBe(drawn.study.title);
    expect(empty.body.textContent).not.toMatch(/undefined|NaN|Infinity/);
  });

  test("no number is printed that is none", () => {
    expect(document.body.textContent).not.toMatch(/undefined|NaN|null|Infinity|\[object/);
  });
});
