import { resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { type NiftiHeader, readNiftiHeader } from "../../../imaging/formats/nifti/index.ts";
import {
  type Geometry,
  gridDifference,
  indexToPoint,
  sameGeometry,
  type Vec3,
} from "../../../numerics/volume/index.ts";
import { lpsGeometry } from "../../../numerics/volume/resample/reorient.ts";
import { type Case, type Cohort, type MaskKind, masksOf, type Phase, phasesOf } from "../case.ts";
import { doubt, type Finding, fault } from "./finding.ts";

/** The headers of a case's files; undefined where there is no file or it cannot be read. */
export interface CaseHeaders {
  readonly case: Case;
  readonly images: Readonly<Record<Phase, NiftiHeader>>;
  readonly mask?: NiftiHeader | undefined;
  /** Files that are missing or no NIfTI. */
  readonly faults: readonly Finding[];
}

/** Headers are small: many are read at once. */
const atOnce = 16;

/** Reads the headers of all files of a cohort, voxels untouched. */
export async function readHeaders({ folder, cases, phases }: Cohort): Promise<CaseHeaders[]> {
  const found: CaseHeaders[] = [];
  for (let start = 0; start < cases.length; start += atOnce)
    found.push(
      ...(await Promise.all(
        cases.slice(start, start + atOnce).map((c) => headersOf(c, folder, phasesOf({ phases }))),
      )),
    );
  return found;
}

async function headersOf(c: Case, folder: string, phases: readonly Phase[]): Promise<CaseHeaders> {
  const faults: Finding[] = [];
  const read = async (path: string | undefined) => {
    if (path === undefined) return undefined;
    try {
      return await readNiftiHeader(resolve(folder, path));
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      faults.push(fault(error.code, c.case, error.message));
      return undefined;
    }
  };
  const mask = await read(c.mask);
  const images: Record<Phase, NiftiHeader> = {};
  for (const phase of phases) {
    const header = await read(c.images[phase]);
    if (header) images[phase] = header;
  }
  return { case: c, images, mask, faults };
}

/** Missing and unreadable files, and images and masks that do not lie on each other. */
export function checkHeaders(
  all: readonly CaseHeaders[],
  { phases: own, masks }: Pick<Cohort, "phases" | "masks"> = {},
): Finding[] {
  const phases = phasesOf({ phases: own });
  const bare = all.every(({ case: c }) => phases.every((phase) => c.images[phase] === undefined));
  return [
    ...(bare ? [doubt("E_PHASE", null, "no case has an image of any phase: nothing to train on")] : []),
    ...all.flatMap((own) => [
      ...own.faults,
      ...checkPresence(own.case, phases, bare, masksOf({ masks })),
      ...checkGrids(own, all),
      ...remarksOf(own),
    ]),
  ];
}

function checkPresence(
  { case: name, images, mask }: Case,
  phases: readonly Phase[],
  bare: boolean,
  masks: MaskKind,
): Finding[] {
  const absent = phases.filter((phase) => images[phase] === undefined);
  const findings: Finding[] = [];
  if (masks === "none" && mask !== undefined)
    findings.push(doubt("E_MASK", name, "its mask is not read: tasks.json says that there are none"));
  if (masks !== "none" && mask === undefined)
    findings.push(fault("E_MASK", name, "no mask: nothing to crop around"));
  if (bare) return findings;
  if (absent.length === phases.length) findings.push(fault("E_PHASE", name, "no image of any phase"));
  else if (absent.length > 0) findings.push(doubt("E_PHASE", name, `no ${absent.join(", no ")} image`));
  return findings;
}

function checkGrids({ case: c, images, mask }: CaseHeaders, all: readonly CaseHeaders[]): Finding[] {
  if (!mask) return [];
  const others = Object.entries(images).filter(([, image]) => !sameGrid(image, mask));
  if (others.length === 0) return [];
  const stranger = all.find(
    (other) => other.case !== c && Object.values(other.images).some((image) => sameGrid(image, mask)),
  );
  if (others.length === Object.keys(images).length && stranger)
    return [
      fault(
        "E_GEOMETRY",
        c.case,
        `its mask fits none of its images, but those of ${stranger.case.case}: another patient’s mask?`,
      ),
    ];
  return others.map(([phase, image]) =>
    fault("E_GEOMETRY", c.case, `the ${phase} image and the mask ${unlike(image, mask)}`),
  );
}

/** What the headers leave in doubt. */
const remarksOf = ({ case: c, images, mask }: CaseHeaders): Finding[] =>
  [...Object.entries(images), ...(mask ? [["mask", mask] as const] : [])].flatMap(([role, { remarks }]) =>
    remarks.map((remark) => doubt("E_GEOMETRY", c.case, `the ${role}: ${remark}`)),
  );

function unlike(image: Geometry, mask: Geometry): string {
  if (overlap(image, mask) < 0.5) return `lie apart: image ${grid(image)}, mask ${grid(mask)}`;
  const [a, b] = [lpsGeometry(image), lpsGeometry(mask)];
  const difference = gridDifference(a, b);
  if (a.size.every((n, axis) => n === b.size[axis]))
    return `have as many voxels, but not in the same place: ${difference}`;
  return `have other grids: ${difference} (image ${grid(a)}, mask ${grid(b)})`;
}

/** Whether two images share one grid, whichever way their axes run. */
const sameGrid = (a: Geometry, b: Geometry): boolean => sameGeometry(lpsGeometry(a), lpsGeometry(b));

const grid = ({ size, spacing, origin }: Geometry): string =>
  `${size.join(" × ")} of ${spacing.map((s) => s.toFixed(2)).join(" × ")} mm from ${origin.map((x) => x.toFixed(1)).join(", ")}`;

/** The share of the smaller box, along L, P and S, that lies in the other. */
function overlap(a: Geometry, b: Geometry): number {
  const [p, q] = [extent(a), extent(b)];
  const volume = (e: Extent) => e.reduce((v, [low, high]) => v * Math.max(high - low, 0), 1);
  const common = p.map(
    ([low, high], axis) => [Math.max(low, q[axis][0]), Math.min(high, q[axis][1])] as const,
  );
  return volume(common) / Math.min(volume(p), volume(q));
}

type Extent = readonly (readonly [low: number, high: number])[];

function extent(geometry: Geometry): Extent {
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const at = (axis: number) => (corner & (1 << axis) ? geometry.size[axis] - 0.5 : -0.5);
    const index: Vec3 = [at(0), at(1), at(2)];
    return indexToPoint(geometry, index);
  });
  return [0, 1, 2].map((axis) => {
    const along = corners.map((corner) => corner[axis]);
    return [Math.min(...along), Math.max(...along)] as const;
  });
}
