import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ctSeries,
  readVolume,
  segmentation,
  uid,
  type WrittenSlice,
} from "../../../src/imaging/formats/dicom/index.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";
import type { Phase } from "../../../src/patients/cohort/case.ts";
import type { assembleStudy } from "../../../src/patients/study/assemble.ts";
import type { AlignedPhase } from "../../../src/patients/study/assembled.ts";
import { candidatesOf } from "../../../src/patients/study/candidates.ts";
import { otherRemark } from "../../../src/patients/study/remark.ts";

export interface HospitalStudy {
  readonly id: string;
  readonly name: string;
  readonly sex?: string;
  readonly birthDate?: string;
  readonly age?: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  /** Images by the description of their series. */
  readonly series: Readonly<Record<string, Volume<Int16Array>>>;
  readonly mask?: Volume<Uint8Array>;
  readonly accession?: string;
}

/** Writes a study as a PACS exports it, into a folder named after the patient; the scans start a minute apart. */
export function writeStudy(root: string, study: HospitalStudy): void {
  const { id, name, sex, birthDate, age, date, series, mask, accession } = study;
  const seed = `${id} ${date}`;
  const folder = join(root, name.replace("^", "_"), date);
  const context = {
    patient: { id, name, sex, birthDate, age },
    study: {
      uid: uid(seed),
      date,
      time: "100000",
      description: `CT of ${name}`,
      accessionNumber: accession,
      referringPhysician: "Hausarzt^Karl",
    },
    frameOfReference: uid(`${seed} frame`),
  };
  const at = (minutes: number) =>
    new Date(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)), 10, minutes);
  let drawnOn: readonly WrittenSlice[] = [];
  const put = (path: string, bytes: Uint8Array) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (const [n, [description, volume]] of Object.entries(series).entries()) {
    const own = { uid: uid(`${seed} ${n}`), number: n + 1, description };
    const slices = [
      ...ctSeries(volume, {
        context,
        series: own,
        acquired: at(n),
        imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
        name: description,
      }),
    ];
    for (const [k, { bytes }] of slices.entries()) put(`${n}/${k}.dcm`, bytes);
    drawnOn = slices;
  }
  if (mask) {
    const own = { uid: uid(`${seed} mask`), number: 100, description: "mask" };
    const algorithm = { type: "MANUAL" as const, name: "by hand" };
    put(
      "mask.dcm",
      segmentation(mask, { context, series: own, algorithm, source: drawnOn, created: at(30), name: "mask" })
        .bytes,
    );
  }
}

const size: Vec3 = [8, 8, 6];
const grid = { size, spacing: [5, 5, 10] as Vec3, origin: [0, 0, 0] as Vec3, direction: lpsDirection };
const voxels = size[0] * size[1] * size[2];

/** A tiny image of one value but for a ramp along its rows. */
export const flat = (hu: number): Volume<Int16Array> => ({
  ...grid,
  data: Int16Array.from({ length: voxels }, (_, n) => hu + (n % 8)),
});

/** A tiny mask: the first half kidney, four voxels of it tumour. */
export const tinyMask = (): Volume<Uint8Array> => ({
  ...grid,
  data: Uint8Array.from({ length: voxels }, (_, n) => (n >= 100 && n < 104 ? 2 : n < voxels / 2 ? 1 : 0)),
});

/** Assembles by the words of the descriptions alone, with half a voxel of registration; the mask is `tinyMask`. */
export const assembleByName: typeof assembleStudy = async (files, { phases: wanted = {}, name }) => {
  const aligned: Partial<Record<Phase, AlignedPhase>> = {};
  const words = { corticomedullary: "art", nephrographic: "ven", excretory: "late" } as const;
  for (const { stack, header, name: series } of (await candidatesOf(files)).candidates)
    for (const [phase, word] of Object.entries(words) as [Phase, string][])
      if (
        wanted[phase]
          ? header.series.description === wanted[phase]
          : header.series.description?.includes(word)
      ) {
        const { volume } = await readVolume(stack, series);
        aligned[phase] = {
          phase,
          volume: { ...volume, data: Float32Array.from(volume.data, (hu) => hu + 0.25) },
          path: stack.slices[0].file.source.name,
          header,
          slices: stack.slices,
          spacing: volume.spacing,
          sliceCount: stack.slices.length,
          evidence: [
            `description "${header.series.description}" says ${word}, in ${stack.slices[0].file.source.name}`,
          ],
          confidence: phase === "excretory" ? 0.6 : 0.99,
        };
      }
  return {
    reference: "nephrographic",
    phases: aligned,
    mask: { volume: tinyMask(), source: "segmentation", remarks: [] },
    leftOut: [],
    warnings: [
      otherRemark(
        `study ${name} of ${files[0].header?.patient.name} on ${files[0].header?.study.date} is warned of`,
      ),
    ],
  };
};
