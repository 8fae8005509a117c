import { describe, expect, test } from "vitest";
import {
  type ContrastPhase,
  favored,
  probabilities,
} from "../../../../../src/patients/study/phases/contrastPhase.ts";
import { textEvidence } from "../../../../../src/patients/study/phases/evidence/textEvidence.ts";
import { kernelOf } from "../../../../../src/patients/study/phases/kernel.ts";

const said = (description: string): ContrastPhase | undefined => {
  const evidence = textEvidence({ description, protocol: undefined, contrastAgent: undefined });
  return evidence.length > 0 ? favored(probabilities(evidence)) : undefined;
};

const table: Readonly<Record<ContrastPhase, readonly string[]>> = {
  unenhanced: [
    "Abdomen native 3.0 B30f",
    "AbdNativ 5mm",
    "Abdomen nativo",
    "SANS INJECTION",
    "abdo sans IV",
    "SIN CONTRASTE",
    "senza mdc",
    "sem contraste",
    "zonder contrast",
    "ohne KM 3mm",
    "Non-Con Abd",
    "ABD W/O",
    "PRE CONTRAST",
    "unenhanced",
    "NECT kidneys",
    "腹部平扫",
    "単純CT",
  ],
  corticomedullary: [
    "Abdomen art 3.0",
    "arteriell Niere",
    "ARTERIELLE 1.5mm",
    "TEMPS ARTERIEL",
    "temps artériel",
    "Fase arterial",
    "fase arteriosa",
    "corticomedullary",
    "Kortikomedullär",
    "CMP 1.25",
    "Late arterial 40s",
    "35s",
    "动脉期",
    "動脈相",
  ],
  nephrographic: [
    "Abdomen portal venous",
    "PV 70s",
    "PVP 2.0",
    "venös 80s",
    "Portalvenös",
    "temps portal",
    "Fase portal",
    "fase venosa",
    "temps veineux",
    "veneuze fase",
    "Nephrographic 100 sec",
    "temps néphrographique",
    "fase nefrografica",
    "Parenchymphase",
    "NP 90s",
    "门静脉期",
    "静脈相",
    "実質相",
  ],
  excretory: [
    "Excretory 8 min",
    "Ausscheidungsphase",
    "temps excréteur",
    "fase excretora",
    "fase escretoria",
    "tardif 10min",
    "temps tardif",
    "spät 5 min",
    "Spätphase",
    "delayed",
    "CT Urographie",
    "5 min",
    "排泄期",
    "延迟期",
  ],
};

for (const [phase, descriptions] of Object.entries(table))
  describe(phase, () => {
    test.each(descriptions)("%s", (description) => expect(said(description)).toBe(phase));
  });

test.each([
  "Abdomen 3.0 B30f",
  "Topogramm 0.6",
  "Arteria renalis 3D",
  "lateral scout",
  "AP scout",
  "Thorax 1.5mm",
  "Series 4",
  "Vena cava MPR",
  "heart",
  "started",
  "export",
])("%s says nothing", (description) => expect(said(description)).toBeUndefined());

test("no description, no evidence", () =>
  expect(textEvidence({ description: undefined, protocol: undefined, contrastAgent: undefined })).toEqual(
    [],
  ));

test("the line quotes what was read", () => {
  expect(
    textEvidence({ description: "KM art 35s", protocol: undefined, contrastAgent: undefined }).map(
      ({ text }) => text,
    ),
  ).toEqual([
    'description "KM art 35s" says corticomedullary',
    'description "KM art 35s" gives a delay of 35 s',
  ]);
});

test.each([
  ["B30f", "soft"],
  ["B70f", "sharp"],
  ["Br40d", "soft"],
  ["Br64", "sharp"],
  ["FC08", "soft"],
  ["FC52", "sharp"],
  ["STANDARD", "soft"],
  ["BONEPLUS", "sharp"],
  [undefined, "soft"],
] as const)("kernel %s is %s", (name, kind) => expect(kernelOf(name)).toBe(kind));
