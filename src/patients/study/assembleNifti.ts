import { resolve } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { readNifti } from "../../imaging/formats/nifti/index.ts";
import { registerRigid } from "../../imaging/registration/index.ts";
import { type Geometry, reorient, resample, sameGeometry, type Volume } from "../../numerics/volume/index.ts";
import { maskOf } from "../../numerics/volume/maskOf.ts";
import { clearestPhase, inOrder, type Phase } from "../cohort/case.ts";
import { alignmentOf, kidneyRegion, onGrid, outside, registered } from "./align.ts";
import type { AssembleOptions } from "./assemble.ts";
import type { AlignedPhase, AssembledStudy } from "./assembled.ts";
import { ownMask } from "./mask/ownMask.ts";
import { readMask } from "./mask/readMask.ts";
import { notHounsfield } from "./notHounsfield.ts";
import { otherRemark } from "./remark.ts";

/** 1 where an image is not a number; undefined where it is throughout. */
function notNumbers(volume: Volume): Volume<Uint8Array> | undefined {
  const data = maskOf(volume.data, (hu) => !Number.isFinite(hu));
  return data.includes(1) ? { ...volume, data } : undefined;
}

/** A warning that voxels which are not a number count as outside. @throws E_VALUE where kidney or tumour have such */
function lostIn(
  holes: Volume<Uint8Array>,
  grid: Geometry,
  mask: Volume<Uint8Array> | undefined,
  path: string,
): string {
  const { data } = sameGeometry(holes, grid, 1e-3) ? holes : resample(holes, grid, { antialias: true });
  const inside = mask ? mask.data.reduce((sum, label, n) => sum + (label > 0 && data[n] > 0 ? 1 : 0), 0) : 0;
  if (inside > 0)
    throw new TrinephronError(
      "E_VALUE",
      `${path}: ${inside} voxels of the kidney or tumour are not a number`,
      "export or register the image again",
    );
  const voxels = holes.data.reduce((sum, v) => sum + v, 0);
  return `${path}: ${voxels} voxels are not a number: taken as outside the image`;
}

/** How a study of NIfTI images is read. */
export interface AssembleNiftiOptions extends Omit<AssembleOptions, "phases"> {
  /** Folder that the paths of images and mask are relative to, as a cohort's; default the working directory. */
  readonly folder?: string | undefined;
}

/**
 * One patient's study of NIfTI images: put on the grid of one phase, with the mask. Images on one grid are taken for
 * aligned.
 * @param images paths by phase: which is which is the user's word
 * @throws E_PHASE where there is none; as `readNifti`; E_MASK, E_GEOMETRY, E_LABEL where the mask does not serve
 */
export async function assembleNifti(
  images: Readonly<Partial<Record<Phase, string>>>,
  options: AssembleNiftiOptions = {},
): Promise<AssembledStudy> {
  const { folder, name = "study", mask: maskPath, labels, align = true, threads, signal } = options;
  const within = (path: string) => (folder === undefined ? path : resolve(folder, path));
  const found = inOrder(Object.keys(images).filter((phase) => images[phase] !== undefined));
  if (found.length === 0) throw new TrinephronError("E_PHASE", `${name}: no image of any phase`);
  const volumes = new Map<Phase, Volume>();
  const said: string[] = [];
  for (const phase of found) {
    const onRemark = (remark: string) => said.push(`${images[phase]}: ${remark}`);
    volumes.set(phase, reorient(await readNifti(within(images[phase]!), { onRemark })));
  }
  const lost = new Map<Phase, Volume<Uint8Array>>();
  for (const [phase, volume] of volumes) {
    const holes = notNumbers(volume);
    if (!holes) continue;
    lost.set(phase, holes);
    volumes.set(phase, { ...volume, data: volume.data.map((hu) => (Number.isFinite(hu) ? hu : outside)) });
  }
  const reference = clearestPhase(found);
  const fixed = onGrid(volumes.get(reference)!, volumes.get(reference)!);
  const mask =
    maskPath !== undefined
      ? await readMask(within(maskPath), fixed, labels === undefined ? {} : { labels })
      : await ownMask(fixed, reference, options);
  const others = found.filter((phase) => phase !== reference);
  const onOneGrid = others.every((phase) => sameGeometry(volumes.get(phase)!, fixed));
  const registrations =
    align && !onOneGrid
      ? await registerRigid(
          fixed,
          others.map((phase) => () => volumes.get(phase)!),
          { around: mask && kidneyRegion(mask.volume), threads, signal },
        )
      : [];
  const aligned = found.map((phase): [Phase, AlignedPhase] => {
    const own = volumes.get(phase)!;
    const registration = registrations[others.indexOf(phase)];
    const holes = lost.get(phase);
    if (holes) said.push(lostIn(registered(holes, registration), fixed, mask?.volume, images[phase]!));
    const volume = onGrid(registered(own, registration), fixed);
    const doubt = notHounsfield(volume, mask?.volume);
    if (doubt) said.push(`${images[phase]}: ${doubt}`);
    return [
      phase,
      {
        phase,
        volume,
        ...(registration && { alignment: alignmentOf(registration) }),
        path: within(images[phase]!),
        slices: [],
        spacing: own.spacing,
        sliceCount: own.size[2],
        evidence: [],
      },
    ];
  });
  return {
    reference,
    phases: Object.fromEntries(aligned),
    mask,
    leftOut: [],
    warnings: [...said.map(otherRemark), ...(mask?.remarks ?? [])],
  };
}
