import { put, replaced, without } from "../dataSet.ts";
import { dicomKinds, eachDataSet, isCt, type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";

const valued = (study: Study, tag: string, vr: string, value: string): Study =>
  eachDataSet(study, (dataSet) => put(dataSet, tag, vr, value));

/** Dates and times in other forms, and such as are none. */
export const dates: readonly Mutation[] = [
  {
    name: "dates and times in other forms",
    of: dicomKinds,
    ends: ["same, said"],
    says: /is written in another form than DICOM's/,
    apply: (study, draw) => {
      const [tag, vr, value] = pick(draw, [
        ["00080020", "DA", "2026.02.03"],
        ["00080020", "DA", "2026-02-03"],
        ["00100030", "DA", "1964.11.30"],
        ["00080030", "TM", "10:15:00"],
      ] as const);
      return valued(study, tag, vr, value);
    },
  },
  {
    name: "dates and times that are none",
    of: dicomKinds,
    ends: ["different, said"],
    says: /is no (date|time of day): left out/,
    apply: (study, draw) => {
      const [tag, vr, value] = pick(draw, [
        ["00080020", "DA", "20260231"],
        ["00080020", "DA", "00000000"],
        ["00080020", "DA", "03.02.2026"],
        ["00080020", "DA", "260203"],
        ["00100030", "DA", "1964"],
        ["00080030", "TM", "256199"],
        ["00080030", "TM", "24:00:00"],
        ["00080030", "TM", "1O1500"],
      ] as const);
      return valued(study, tag, vr, value);
    },
  },
  {
    name: "scan times that are none",
    of: dicomKinds,
    ends: ["same, said"],
    says: /Acquisition Time .* is no time of day/,
    apply: (study, draw) => {
      const time = pick(draw, ["99", "noon", "10.16", "101"]);
      return eachDataSet(study, (dataSet) => replaced(dataSet, "00080032", time), isCt);
    },
  },
  {
    name: "no scan times",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => eachDataSet(study, (dataSet) => without(dataSet, "00080032", "00080033"), isCt),
  },
];
