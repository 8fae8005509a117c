import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { tokens } from "./tokens.ts";

/*
 * Names in the code are spelled as Americans do (tumor, center, color, normalize), as ONNX, CSS and DICOM are; what
 * people read (comments, pages, messages) as the British do (tumour, centre, colour, normalise).
 */

/** American and British spellings of the same stem, wherever it stands in a word. */
const stems: readonly (readonly [american: string, british: string])[] = [
  ["tumor", "tumour"],
  ["center", "centre"],
  ["centered", "centred"],
  ["color", "colour"],
  ["gray", "grey"],
  ["neighbor", "neighbour"],
  ["behavior", "behaviour"],
  ["favor", "favour"],
  ["fiber", "fibre"],
  ["millimeter", "millimetre"],
  ["centimeter", "centimetre"],
  ["milliliter", "millilitre"],
  ["artifact", "artefact"],
  ["labeled", "labelled"],
  ["labeling", "labelling"],
  ["modeled", "modelled"],
  ["modeling", "modelling"],
  ["canceled", "cancelled"],
  ["signaled", "signalled"],
  ["catalog", "catalogue"],
  ["analyze", "analyse"],
  ["analyzing", "analysing"],
  ["defense", "defence"],
];
/** Verbs in -ize, with their -ized, -izes, -izer, -izing, -izable and -ization. */
const verbs =
  "capital|categor|central|character|custom|digit|discret|emphas|equal|final|general|harmon|hypothes|ideal|initial|" +
  "linear|local|material|maxim|memor|minim|neutral|normal|optim|organ|parallel|penal|polar|prior|quant|random|" +
  "raster|real|recogn|regular|serial|stabil|standard|summar|symmetr|synchron|token|util|vector|visual";
const ending = "(?:e|ed|es|er|ers|ing|able|ation|ations)";

const american = new RegExp(
  `^(?:${stems.map(([word]) => `\\w*${word}`).join("|")})(?:s|ed|ing|ful|less|ly|ation)?$|^(?:\\w*(?:${verbs}))iz${ending}$`,
);
const british = new RegExp(
  `^(?:${stems.map(([, word]) => `\\w*${word}`).join("|")})(?:s|d|ed|ing|ful|less|ly|ation)?$|^(?:\\w*(?:${verbs}))is${ending}$`,
);

/** The words of a name: `drawTumorShape`, `size_mm` and `kidney-tumor.ts` have several. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    // The plural of analysis is spelled alike.
    .filter((word) => word !== "analyses");

/** Names and texts of others, which keep their spelling: titles, standards' terms, descriptions in DICOM files. */
const quoted = [
  "Regression Modeling Strategies",
  "Analyze 7.5",
  "Lavin & Gray",
  "kidney, tumor and cyst",
  "| Tumor ",
  "kidney, tumor, cyst or ignore",
  "tasks, center and seed are the plan's own",
  "model optimize",
];
/** Words as users write them in tables and names of regions, in any spelling and ten languages. */
const vocabularies = [
  "src/patients/import/clinical/mapping.ts",
  "src/patients/import/clinical/vocabulary.ts",
  "src/patients/study/mask/labels/labelNames.ts",
];

/** American words of a text for readers. What stands in backticks, braces, tags, links, paths and options is a name. */
function americanWords(text: string): string[] {
  const prose = quoted
    .reduce((rest, title) => rest.replaceAll(title, ""), text)
    .replaceAll(/`[^`]*`|\{@link[^}]*\}|@param \S+|<[^<>]*>|https?:\S+|\]\([^)]*\)/g, " ")
    // Options, paths, properties of CSS, attributes and file names.
    .replaceAll(/--[\w-]+|[\w.*-]*\/[\w./*-]+|[\w-]+[:=]|\b\w+(?:[._]\w+)+|\w+\(/g, " ");
  return [...prose.matchAll(/(?<![\w-])[A-Z]?[a-z]+(?![\w-])/g)]
    .map(([word]) => word)
    .filter((word) => american.test(word.toLowerCase()));
}

const root = resolve(import.meta.dirname, "..");
const files = ["bench", "bin", "docs", "scripts", "src", "test"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((name) => join(top, name)),
);
const sources = files
  .filter((file) => /\.(ts|js)$/.test(file) && file !== "test/spelling.test.ts")
  .map((file) => ({ file, parts: tokens(readFileSync(join(root, file), "utf8")) }));

describe("names are spelled the American way", () => {
  test("files and folders", () => {
    expect(files.filter((file) => wordsOf(file).some((word) => british.test(word)))).toEqual([]);
  });
  test("identifiers", () => {
    const wrong = sources.flatMap(({ file, parts }) =>
      parts
        .filter(({ kind, text }) => kind === "identifier" && wordsOf(text).some((word) => british.test(word)))
        .map(({ text, line }) => `${file}:${line}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("prose is spelled the British way", () => {
  test("comments", () => {
    const wrong = sources.flatMap(({ file, parts }) =>
      parts
        .filter(({ kind }) => kind === "comment")
        .flatMap(({ text, line }) => americanWords(text).map((word) => `${file}:${line}: ${word}`)),
    );
    expect(wrong).toEqual([]);
  });

  test("messages, help and the names of tests", () => {
    const wrong = sources
      .filter(({ file }) => !vocabularies.includes(file))
      .flatMap(({ file, parts }) =>
        parts
          .filter(({ kind, text }, n) => {
            const titled = /^(describe|test|it|each)$/.test(parts[n - 1]?.text ?? "");
            // A sentence has spaces between words; a file's or a page's code has braces and semicolons.
            const sentence = /[a-zé,;:%] [a-z]/i.test(text) && !/\{[^}]*;|;\s*\n|\n\s*</.test(text);
            return kind === "string" && sentence && (titled || !file.startsWith("test"));
          })
          .flatMap(({ text, line }) =>
            americanWords(text).map((word) => `${file}:${line}: ${word} in "${text}"`),
          ),
      );
    expect(wrong).toEqual([]);
  });

  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].concat(
    files.filter((file) => file.endsWith(".md")),
  );
  test.each(pages)("%s", (page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
    expect(americanWords(text)).toEqual([]);
  });
});

describe("tokens", () => {
  const source = [
    "const a = b / c; // colour / tumour",
    "const d = /[/]'\"`/g.test(`x §{{ e: `y §{f}` }} z`);",
    "/* a\nb */ g('it\\'s', \"h\");",
    "if (i) /j/.exec(k); l = (m) / n / o;",
  ]
    .join("\n")
    .replaceAll("§", "$");
  const of = (kind: string) =>
    tokens(source)
      .filter((token) => token.kind === kind)
      .map(({ text, line }) => `${line} ${text}`);

  test("names", () => {
    expect(of("identifier").join(" ")).toBe(
      "1 const 1 a 1 b 1 c 2 const 2 d 2 test 2 e 2 f 4 g 5 if 5 i 5 exec 5 k 5 l 5 m 5 n 5 o",
    );
  });
  test("comments", () => {
    expect(of("comment")).toEqual(["1 // colour / tumour", "3 /* a\nb */"]);
  });
  test("strings, a template's stretches one by one", () => {
    expect(of("string")).toEqual(["2 x ", "2 y ", "2 ", "2  z", "4 it\\'s", "4 h"]);
  });
});
