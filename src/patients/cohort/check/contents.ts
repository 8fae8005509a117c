import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import {
  crop,
  type Geometry,
  indexToPoint,
  inPlaneDiameter,
  pointToIndex,
  reorient,
  sameGeometry,
  type Vec3,
  type Volume,
} from "../../../numerics/volume/index.ts";
import { lpsGeometry } from "../../../numerics/volume/resample/reorient.ts";
import { type Case, type ImageKind, type MaskKind, masksOf, type Phase, studyPhasesAmong } from "../case.ts";
import { caseMask } from "../caseMask.ts";
import { doubt, type Finding, fault } from "./finding.ts";
import { hounsfield, plausible } from "./hounsfield.ts";
import { type Enhancement, enhancement, phaseDoubts, phaseFault } from "./phaseOrder.ts";

/** One case to look into: what crosses to a thread. */
export interface ContentsJob {
  readonly case: Case;
  readonly folder: string;
  /** Files whose headers can be read: phases, and `mask`. */
  readonly readable: readonly Phase[];
  readonly kind: ImageKind;
}

export interface Contents {
  readonly findings: readonly Finding[];
  /** SHA-256 of size and voxels, however the file is packed. */
  readonly hashes: Readonly<Record<Phase, string>>;
}

/**
 * Reads all voxels of a case as crops do, and finds all that they would refuse: broken files, masks without kidney or
 * tumour, values that are no labels or no HU, phases that are the same or seem swapped. What needs a kidney is looked
 * for where the masks outline one.
 */
export async function inspectContents({ case: c, folder, readable, kind }: ContentsJob): Promise<Contents> {
  const findings: Finding[] = [];
  const hashes: Record<Phase, string> = {};
  const read = async (role: Phase): Promise<Volume | undefined> => {
    if (!readable.includes(role)) return undefined;
    const volume = await attempt(c, findings, () =>
      readNifti(resolve(folder, role === "mask" ? c.mask! : c.images[role]!)),
    );
    if (volume) hashes[role] = hashOf(volume);
    return volume;
  };
  const masks = masksOf(kind);
  const inspectMask = async (outlines: "kidney" | "tumor") => {
    const drawn = await read("mask");
    return drawn && (await attempt(c, findings, () => caseMask(drawn, c.mask!, outlines)));
  };
  const own = masks === "none" ? undefined : await inspectMask(masks);
  if (own) findings.push(...checkSize(c, inPlaneDiameter(own.tumor.data, own.tumor)?.mm));
  for (const remark of own?.remarks ?? []) findings.push(doubt("E_MASK", c.case, `${c.mask}: ${remark}`));
  const found: Partial<Record<Phase, Enhancement>> = {};
  const middles: Partial<Record<Phase, string>> = {};
  for (const phase of readable) {
    if (phase === "mask") continue;
    const image = await read(phase);
    // Images on another grid than the mask are told by their headers.
    if (!image || (masks !== "none" && !own)) continue;
    if (own && !sameGeometry(lpsGeometry(image), own.mask)) continue;
    const path = c.images[phase]!;
    await attempt(c, findings, () => {
      const read = hounsfield(reorient(image), own?.mask, path, airHu, kind.intensities);
      if (read.filled > 0)
        findings.push(
          doubt(
            "E_VALUE",
            c.case,
            `${path}: ${read.filled} voxels are not a number: taken as outside the image`,
          ),
        );
      if (own) middles[phase] = middleOf(read.image, own.kidney?.mask ?? own.tumor);
      const measured = !kind.intensities && own?.kidney && enhancement(own.kidney.mask, read.image);
      if (measured) found[phase] = plausible(measured, path);
    });
  }
  findings.push(...sameMiddles(c, middles, hashes, masks));
  const ofStudy = studyPhasesAmong(found);
  const swapped = phaseFault(ofStudy);
  if (swapped) findings.push(fault("E_PHASE", c.case, swapped));
  else findings.push(...phaseDoubts(ofStudy).map((message) => doubt("E_PHASE", c.case, message)));
  return { findings, hashes };
}

async function attempt<T>(c: Case, findings: Finding[], work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    const { code, message } = error;
    findings.push(fault(code, c.case, message));
    return undefined;
  }
}

const airHu = -1024;
/** Around the middle of the kidney or tumour, mm: no crop is smaller. */
const middleMm = 16;

/** The whole HU in the middle of the affected kidney, or of the tumour: alike where two crops are. */
function middleOf(image: Volume, around: Geometry): string {
  const center = indexToPoint(around, around.size.map((n) => (n - 1) / 2) as unknown as Vec3);
  const middle = pointToIndex(image, center).map(Math.round);
  const reach = image.spacing.map((mm) => Math.ceil(middleMm / mm));
  const part = crop(image, {
    start: middle.map((at, a) => at - reach[a]) as unknown as Vec3,
    end: middle.map((at, a) => at + reach[a] + 1) as unknown as Vec3,
  });
  return createHash("sha256").update(Int32Array.from(part.data, Math.round)).digest("hex");
}

/** Phases with the same HU where the kidney is, told already where all their voxels are the same. */
function sameMiddles(
  { case: name }: Case,
  middles: Readonly<Partial<Record<Phase, string>>>,
  hashes: Contents["hashes"],
  masks: MaskKind,
): Finding[] {
  const organ = masks === "kidney" ? "kidney" : "tumour";
  const there = Object.keys(middles);
  return there.flatMap((phase, p) =>
    there
      .slice(p + 1)
      .filter((other) => middles[other] === middles[phase] && hashes[other] !== hashes[phase])
      .map((other) =>
        fault("E_PHASE", name, `its ${phase} and ${other} images are the same around the ${organ}`),
      ),
  );
}

/** Centimetres for millimetres, or another tumour. */
function checkSize({ case: name, sizeMm }: Case, measured: number | undefined): Finding[] {
  if (sizeMm === undefined || measured === undefined || measured === 0) return [];
  const ratio = sizeMm / measured;
  if (ratio > 0.5 && ratio < 2) return [];
  return [
    doubt("E_VALUE", name, `size_mm ${sizeMm}, but the mask’s tumour measures ${measured.toFixed(0)} mm`),
  ];
}

const hashOf = ({ size, data }: Volume): string =>
  createHash("sha256")
    .update(size.join())
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");

/** Images and masks of the same voxels, within a case and across cases. */
export function checkDuplicates(
  all: readonly { readonly case: string; readonly contents: Contents }[],
): Finding[] {
  const files = all.flatMap(({ case: name, contents }) =>
    Object.entries(contents.hashes).map(([role, hash]) => ({ name, role, hash })),
  );
  return [...Map.groupBy(files, ({ hash }) => hash).values()]
    .filter((same) => same.length > 1)
    .map((same) => {
      const [first, ...others] = same;
      const list = others
        .map(({ name, role }) => (name === first.name ? role : `${role} of ${name}`))
        .join(", ");
      const code = same.every(({ name }) => name === first.name) ? "E_PHASE" : "E_COHORT";
      return fault(code, first.name, `its ${first.role} has the very voxels of the ${list}`);
    });
}
