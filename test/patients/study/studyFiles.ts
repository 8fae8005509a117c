import { random } from "../../../src/base/random.ts";
import {
  ctSeries,
  type DicomFile,
  readHeaders,
  type Source,
  type StudyContext,
  segmentation,
  uid,
} from "../../../src/imaging/formats/dicom/index.ts";
import type { Vec3, Volume } from "../../../src/numerics/volume/index.ts";
import { type Phase, phases } from "../../../src/patients/cohort/case.ts";
import { type Painted, paint } from "../../../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../src/patients/synthetic/phantom/phantom.ts";

const none = { perirenal: false, sinus: false, vein: false };

/** A painted patient: a simulation. */
export function paintedPatient(seed: number, sizeMm = 45): Painted {
  const { mask } = phantom({ sizeMm, side: "left", invasion: none }, seed, { spacing: 2 });
  return paint(mask, { histology: "clear_cell", necrosis: false }, centerStyle("A", 1), seed, { spacing: 2 });
}

export interface StudyOptions {
  /** How far each phase lies off the mask, LPS mm. */
  readonly shifts?: Readonly<Partial<Record<Phase, Vec3>>>;
  /** Series' descriptions; none by default. */
  readonly descriptions?: Readonly<Partial<Record<Phase, string>>>;
  readonly withMask?: boolean;
  readonly patient?: string;
}

export const seriesUid = (phase: Phase, patient = "P1"): string => uid(`${patient} ${phase}`);

/** A painted patient's study as DICOM files in memory: no injection, no names that tell, in random order. */
export async function studyFiles(painted: Painted, options: StudyOptions = {}): Promise<DicomFile[]> {
  const { shifts = {}, descriptions = {}, withMask = true, patient = "P1" } = options;
  const context: StudyContext = {
    patient: { id: patient, name: "Test^Patient", sex: "F", age: "060Y" },
    study: { uid: uid(`study ${patient}`), date: "20260101" },
    frameOfReference: uid(`frame ${patient}`),
  };
  // Scanned one after the other; when the contrast medium was given no file says.
  const acquired = (minute: number) => new Date(2026, 0, 1, 12, 3 * minute);
  const slices = phases.map((phase, p) => {
    const series = {
      uid: seriesUid(phase, patient),
      number: 7 - p,
      description: descriptions[phase] ?? "CT",
    };
    const volume = shifted(painted.phases[phase], shifts[phase]);
    return [...ctSeries(volume, { context, series, acquired: acquired(p), name: phase })];
  });
  const mask = segmentation(painted.mask, {
    context,
    series: { uid: uid(`mask ${patient}`), number: 9, description: "mask" },
    algorithm: { type: "MANUAL", name: "" },
    source: slices[1],
    created: acquired(4),
    name: "mask",
  });
  const objects = [...slices.flat(), ...(withMask ? [mask] : [])];
  const draw = random(8);
  const shuffled = objects
    .map((object) => ({ object, at: draw.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(
      ({ object: { bytes } }, n): Source => ({
        name: `${patient}/IM${n}`,
        whole: async () => bytes,
        start: async (length) => bytes.subarray(0, length),
      }),
    );
  return readHeaders(shuffled);
}

const shifted = <T extends Volume>(volume: T, by: Vec3 = [0, 0, 0]): T => ({
  ...volume,
  origin: volume.origin.map((o, a) => o + by[a]) as unknown as Vec3,
});
