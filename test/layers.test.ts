import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { replaced } from "../src/apps/room/edges/replaced.ts";

/** The house, from the ground up: a room imports only from itself and from the rooms before it. */
const rooms = [
  "base",
  "numerics/stats",
  "numerics/volume",
  "numerics/graph",
  "page",
  "imaging/formats",
  "imaging/registration",
  "imaging/nephrometry",
  "patients/cohort",
  "patients/synthetic",
  "patients/study",
  "patients/import",
  "learning/model",
  "learning/crop",
  "learning/trained",
  "learning/train",
  "learning/pretrain",
  "learning/deploy",
  "learning/segmentation",
  "evidence/predict",
  "evidence/predictions",
  "evidence/readers",
  "evidence/validate",
  "evidence/experiment",
  "report",
  "apps/service",
  "apps/cli",
  "apps/room",
  "index.ts",
];
/** Of the applications none knows another, but for the command line, which starts the service, looks at its log and says who may use it. */
const apart = "apps/";
const starts = (file: string, to: string) =>
  /^apps\/cli\/(serve|work|backup|restore|(account|audit|token)\/.*|support\/service(Options|Place))\.ts$/.test(
    file,
  ) && to.startsWith("apps/service/");

/**
 * Rooms and files that run in a browser: neither they nor what they import load anything of Node. A package that is
 * imported only where it is needed, as ONNX Runtime is, may be Node's.
 */
const browser = [
  "numerics/stats/index.ts",
  "numerics/volume/index.ts",
  "numerics/graph/index.ts",
  "imaging/formats/dicom/read.ts",
  "imaging/formats/nifti/parse.ts",
  "imaging/nephrometry/index.ts",
  "patients/study/candidates.ts",
  "patients/study/mask/labelRegions.ts",
  "patients/study/mask/masksAmong.ts",
  "patients/study/phases",
  "learning/model",
  "learning/crop/cropInput.ts",
  "learning/segmentation/window",
  "apps/room/main.tsx",
  "apps/room/open/worker.ts",
];
/** What only Node has: a page that reads in a browser is built with files of its own in their place. */
const edges = Object.keys(replaced);
const node = /^(node:|onnxruntime-node|@itk-wasm|yauzl|dcmjs|commander|cli-progress)/;

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const importsOf = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, specifier]) => specifier);
    return [
      file,
      {
        code: named(/^(?:import|export)\b(?! type\b)[^;"]*?"([^"]+)"/gm),
        types: named(/^(?:import|export) type\b[^;"]*?"([^"]+)"/gm),
        late: named(/\bimport\("([^"]+)"\)/g),
        workers: named(/new URL\(`(\.[^`$]+)\$\{extname\(import\.meta\.url\)\}`/g).map(
          (path) => `${path}.ts`,
        ),
      },
    ];
  }),
);
const target = (file: string, specifier: string) => relative(src, resolve(src, dirname(file), specifier));
const roomOf = (file: string) => rooms.findIndex((room) => file === room || file.startsWith(`${room}/`));

test("every file stands in a room", () => {
  expect(files.filter((file) => roomOf(file) < 0)).toEqual([]);
});

test("a room imports only from rooms before it", () => {
  const wrong = files.flatMap((file) => {
    const { code, types, late, workers } = importsOf.get(file)!;
    return [...code, ...types, ...late, ...workers]
      .filter((specifier) => specifier.startsWith("."))
      .filter((specifier) => {
        const to = target(file, specifier);
        const [own, other] = [roomOf(file), roomOf(to)];
        return (
          other > own || (other < own && file.startsWith(apart) && to.startsWith(apart) && !starts(file, to))
        );
      })
      .map((specifier) => `${file} imports ${specifier}`);
  });
  expect(wrong).toEqual([]);
});

test("no file imports itself by way of others", () => {
  const circles: string[] = [];
  const ended = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (ended.has(file)) return;
    const { code, types } = importsOf.get(file) ?? { code: [], types: [] };
    for (const specifier of [...code, ...types])
      if (specifier.startsWith(".")) visit(target(file, specifier), [...path, file]);
    ended.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("what a browser uses loads nothing of Node", () => {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string, from: string) => {
    if (seen.has(file) || edges.includes(file)) return;
    seen.add(file);
    for (const specifier of importsOf.get(file)?.code ?? []) {
      if (node.test(specifier)) wrong.push(`${from}: ${file} imports ${specifier}`);
      else if (specifier.startsWith(".")) visit(target(file, specifier), from);
    }
  };
  for (const entry of browser) {
    const inside = files.filter((file) => file === entry || file.startsWith(`${entry}/`));
    expect(inside, entry).not.toEqual([]);
    for (const file of inside) visit(file, entry);
  }
  expect(wrong).toEqual([]);
});
