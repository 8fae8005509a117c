import { derivedSeed, random } from "../../../../base/random.ts";
import { dateAndTime, type StudyContext } from "../../../../imaging/formats/dicom/write/context.ts";
import { ctSeries } from "../../../../imaging/formats/dicom/write/ctSeries.ts";
import { segmentation } from "../../../../imaging/formats/dicom/write/segmentation.ts";
import type { SourceImage } from "../../../../imaging/formats/dicom/write/sourceImages.ts";
import { uid } from "../../../../imaging/formats/dicom/write/uid.ts";
import type { WrittenObject } from "../../../../imaging/formats/dicom/write/written.ts";
import { type Case, phases, type StudyPhase } from "../../../cohort/case.ts";
import type { Painted } from "../paint.ts";
import { description } from "./paintedFiles.ts";

/** A file of a study and where it lies in the study's folder. */
export interface PlacedObject {
  readonly path: string;
  readonly object: WrittenObject;
}

/** Seconds after the start of the injection at which the scan of a phase starts: mean, and how far it may lie off. */
const delays: Readonly<Record<StudyPhase, readonly [mean: number, spread: number]>> = {
  corticomedullary: [30, 4],
  nephrographic: [90, 10],
  excretory: [480, 60],
};

/** The phase the mask belongs to. */
const maskPhase = "nephrographic";

/** Patient ID of a painted case. */
export const paintedPatientId = (name: string): string => `PAINTED-${name}`;

/**
 * A painted case as a DICOM study: three CT series and the mask as a segmentation. Every object says that it is
 * painted; the dates are invented.
 *
 * @param settings of the painting: the UIDs and times follow from them
 */
export function* dicomStudy(row: Case, painted: Painted, settings: string): Generator<PlacedObject> {
  const draw = random(derivedSeed(0, "study", settings));
  const injected = new Date(
    2015 + draw.integer(5),
    draw.integer(12),
    1 + draw.integer(28),
    8 + draw.integer(8),
  );
  const context = contextOf(row, settings, injected);
  const comments = `${description}${row.source === "procedural" ? "; the anatomy is simulated" : ""}`;
  const drawnOn: SourceImage[] = [];
  for (const [n, phase] of phases.entries()) {
    const volume = painted.phases[phase];
    const [mean, spread] = delays[phase];
    const delay = Math.round(mean + spread * (2 * draw.uniform() - 1));
    const slices = ctSeries(volume, {
      context,
      series: {
        uid: uid(`${settings} ${phase}`),
        number: n + 2,
        description: `${phase} ${volume.spacing[2].toFixed(1)} mm, painted`,
      },
      imageType: ["DERIVED", "SECONDARY", "AXIAL", "PAINTED"],
      acquired: new Date(injected.getTime() + 1000 * delay),
      acquisitionNumber: n + 1,
      contrast: { agent: "iodinated, simulated", started: injected },
      kvp: 120,
      kernel: "simulated",
      derivation: "Painted onto a mask",
      comments,
      name: `${row.case}, ${phase}`,
    });
    let k = 0;
    for (const slice of slices) {
      if (phase === maskPhase) drawnOn.push(slice);
      yield { path: `${phase}/${String(++k).padStart(4, "0")}.dcm`, object: slice };
    }
  }
  const mask = segmentation(painted.mask, {
    context,
    series: { uid: uid(`${settings} mask`), number: 100, description: "kidney, tumor and cyst" },
    algorithm: { type: "SEMIAUTOMATIC", name: "mask of the cohort, resampled" },
    source: drawnOn,
    created: injected,
    comments,
    name: `${row.case}, mask`,
  });
  yield { path: "mask/segmentation.dcm", object: mask };
}

function contextOf({ case: name, age, sex }: Case, settings: string, at: Date): StudyContext {
  return {
    patient: {
      id: paintedPatientId(name),
      name: `PAINTED^${name.replaceAll(/[\^=\\]/g, " ")}`,
      sex: sex && { female: "F", male: "M" }[sex],
      age: age === undefined ? undefined : `${String(Math.floor(age)).padStart(3, "0")}Y`,
    },
    study: {
      uid: uid(`${settings} study`),
      id: "PAINTED",
      ...dateAndTime(at),
      description: "Multiphase kidney CT, painted, not a real CT",
    },
    frameOfReference: uid(`${settings} frame of reference`),
  };
}
