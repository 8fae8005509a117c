import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/index.ts";
import { type Results, results as schema } from "../../src/validate/index.ts";
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
      [o.sensitivity, o.specificity, o.ppv, o.npv].forEach((share, k) => {
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
    expect(numbers("Figure")).toEqual([" 1.", " 2.", " 3.", " 4.", " 5.", " 6.", " 7."]);
    expect(numbers("Table")).toEqual([" 1.", " 2.", " 3.", " 4.", " 5."]);
  });

  test("the label of painted images stands in the caption of everything made from them", () => {
    for (const id of [
      "flow",
      "characteristics",
      "auc",
      "roc",
      "operating",
      "decision",
      "readers",
      "gates",
      "training",
      "examples",
    ])
      expect(shown(`#${id} figcaption`)[0]).toContain("Painted phases, not real CT");
    for (const id of ["roc", "readers"]) expect(shown(`#${id} figcaption`)[0]).toContain("readers simulated");
    expect(shown(".banner")[0]).toContain("painted, not real CT");
    expect(shown(".abstract")[0]).toContain("painted phases, not real CT");
    expect(shown(".abstract")[0]).toContain("5 of them simulated");
  });

  test("real images bear no label; mixtures say “in part”; simulated readers alone say that no human read", () => {
    const of = (sources: Results["study"]["sources"], readers = drawn.readers) =>
      page({ ...drawn, readers, study: { ...drawn.study, sources } });
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
    }
    for (const image of all("img")) expect(image.hasAttribute("alt")).toBe(true);
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
    comparisons: [],
    efficiency: null,
    gates: [],
    training: [],
    examples: [],
    decision: [],
    operating: [],
  });

  test("is left out with a line that says so", () => {
    const lines = [...bare.querySelectorAll(".absent")].map((e) => e.textContent);
    expect(lines).toHaveLength(9);
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
    ])
      expect(lines.some((line) => line?.toLowerCase().includes(word))).toBe(true);
  });

  test("and the rest is numbered without gaps", () => {
    const captions = [...bare.querySelectorAll("figcaption b")].map((e) => e.textContent);
    expect(captions).toEqual(["Table 1.", "Figure 1."]);
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
