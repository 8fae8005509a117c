import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import { affectedKidney } from "../../../imaging/nephrometry/index.ts";
import { inPlaneDiameter, type Volume } from "../../../numerics/volume/index.ts";
import { type Case, type Phase, studyPhasesAmong } from "../case.ts";
import { labelsOf } from "../labels.ts";
import { doubt, type Finding, fault } from "./finding.ts";
import { type Enhancement, enhancement, phaseDoubts, phaseFault } from "./phaseOrder.ts";

/** One case to look into: what crosses to a thread. */
export interface ContentsJob {
  readonly case: Case;
  readonly folder: string;
  /** Files whose headers can be read: phases, and `mask`. */
  readonly readable: readonly Phase[];
}

export interface Contents {
  readonly findings: readonly Finding[];
  /** SHA-256 of size and voxels, however the file is packed. */
  readonly hashes: Readonly<Record<Phase, string>>;
}

/** Reads all voxels of a case: broken files, masks without kidney or tumour, phases that seem swapped. */
export async function inspectContents({ case: c, folder, readable }: ContentsJob): Promise<Contents> {
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
  const mask = await read("mask");
  const kidney = mask && (await attempt(c, findings, () => affectedKidney(labelsOf(mask, c.mask!))));
  if (kidney) findings.push(...checkSize(c, inPlaneDiameter(kidney.tumor, kidney.mask)?.mm));
  const found: Partial<Record<Phase, Enhancement>> = {};
  for (const phase of readable) {
    if (phase === "mask") continue;
    const image = await read(phase);
    const measured = image && kidney && enhancement(kidney.mask, image);
    if (measured) found[phase] = measured;
  }
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
    findings.push(fault(code, c.case, code === "E_MASK" ? `${c.mask}: ${message}` : message));
    return undefined;
  }
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
