import { resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import { reorient, sameGeometry, type Volume } from "../../../numerics/volume/index.ts";
import { type Case, type Cohort, clearestPhase, masksOf, type Phase } from "../../../patients/cohort/case.ts";
import { caseMask } from "../../../patients/cohort/caseMask.ts";
import { doubt, type Finding } from "../../../patients/cohort/check/finding.ts";
import { onGrid } from "../../../patients/study/align.ts";
import { kidneyLabels } from "../kidneyLabels.ts";
import type { SegmentationModel } from "../run/segmenter.ts";
import { openSegmentationModel } from "../segmentationModel.ts";
import { type MaskAgreement, maskAgreement } from "./maskAgreement.ts";

/** A case's mask against what a program outlines on one of its images. */
export interface CaseAgreement extends MaskAgreement {
  readonly case: string;
  readonly phase: Phase;
}

/** Lower Dice asks for a look. */
const least = { kidney: 0.7, tumor: 0.3 } as const;

/**
 * Outlines every case of a cohort by a segmentation model and compares its mask: one that lies on another image, is
 * mirrored, or outlines another tumour is found so. Cases whose mask a program made, or that cannot be read, are left
 * out: the other checks tell of those.
 * @param folder as `segment` takes it
 * @throws E_USAGE for a cohort whose masks outline no kidneys; E_MODEL for a model of several images, or of no kidneys;
 * as `openSegmentationModel`; E_INTERRUPTED
 */
export async function checkMasks(
  { folder: root, cases, masks }: Cohort,
  folder: string,
  { threads, signal, progress }: Work = {},
): Promise<{ readonly agreements: readonly CaseAgreement[]; readonly findings: readonly Finding[] }> {
  if (masksOf({ masks }) !== "kidney")
    throw new TrinephronError("E_USAGE", "--segmentation: the cohort's masks outline no kidneys");
  const model = await openSegmentationModel(folder, { threads });
  try {
    if (model.channels.length !== 1)
      throw new TrinephronError("E_MODEL", `${folder}: reads ${model.channels.length} images, not one`);
    const agreements: CaseAgreement[] = [];
    for (const [n, c] of cases.entries()) {
      const found = await agreementIn(c, root, folder, model, signal);
      if (found) agreements.push(found);
      progress?.("comparing masks", n + 1, cases.length, c.case);
    }
    return { agreements, findings: agreements.flatMap(findingsOf) };
  } finally {
    await model.close();
  }
}

async function agreementIn(
  c: Case,
  root: string,
  folder: string,
  model: SegmentationModel,
  signal: AbortSignal | undefined,
): Promise<CaseAgreement | undefined> {
  const phases = Object.keys(c.images).filter((each) => c.images[each] !== undefined);
  const phase = clearestPhase(phases);
  if (phases.length === 0 || c.mask === undefined || c.maskOrigin === "program") return undefined;
  const read = await readBoth(resolve(root, c.images[phase]!), resolve(root, c.mask));
  if (!read || !sameGeometry(read.image, read.mask)) return undefined;
  const own = await model.segment([onGrid(read.image, read.image)], { signal });
  const { mask: outline } = kidneyLabels(own, model.labels);
  if (!outline) throw new TrinephronError("E_MODEL", `${folder}: no kidney, tumour or cyst among its labels`);
  return { case: c.case, phase, ...maskAgreement(read.mask, outline) };
}

/** Undefined where one of them cannot be read. */
async function readBoth(
  image: string,
  mask: string,
): Promise<{ readonly image: Volume; readonly mask: Volume<Uint8Array> } | undefined> {
  try {
    const { mask: clean } = caseMask(await readNifti(mask), mask);
    return { image: reorient(await readNifti(image)), mask: clean };
  } catch (error) {
    if (error instanceof TrinephronError) return undefined;
    throw error;
  }
}

function findingsOf({ case: name, phase, kidney, tumor, mirrored }: CaseAgreement): Finding[] {
  const two = (value: number) => value.toFixed(2);
  const look = (what: string) => doubt("E_MASK", name, `${what}, as a program outlines the ${phase} image`);
  if (mirrored)
    return [
      look(
        `the mask seems mirrored ${mirrored.axis}: its kidney would have a Dice of ${two(mirrored.kidney)}, and has ${two(kidney)}`,
      ),
    ];
  if (kidney < least.kidney) return [look(`the mask's kidney has a Dice of ${two(kidney)}`)];
  if (tumor !== null && tumor < least.tumor) return [look(`the mask's tumour has a Dice of ${two(tumor)}`)];
  return [];
}
